"""While many calls are seen to, those that nobody has been rung for yet wait; they begin in the order of coming."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from anmi.entrypoints.engine.turns import Turns


async def test_a_call_begins_at_once_where_there_is_little_to_do() -> None:
    turns = Turns(at_once=2)
    with turns.at_work():
        async with asyncio.timeout(1):
            await turns.until_calm()


async def test_calls_that_have_not_begun_wait_and_come_in_order_even_if_one_of_them_is_given_up() -> None:
    turns, begun = Turns(at_once=2), list[str]()

    async def begin(name: str) -> None:
        await turns.until_calm()
        with turns.at_work():
            begun.append(name)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        with ExitStack() as work:
            for _ in range(2):
                work.enter_context(turns.at_work())
            waiting = [group.create_task(begin(name)) for name in ("first", "given up", "second")]
            await asyncio.sleep(0)
            waiting[1].cancel()
            await asyncio.sleep(0)
            assert begun == []
    assert begun == ["first", "second"]
