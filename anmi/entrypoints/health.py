"""Signs of life for those who run us: alive, ready, and figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"state": "alive"}


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, str]:
    """Say whether the database answers too."""
    try:
        async with request.app.state.house.database.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        response.status_code = 503
        return {"state": "waiting for the database"}
    return {"state": "ready"}


@router.get("/metrics")
async def metrics() -> Response:
    """Return figures in Prometheus' text form; they hold no personal data."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
