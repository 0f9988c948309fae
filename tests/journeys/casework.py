"""What operations and collectors do with cases at the desk, motion by motion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Locator, expect

from tests.journeys.floor import Budget, agree, choose, fen
from tests.journeys.product import Visitor

FIGURES: Final = ("cases", "placed", "owing", "paid")
DAY_FIGURES: Final = ("calls", "promised", "recovered")
CALL_BACK: Final = "回拨时间"
LONG: Final = 60_000
"""A job of the worker may take its time on a busy machine."""


@dataclass(frozen=True, slots=True)
class Share:
    """A line of an allocation's preview."""

    name: str
    count: int
    owing_fen: int
    after: int


def _share(cells: list[str]) -> Share:
    name, _, _, count, owing, after = (cell.strip() for cell in cells)
    return Share(name, int(count), fen(owing), int(after))


@dataclass(slots=True)
class Operations:
    """Somebody of operations at the desk."""

    at: Visitor
    placement_id: str = ""

    async def place(self, creditor: str, product: str, code: str) -> None:
        """Write down a batch that the creditor has announced; the wizard for its file opens."""
        at, page = self.at, self.at.page
        await at.go("casework/placements")
        await at.there("placement-create").click()
        await choose(page, at.there("placement-creditor"), creditor)
        await choose(page, at.there("placement-product"), product)
        await at.there("placement-code").fill(code)
        await at.there("placement-submit").click()
        await at.there("import-drop").wait_for()
        self.placement_id = self._asked("into")

    async def send(self, path: Path, sheet: str | None = None) -> None:
        """Give the wizard a file and wait for what the check finds."""
        at = self.at
        await at.there("import-file").set_input_files(path)
        if sheet is not None:
            await choose(at.page, at.there("import-sheet"), sheet)
        await at.there("import-submit").click()
        await at.there("import-checked").wait_for(timeout=LONG)

    async def figure(self, key: str) -> str:
        """Read a figure of the check."""
        return await self.at.there(f"figure-{key}").locator("dd").inner_text()

    async def findings(self) -> list[dict[str, Any]]:
        """Read what is said of each refused row, as the table on the screen does."""
        import_id, after = self._asked("import"), ""
        found: list[dict[str, Any]] = []
        while True:
            path = f"/casework/imports/{import_id}/findings?limit=200&is_rejected=true{after}"
            page = await self.at.call("GET", path)
            found += page["items"]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    async def fetch_findings(self, folder: Path) -> Path:
        """Download the rows that were refused."""
        async with self.at.page.expect_download() as begun:
            await self.at.there("import-download").click()
        download = await begun.value
        path = folder / download.suggested_filename
        await download.save_as(path)
        return path

    async def commit(self) -> None:
        """Let the file become cases."""
        await self.at.there("import-commit").click()
        await agree(self.at.page)
        await self.at.there("import-done").wait_for(timeout=LONG)

    async def open_cases(self) -> None:
        """Have the new cases opened, and wait for the report."""
        at = self.at
        await at.there("import-to-opening").click()
        await at.there("opening-start").click()
        await at.there("opened-table").wait_for(timeout=LONG)

    async def allocate(self, code: str, employee_nos: list[str]) -> None:
        """Plan an equal share for each collector; the preview opens."""
        at = self.at
        await at.go("casework/allocation")
        await at.there("allocation-create").click()
        await choose(at.page, at.there("allocation-placement"), code)
        for employee_no in employee_nos:
            await at.there(f"collector-{employee_no}").locator(".el-checkbox").click()
        await at.there("allocation-plan").click()
        await at.there("shares-table").wait_for()

    async def shares(self) -> list[Share]:
        """Read the plan: what each collector would get, and have after it."""
        rows = self.at.there("shares-table").locator("tbody tr")
        # What they have now is counted beside the plan.
        await expect(rows.first.locator("td")).to_have_count(5)
        return [_share(await row.locator("th, td").all_inner_texts()) for row in await rows.all()]

    async def carry_out(self) -> None:
        """Let the plan become true."""
        at = self.at
        await at.there("allocation-carry-out").click()
        await agree(at.page)
        await at.there("allocation-undo").wait_for(timeout=LONG)

    async def recall(self, code: str, path: Path) -> None:
        """Bring in the list by which the creditor takes cases back."""
        at = self.at
        await at.go("casework/placements")
        await at.there("placements-table").locator("tbody tr", has_text=code).click()
        await at.there("placement-import").click()
        await self.send(path, "撤回名单")
        await self.commit()

    async def placement_figures(self) -> tuple[int, int, int, int]:
        """Read the panel of the placement: cases, placed, owing, paid; its lines by state add up to them."""
        at = self.at
        await at.page.goto(f"{at.product.address}/casework/placements?open={self.placement_id}")
        panel = at.there("placement-panel")
        await panel.get_by_test_id("figure-cases").wait_for()
        read = [await panel.get_by_test_id(f"figure-{key}").locator("dd").inner_text() for key in FIGURES]
        cases, placed, owing, paid = int(read[0].replace(",", "")), *map(fen, read[1:])
        lines = await panel.locator("[data-test^=by-state-]").all()
        by_state = [await line.locator("td.number").all_inner_texts() for line in lines]
        assert sum(int(count.replace(",", "")) for count, _ in by_state) == cases
        assert sum(fen(amount) for _, amount in by_state) == owing
        return cases, placed, owing, paid

    async def commission(self, creditor: str, day: str) -> tuple[int, int]:
        """Have the commission of one day reckoned; return its base and what it comes to."""
        at, page = self.at, self.at.page
        await at.go("casework/commission")
        await at.there("commission-create").click()
        await choose(page, at.there("commission-creditor"), creditor)
        days = at.there("new-commission").locator(".el-date-editor input")
        for place in range(2):
            await days.nth(place).fill(day)
            await days.nth(place).press("Enter")
        await at.there("commission-submit").click()
        groups = at.there("commission-groups").locator("tfoot .money")
        await groups.first.wait_for()
        base, commission = [fen(text) for text in await groups.all_inner_texts()]
        return base, commission

    def _asked(self, name: str) -> str:
        return parse_qs(urlsplit(self.at.page.url).query)[name][0]


