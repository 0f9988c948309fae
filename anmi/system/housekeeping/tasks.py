"""The sweep: old news, answers that no request will repeat, and sessions long ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from anmi.core.permissions import Words
from anmi.identity.sessions.models import Session
from anmi.kit.idempotency import KeptAnswer
from anmi.kit.jobs import JobKind, Run
from anmi.kit.live import LiveEvent

NEWS_FOR: Final = timedelta(hours=1)
ANSWERS_FOR: Final = timedelta(days=1)
SESSIONS_FOR: Final = timedelta(days=180)
"""Network logs are kept six months at the least (网络安全法 art. 23); the log itself is never swept."""


async def _sweep(run: Run) -> None:
    async with run.unit() as unit:
        await unit.session.execute(delete(LiveEvent).where(LiveEvent.at < unit.now - NEWS_FOR))
        await unit.session.execute(delete(KeptAnswer).where(KeptAnswer.at < unit.now - ANSWERS_FOR))
        await unit.session.execute(delete(Session).where(Session.expires_at < unit.now - SESSIONS_FOR))


SWEEP: Final = JobKind("housekeeping.sweep", Words("清理过期数据", "Sweep old data"), _sweep, every="*/10 * * * *")
