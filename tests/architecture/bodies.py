"""The smallest body a route takes, made from the API's own description: enough to be read, and then to be refused."""

from __future__ import annotations

import re
from typing import Any

from anmi.kit.ids import new_id

TEXTS = {
    "uuid": str(new_id()),
    "date": "2026-03-09",
    "date-time": "2026-03-09T10:00:00+08:00",
}
# Texts for patterns, tried in turn: amounts, shares, codes, names.
ATTEMPTS = ("1", "0.5", "1.00", "CODE1", "code", "演示", "13700000001")


def smallest(document: dict[str, Any], method: str, path: str) -> Any:
    """Return the smallest JSON body of an operation, or None where it takes none."""
    content = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _value(document, content["application/json"]["schema"])


def _value(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        return _value(document, next(one for one in choices if one.get("type") != "null"))
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    return _plain(document, schema)


def _plain(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            return {name: _value(document, schema["properties"][name]) for name in schema.get("required", [])}
        case "array":
            return [_value(document, schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case _:
            return _text(schema)


def _text(schema: dict[str, Any]) -> str:
    if "format" in schema and schema["format"] in TEXTS:
        return TEXTS[schema["format"]]
    fitting = (text for text in ATTEMPTS if "pattern" not in schema or re.search(schema["pattern"], text))
    return next(fitting, "x").ljust(schema.get("minLength", 0), "x")
