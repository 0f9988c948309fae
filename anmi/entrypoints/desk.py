"""The built desk: static files with long lives, and one page for every address the desk itself knows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

import anmi

BUILT: Final = Path(anmi.__file__).parent / "desk"

NOT_BUILT: Final = (
    "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>安米智能催收</title>"
    "<p>界面尚未构建，请运行 <code>make setup</code>。接口可用：<code>/api/v1/openapi.json</code>"
    "<p>The desk has not been built; run <code>make setup</code>."
)


def mount(app: FastAPI) -> None:
    """Serve the desk: a file where there is one, else its page, whose router takes over in the browser."""
    if (BUILT / "assets").is_dir():
        app.mount("/assets", _LongLived(directory=BUILT / "assets"))

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith("api/"):
            raise HTTPException(404)
        wanted = (BUILT / path).resolve()
        if path and wanted.is_relative_to(BUILT) and wanted.is_file():
            return FileResponse(wanted)
        index = BUILT / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})


class _LongLived(StaticFiles):
    """Files whose names change with their contents."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # pyright: ignore[reportArgumentType] - passed through
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