@dataclass(slots=True)
class Collector:
    """A collector in her workspace; what she does is counted."""

    at: Visitor
    budget: Budget

    @property
    def case_id(self) -> str:
        """The case in front."""
        return parse_qs(urlsplit(self.at.page.url).query).get("case", [""])[0]

    async def sit_down(self) -> None:
        """Open the workspace and choose the new cases."""
        await self.at.page.goto(f"{self.at.product.address}/workbench")
        await self.at.there("list-new_cases").click()
        await self.at.page.locator("[data-test^=queue-call-]").first.wait_for()

    async def ring_first(self) -> None:
        """Call the first of the list, by one click; the whole story stands there while it rings."""
        budget, at = self.budget, self.at
        budget.begin()
        await budget.click(at.page.locator("[data-test^=queue-call-]").first)
        await at.there("call-bar").wait_for()
        budget.end("from the list to ringing")
        for part in ("case-header", "phones", "standing", "accounts", "timeline", "disposition"):
            await at.there(part).wait_for()
        budget.end("from ringing to the full story")

    async def next_case(self, before: str) -> None:
        """Go on by one key."""
        self.budget.begin()
        await self.budget.press(self.at.page, "Alt+N")
        await self.comes_after(before)
        self.budget.end("to the next case")

    async def comes_after(self, before: str) -> None:
        """Wait until another case is in front."""
        await expect(self.at.page).not_to_have_url(f"{self.at.product.address}/workbench?case={before}")
        await self.at.there(f"case-{self.case_id}").wait_for()

    async def ring(self) -> None:
        """Call the case in front, by one key."""
        self.budget.begin()
        await self.budget.press(self.at.page, "Alt+C")
        await self.at.there("hang-up").wait_for()
        self.budget.end("from the open case to ringing")

    async def dispose(self, result: str, *more: tuple[str, Any], level: str = "right_party") -> None:
        """Hang up, say how it ended, and save."""
        budget, at, page = self.budget, self.at, self.at.page
        case_id = self.case_id
        await page.keyboard.press("Alt+H")
        await expect(at.there("hang-up")).to_have_count(0)
        budget.begin()
        if level != "right_party":
            await budget.click(at.there(f"level-{level}"))
        await budget.click(at.there(f"result-{result}"))
        for mark, text in more:
            if text is None:
                await budget.click(at.there(mark))
            elif mark == CALL_BACK:
                # A picker keeps no mark of ours; it is found by what a screen reader says, and Tab takes its day.
                await budget.write(page.get_by_label(mark), text)
                await budget.press(page, "Tab")
            else:
                await budget.write(at.there(mark), text)
        await budget.press(page, "Control+Enter")
        await expect(at.there("call-bar")).to_have_count(0)
        await expect(at.there("draft-kept")).to_have_count(0)
        budget.end(f"from hang-up to the saved entry: {result}")
        assert self.case_id == case_id

    async def show(self, case_id: str) -> None:
        """Open a case by its address."""
        await self.at.page.goto(f"{self.at.product.address}/workbench?case={case_id}")
        await self.at.there(f"case-{case_id}").wait_for()

    async def owing(self) -> int:
        """Read what the case in front owes."""
        return fen(await self.at.there("case-owing").inner_text())

    async def day(self) -> tuple[int, int, int, int]:
        """Read today: calls, what was promised, what came in, and the cases in hand."""
        at = self.at
        await at.page.goto(f"{at.product.address}/workbench")
        await at.there("figure-calls").wait_for()
        read = [
            await at.there(f"figure-{key}").locator("dd").inner_text() for key in ("calls", "promised", "recovered")
        ]
        in_hand = await at.there("list-all").locator(".count").inner_text()
        return int(read[0]), fen(read[1]), fen(read[2]), int(in_hand)

    async def ask_waiver(self, kind: str, reason: str) -> tuple[int, int]:
        """Ask for relief; return what would be paid and what waived, as the calculator says."""
        at = self.at
        await at.there("concession-open").click()
        await choose(at.page, at.there("concession-kind"), kind)
        await at.there("concession-reason").fill(reason)
        payable, waived = await proposal(at.there("concession-dialog"))
        await at.there("concession-submit").click()
        await expect(at.there("concession-dialog")).to_be_hidden()
        return payable, waived


async def proposal(where: Locator) -> tuple[int, int]:
    """Read a proposal: what is paid and what is waived."""
    await where.get_by_test_id("proposal-payable").wait_for()
    payable = await where.get_by_test_id("proposal-payable").inner_text()
    waived = await where.get_by_test_id("proposal-waived").inner_text()
    return fen(payable), fen(waived)


async def case_list(at: Visitor, query: str = "") -> tuple[int, int]:
    """Read what the case list says above itself: how many, and what they owe."""
    await at.page.goto(f"{at.product.address}/casework/cases?{query}")
    await at.there("figure-count").wait_for()
    count = await at.there("figure-count").inner_text()
    return int(count.replace(",", "")), fen(await at.there("figure-owing").inner_text())


async def posted(at: Visitor) -> tuple[int, int]:
    """Read what the list of payments says came in."""
    await at.page.goto(f"{at.product.address}/casework/payments")
    figure = at.there("payments-posted")
    await expect(figure).not_to_contain_text("· 0")
    text = await figure.inner_text()
    return int(text.split("·")[1].split()[0]), fen(text)
