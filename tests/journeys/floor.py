"""The floor of a morning: a demo whose clock says ten, people at browsers of their own, and the motions they repeat."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString
from zoneinfo import ZoneInfo

import psycopg
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect
from psycopg.rows import dict_row

from anmi.kit.embedded_postgres import SUPERUSER, EmbeddedPostgres
from tests.journeys.product import Product, Visitor

CHINA: Final = ZoneInfo("Asia/Shanghai")
TEN: Final = 10
VIEWPORT: Final = ViewportSize(width=1440, height=900)

# The browser's clock is set like the demo's: nobody sees two times.
SET_CLOCK: Final = """(() => {
  const ahead = %d, Machine = Date
  globalThis.Date = class extends Machine {
    constructor(...given) { given.length ? super(...given) : super(Machine.now() + ahead) }
    static now() { return Machine.now() + ahead }
  }
})()"""

# A busy machine is slow, and not wrong.
expect.set_options(timeout=20_000)

Enter = Callable[[], Awaitable[Visitor]]


def until_ten() -> timedelta:
    """Return how far ten in the morning in China is from now, on the same day."""
    now = datetime.now(UTC).astimezone(CHINA)
    return now.replace(hour=TEN, minute=0, second=0, microsecond=0) - now


@asynccontextmanager
async def entrance(browser: Browser, product: Product, ahead: timedelta) -> AsyncGenerator[Enter]:
    """Open the door: each who enters has a browser profile of her own."""
    opened: list[Visitor] = []

    async def enter() -> Visitor:
        context = await browser.new_context(locale="zh-CN", viewport=VIEWPORT, accept_downloads=True)
        context.set_default_timeout(20_000)
        await context.add_init_script(SET_CLOCK % (ahead.total_seconds() * 1000))
        opened.append(Visitor(await context.new_page(), product))
        return opened[-1]

    try:
        yield enter
    finally:
        for visitor in opened:
            await visitor.page.context.close()


def fen(text: str) -> int:
    """Read an amount as the desk writes it: `1,234.50 元`."""
    found = re.search(r"-?[0-9,]+\.[0-9]{2}", text)
    assert found, f"no amount in {text!r}"
    return int(found[0].replace(",", "").replace(".", ""))


def typed(amount_fen: int) -> str:
    """Write an amount as people type it."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


async def choose(page: Page, field: Locator, *labels: str) -> None:
    """Choose in a list that opens when it is clicked, as soon as there is something in it."""
    await expect(field.locator("input")).to_be_enabled()
    await field.click()
    for label in labels:
        await page.locator(".el-select-dropdown__item:visible", has_text=label).first.click()


async def agree(page: Page) -> None:
    """Say yes to the question that stands before everything else."""
    question = page.locator(".el-message-box:visible")
    await question.locator(".el-button--primary").click()
    await expect(question).to_have_count(0)


async def sums(product: Product, query: LiteralString, *values: Any) -> dict[str, int]:
    """Ask the database itself, past every rule of sight."""
    address = EmbeddedPostgres(product.data_dir / "postgres").url(SUPERUSER)
    async with await psycopg.AsyncConnection.connect(address) as connection:
        row = await (await connection.cursor(row_factory=dict_row).execute(query, values)).fetchone()
    assert row is not None
    return {name: int(value or 0) for name, value in row.items()}


@dataclass(slots=True)
class Budget:
    """What a motion costs a person: clicks and keys, counted one by one."""

    spent: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    _now: int = 0

    async def click(self, what: Locator) -> None:
        """Click, and count it."""
        self._now += 1
        await what.click()

    async def press(self, page: Page, key: str) -> None:
        """Press a key, and count it."""
        self._now += 1
        await page.keyboard.press(key)

    async def write(self, what: Locator, text: str) -> None:
        """Type into a field, and count it as one."""
        self._now += 1
        await what.fill(text)

    def begin(self) -> None:
        """Count from nothing."""
        self._now = 0

    def end(self, motion: str) -> None:
        """Keep what the motion has cost."""
        self.spent.setdefault(motion, []).append(self._now)
        self._now = 0

    def worst(self, motion: str) -> int:
        """Return the most that a motion has cost."""
        return max(self.spent[motion])

    def report(self) -> str:
        """Return the budgets as lines to print."""
        lines = (
            f"  {motion:<52} {len(counts):>3} times, {min(counts)} to {max(counts)} clicks and keys"
            for motion, counts in self.spent.items()
        )
        return "\n".join(lines)
