"""Journeys walk through the running product in a real browser: `anmi demo` on a port of its own, and Chromium."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.journeys.phone_floor import Floor, ToneDemo, running_tone_demo
from tests.journeys.product import QUIET, Product, Visitor, chromium, running_demo


@pytest.fixture(scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Product]:
    """Return a demo that runs until the last journey has ended."""
    async with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Return Chromium."""
    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncGenerator[BrowserContext]:
    """Return a fresh profile of the browser, set to Chinese."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield context
    await context.close()


@pytest.fixture
async def visitor(context: BrowserContext, product: Product) -> Visitor:
    """Return somebody who has just opened the browser."""
    return Visitor(await context.new_page(), product)


@pytest.fixture
async def another(browser: Browser, product: Product) -> AsyncGenerator[Visitor]:
    """Return somebody else, at another browser."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield Visitor(await context.new_page(), product)
    await context.close()


@pytest.fixture(scope="session")
async def tone_demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[ToneDemo]:
    """Return a demo in which everybody who is called hums one note."""
    async with running_tone_demo(tmp_path_factory.mktemp("tone")) as running:
        yield running


@pytest.fixture
async def floor(tone_demo: ToneDemo, tmp_path: Path) -> AsyncGenerator[Floor]:
    """Return a phone floor where nobody sits yet."""
    async with AsyncExitStack() as opened:
        yield Floor(tone_demo.product, tmp_path, tone_demo.ahead, opened)
