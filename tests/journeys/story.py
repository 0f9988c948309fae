"""The story of one placement and one collector's day, told in the order in which it happens."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Locator, expect

from tests.builders.messy_sheet import MessySheet, Truth, a_recall_list
from tests.journeys.casework import CALL_BACK, Collector, Operations, case_list, posted, proposal
from tests.journeys.floor import CHINA, Budget, Enter, fen, sums
from tests.journeys.product import Product, Visitor

CREDITOR: Final = "青禾小额贷款"
PRODUCT: Final = "个体经营贷"
CODE: Final = "QH-BIZ-MESSY"
TEAM: Final = "成都一组"
PASSWORD: Final = "Kapok-Tree-2026"
COLLECTOR: Final = {"employee_no": "C0101", "name": "叶小舟", "phone": "19900007001"}
COLLEAGUES: Final = ["C0004", "C0005"]

Entry = tuple[tuple[str, str | None], ...]
"""What else is filled in or, without a text, clicked."""

NOTE: Final = ("note", "本人接听，愿意与家人商量后答复。")
DAY: Final[tuple[tuple[str, str, Entry], ...]] = (
    ("PTP", "right_party", (("day-3", None),)),
    ("NA", "no_contact", ()),
    ("PTP", "right_party", (("day-0", None),)),
    ("PPTP", "right_party", (("amount", "500.00"), ("day-1", None))),
    ("BSY", "no_contact", ()),
    ("OFF", "no_contact", ()),
    ("NEG", "right_party", (NOTE,)),
    ("FD", "right_party", (("note", "近期失业，希望延期处理。"),)),
    ("CP", "right_party", (("amount", "1234.56"), ("day-0", None))),
    ("VM", "no_contact", ()),
    ("REQ_RED", "right_party", (("note", "申请减免罚息。"),)),
    ("UNR", "no_contact", ()),
    ("PPTP", "right_party", (("amount", "1,200.05"), ("day-7", None))),
    ("RTP", "right_party", (("note", "表示暂不还款，已说明逾期事实。"),)),
    ("CB", "right_party", ((CALL_BACK, "15:00"),)),
    ("REJ", "no_contact", ()),
    ("PTP", "right_party", (("day-7", None),)),
    ("NA", "no_contact", ()),
    ("DIS", "right_party", (("dispute-reason", "金额有误，称已还过一期"), NOTE)),
    ("NA", "no_contact", ()),
)


@dataclass(slots=True)
class Story:
    """What everybody does, and what the figures have to be after it."""

    enter: Enter
    product: Product
    sheet: MessySheet
    folder: Path
    budget: Budget
    operations: Operations = field(init=False)
    collector: Collector = field(init=False)
    supervisor: Visitor = field(init=False)
    account: dict[str, str] = field(init=False)
    truth: dict[str, Truth] = field(init=False)
    held: dict[str, Truth] = field(default_factory=dict[str, Truth])
    """The collector's cases by their id."""
    worked: list[str] = field(default_factory=list[str])
    promised: list[int] = field(default_factory=list[int])
    rung: int = 0
    conceded: str = ""
    waived: int = 0
    disputed: str = ""
    paid: str = ""
    paid_fen: int = 0
    recalled: str = ""

    async def hire(self) -> None:
        """Give a collector an account, the proof of her training, and her rights; the other two come in meanwhile."""
        self.truth = {one.case_no: one for one in self.sheet.truths}
        self.account, operations, self.supervisor = await asyncio.gather(
            self._a_collector(), self._inside("operations"), self._inside("supervisor", 1)
        )
        self.operations = Operations(operations)
        self.collector = Collector(await self.enter(), self.budget)

    async def _inside(self, role: str, number: int = 0) -> Visitor:
        visitor = await self.enter()
        await visitor.inside(self.product.account(role, number))
        return visitor

    async def _a_collector(self) -> dict[str, str]:
        keeper, guard = await asyncio.gather(
            self._inside("system_administrator"), self._inside("security_administrator")
        )
        units = await keeper.call("GET", "/identity/org-units")
        team = next(unit for unit in units["items"] if unit["name"] == TEAM)
        until = self.sheet.today.replace(year=self.sheet.today.year + 1, month=12, day=31)
        wanted = COLLECTOR | {"unit_id": team["id"], "grants": [], "training_valid_until": until.isoformat()}
        added = await keeper.call("POST", "/identity/people", wanted)
        person = added["person"]
        grant = {"role": "collector", "scope": "own"}
        body = {"version": person["version"], "grants": [grant]}
        await guard.call("PUT", f"/identity/people/{person['id']}/grants", body)
        return {**COLLECTOR, "id": person["id"], "tenant_code": "demo", "password": added["initial_password"]}

    async def take_the_file(self) -> None:
        """Import the sheet as it came; what the check says is the truth of the sheet."""
        office, sheet = self.operations, self.sheet
        await office.place(CREDITOR, PRODUCT, CODE)
        await office.send(sheet.write(self.folder / "委案清单.xlsx"))
        assert await office.figure("accepted") == f"{len(sheet.accepted):,}"
        assert await office.figure("rejected") == str(sum(sheet.reasons.values()))
        assert await office.figure("duplicates") == str(sheet.doubled)
        assert await office.figure("linked") == str(sheet.linked_pairs)
        assert fen(await office.figure("total")) == sum(one.placed_fen for one in sheet.accepted)
        found: list[dict[str, Any]] = await office.findings()
        assert Counter(reason["code"] for row in found for reason in row["reasons"]) == sheet.reasons

    async def mend_the_findings(self) -> None:
        """Take what is good, download what is not, put it right, and send it again."""
        office, sheet = self.operations, self.sheet
        refused = await office.fetch_findings(self.folder)
        await office.commit()
        mended = self.folder / "委案清单-已更正.xlsx"
        assert sheet.mend(refused, mended) == sheet.mistaken
        await office.at.there("import-again").click()
        await office.send(mended)
        assert await office.figure("accepted") == str(sheet.mistaken)
        assert await office.figure("rejected") == "0"
        assert fen(await office.figure("total")) == sum(one.placed_fen for one in sheet.mended)
        await office.commit()

    async def open_and_allocate(self) -> None:
        """Open the cases, look at the plan, and share them out among three."""
        office = self.operations
        await office.open_cases()
        await office.allocate(CODE, [*COLLEAGUES, self.account["employee_no"]])
        shares = await office.shares()
        assert sum(share.owing_fen for share in shares) == self.placed_fen
        # Cases of one debtor stay with one person, so the ends may lie two apart.
        assert max(share.after for share in shares) - min(share.after for share in shares) <= 2
        await office.carry_out()
        cases = await self._cases(holder_id=self.account["id"])
        self.held = {case["id"]: self.truth[case["serial_no"]] for case in cases}
        mine = next(share for share in shares if share.name == self.account["name"])
        assert (mine.count, mine.owing_fen) == (len(cases), sum(one.placed_fen for one in self.held.values()))

    @property
    def placed_fen(self) -> int:
        """What the creditor has placed, by the truth of the sheet."""
        return sum(one.placed_fen for one in self.sheet.truths)

    async def work_twenty_cases(self) -> None:
        """Let the collector do a day's work: ring, speak, write it down, take the next."""
        at, me = self.collector.at, self.collector
        await self._first_login(at)
        await me.sit_down()
        await me.ring_first()
        for place, (result, level, more) in enumerate(DAY):
            if place > 0:
                await me.ring()
            self.rung += 1
            self.worked.append(me.case_id)
            await getattr(self, f"_{result.lower()}", self._plain)(result, level, more)
            await me.next_case(self.worked[-1])
        assert len(set(self.worked)) == len(DAY) == 20

    async def _first_login(self, at: Visitor) -> None:
        await at.log_in(self.account)
        await at.there("password-current").fill(self.account["password"])
        await at.there("password-new").fill(PASSWORD)
        await at.there("password-repeat").fill(PASSWORD)
        await at.there("password-submit").click()
        await at.there("user-menu").wait_for()

    async def _plain(self, result: str, level: str, more: Entry) -> None:
        await self.collector.dispose(result, *more, level=level)

    async def _ptp(self, result: str, level: str, more: Entry) -> None:
        owing = await self.collector.owing()
        assert owing == self.held[self.collector.case_id].placed_fen
        await self.collector.dispose(result, *more, level=level)
        await self._is_promised(owing)

    async def _pptp(self, result: str, level: str, more: Entry) -> None:
        await self.collector.dispose(result, *more, level=level)
        await self._is_promised(fen(f"{more[0][1]}"))

    async def _is_promised(self, amount_fen: int) -> None:
        promise = self.collector.at.there("standing-promise")
        assert fen(await promise.locator(".money").first.inner_text()) == amount_fen
        await expect(self.collector.at.there("case-state")).to_contain_text("承诺还款")
        self.promised.append(amount_fen)

    async def _cb(self, result: str, level: str, more: Entry) -> None:
        mark, hour = more[0]
        await self.collector.dispose(result, (mark, f"{self.sheet.today} {hour}"), level=level)
        case = await self.collector.at.call("GET", f"/casework/cases/{self.collector.case_id}")
        planned = datetime.fromisoformat(case["next_action_at"]).astimezone(CHINA)
        assert f"{planned:%Y-%m-%d %H:%M}" == f"{self.sheet.today} {hour}"

    async def _fd(self, result: str, level: str, more: Entry) -> None:
        await self.collector.dispose(result, *more, level=level)
        # Hardship leaves the case in human hands; machines let go of it.
        await expect(self._hold()).to_contain_text("仅限人工")

    async def _dis(self, result: str, level: str, more: Entry) -> None:
        self.disputed = self.collector.case_id
        await self.collector.dispose(result, *more, level=level)
        await expect(self._hold()).to_contain_text("异议")
        await expect(self.collector.at.there("case-state")).to_contain_text("异议核查")
        # While it is looked into nobody calls: no number has an open line.
        await expect(self.collector.at.there("phones").locator(".ring:not(.shut)")).to_have_count(0)

    def _hold(self) -> Locator:
        return self.collector.at.page.locator("[data-test^=standing-hold-]")

    async def _cp(self, result: str, level: str, more: Entry) -> None:
        self.paid, self.paid_fen = self.collector.case_id, fen(f"{more[0][1]}")
        await self.collector.dispose(result, *more, level=level)

    async def _req_red(self, result: str, level: str, more: Entry) -> None:
        me = self.collector
        self.conceded, one = me.case_id, self.held[me.case_id]
        await me.dispose(result, *more, level=level)
        payable, waived = await me.ask_waiver("违约金", "本人失业，已核实材料")
        assert (payable, waived) == (one.placed_fen - one.penalty_fen, one.penalty_fen)
        self.waived = waived

    async def _cases(self, **asked: str) -> list[dict[str, Any]]:
        """Read all cases of the placement that operations finds."""
        found: list[dict[str, Any]] = []
        following = ""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        while True:
            path = f"/casework/cases?placement_id={self.operations.placement_id}&limit=200&{query}{following}"
            page = await self.operations.at.call("GET", path)
            found += page["items"]
            if page["next"] is None:
                return found
            following = f"&after={page['next']}"

    async def approve_the_concession(self) -> None:
        """Let the supervisor sign at her own desk; the collector sees it at once, and the debtor agrees."""
        at, me = self.supervisor, self.collector
        await me.show(self.conceded)
        await at.go("casework/concessions")
        waiting = at.there("concessions-table").locator("tbody tr", has_text=self.held[self.conceded].case_no)
        await waiting.click()
        one = self.held[self.conceded]
        assert await proposal(at.there("concession-panel")) == (one.placed_fen - self.waived, self.waived)
        await at.there("decision-note").fill("材料属实，同意")
        await at.there("concession-approve").click()
        await expect(at.there("concession-approve")).to_have_count(0)
        # Her page stood open all the while.
        accept = me.at.page.locator("[data-test^=concession-accept-]")
        await accept.click()
        await expect(accept).to_have_count(0)
        standing = me.at.page.locator("[data-test^=standing-concession-]")
        sums_shown = [fen(text) for text in await standing.locator(".money").all_inner_texts()]
        assert sums_shown == [one.placed_fen - self.waived, self.waived]

    async def post_the_payment(self) -> None:
        """Let operations find the money that the collector was told of, and post it."""
        at = self.operations.at
        await self.collector.show(self.paid)
        await at.go("casework/payments")
        row = at.there("payments-table").locator("tbody tr", has_text=self.held[self.paid].case_no)
        await row.click()
        assert fen(await at.there("payment-amount").input_value()) == self.paid_fen
        await at.there("payment-post").click()
        await at.there("payment-reverse").wait_for()
        posted = at.there("payment-panel").locator("ul .money")
        assert sum([fen(text) for text in await posted.all_inner_texts()]) == self.paid_fen
        await at.page.keyboard.press("Escape")
        await expect(at.there("payment-panel")).to_be_hidden()
        # The collector looks at the case and sees the money come.
        await expect(self.collector.at.there("case-paid")).to_contain_text("1,234.56")
        assert await self.collector.owing() == self.held[self.paid].placed_fen - self.paid_fen

    async def recall_one(self) -> None:
        """Let the creditor take a case back while the collector has it open; nothing of it is left to see."""
        me, office = self.collector, self.operations
        self.recalled = next(id for id in self.worked if id not in (self.conceded, self.paid, self.disputed))
        await me.show(self.recalled)
        await office.recall(CODE, a_recall_list(self.folder / "撤案清单.xlsx", self.held[self.recalled].case_no))
        await expect(me.at.there(f"case-{self.recalled}")).to_have_count(0)
        await me.at.there("close-gone").click()
        await expect(me.at.there(f"tab-{self.recalled}")).to_have_count(0)
        for path in (f"/casework/cases/{self.recalled}", f"/workbench/contact-gate/cases/{self.recalled}"):
            assert await me.at.status("GET", path) == 404

    async def reckon(self) -> None:
        """Read every figure that anybody is shown of this placement, and hold it against the truth of the sheet."""
        paid, cases = self.paid_fen, len(self.sheet.truths)
        owing = self.placed_fen - paid
        kept = [one for id, one in self.held.items() if id != self.recalled]
        own = sum(one.placed_fen for one in kept) - paid
        placement_id = self.operations.placement_id
        assert await self._in_the_database() == {
            "cases": cases,
            "placed": self.placed_fen,
            "owing": owing,
            "paid": paid,
            "parts": owing,
            "posted": paid,
            "promised": sum(self.promised),
            "attempts": self.rung,
        }
        told = (await self.operations.at.call("GET", f"/casework/placements/{placement_id}"))["figures"]
        assert (told["cases"], told["placed_fen"], told["owing_fen"], told["paid_fen"]) == (
            *(cases, self.placed_fen, owing, paid),
        )
        assert await self.operations.placement_figures() == (cases, self.placed_fen, owing, paid)
        assert await case_list(self.operations.at, f"placement_id={placement_id}") == (cases, owing)
        assert await case_list(self.collector.at) == (len(kept), own)
        # Whoever keeps placements still sees that the case was there.
        gone = self.held[self.recalled].placed_fen
        assert await case_list(self.supervisor, f"holder_id={self.account['id']}") == (len(kept) + 1, own + gone)
        assert await self.collector.day() == (self.rung, sum(self.promised), paid, len(kept))
        assert await posted(self.collector.at) == (1, paid)

    async def _in_the_database(self) -> dict[str, int]:
        return await sums(
            self.product,
            """
            WITH own AS (SELECT * FROM cases WHERE placement_id = %s)
            SELECT (SELECT count(*) FROM own) AS cases,
                   (SELECT sum(placed_fen) FROM own) AS placed,
                   (SELECT sum(owing_fen) FROM own) AS owing,
                   (SELECT sum(paid_fen) FROM own) AS paid,
                   (SELECT sum(principal_fen + interest_fen + penalty_fen + fee_fen)
                      FROM accounts JOIN own ON own.id = accounts.case_id) AS parts,
                   (SELECT sum(postings.amount_fen) FROM postings JOIN payments ON payments.id = payment_id
                      JOIN own ON own.id = payments.case_id) AS posted,
                   (SELECT sum(amount_fen) FROM promises JOIN own ON own.id = case_id) AS promised,
                   (SELECT count(*) FROM contact_attempts JOIN own ON own.id = case_id WHERE allowed) AS attempts
            """,
            self.operations.placement_id,
        )

    async def look_beyond(self) -> None:
        """Let the collector try to see a colleague's case: by its address, by search, and by asking the API."""
        at = self.collector.at
        others = [case for case in await self._cases() if case["id"] not in self.held]
        case, one = others[0], self.truth[others[0]["serial_no"]]
        await at.page.goto(f"{at.product.address}/workbench?case={case['id']}")
        await at.there("close-gone").wait_for()
        await expect(at.there("case-header")).to_have_count(0)
        await expect(at.page.locator("body")).not_to_contain_text(one.case_no)
        await at.there("close-gone").click()
        for wanted in (one.case_no, one.id_number, one.phone, self.held[self.recalled].case_no):
            await at.there("today-search").fill(wanted)
            await expect(at.page.locator("[data-test^=queue-call-]")).to_have_count(0)
            await expect(at.there("today")).to_contain_text("没有符合条件的记录")
        for path in ("", "/timeline", "/linked"):
            assert await at.status("GET", f"/casework/cases/{case['id']}{path}") == 404
        note = {"case_id": case["id"], "action_code": "OB", "result_code": "NA"}
        assert await at.status("POST", "/casework/activities", note) == 404

    async def morning_after(self, enter: Enter, product: Product) -> None:
        """The day is over: its commission is reckoned on what came in, and on nothing else."""
        at = await enter()
        await at.inside(product.account("operations"))
        base, commission = await Operations(at).commission(CREDITOR, self.sheet.today.isoformat())
        # The contract of the demo: 18 % below 20,000 yuan, cut to the fen.
        assert (base, commission) == (self.paid_fen, self.paid_fen * 18 // 100)
