"""The document the desk is built against is the one the API has: when it changes on purpose, run `scripts/openapi`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import anmi
from anmi.entrypoints.http import create_app

KEPT = Path(anmi.__file__).parent.parent / "web" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return what the application says of itself, but for the version, which changes with every release."""
    told = create_app().openapi()
    del told["info"]["version"]
    return json.loads(json.dumps(told))


def test_the_desk_is_built_against_what_the_api_says(document: dict[str, Any]) -> None:
    kept = json.loads(KEPT.read_text("utf-8"))
    routes = {
        f"{method.upper()} {path}"
        for path in kept["paths"].keys() | document["paths"].keys()
        for method in kept["paths"].get(path, {}).keys() | document["paths"].get(path, {}).keys()
        if kept["paths"].get(path, {}).get(method) != document["paths"].get(path, {}).get(method)
    }
    schemas = {
        name
        for name in kept["components"]["schemas"].keys() | document["components"]["schemas"].keys()
        if kept["components"]["schemas"].get(name) != document["components"]["schemas"].get(name)
    }
    assert (sorted(routes), sorted(schemas)) == ([], []), "web/openapi.json is not the API's: run scripts/openapi"
    assert kept == document, "web/openapi.json is not the API's: run scripts/openapi"
