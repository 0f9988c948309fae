"""Imports run downstairs, and a room is entered by its doors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

import anmi

PACKAGE = Path(anmi.__file__).parent
ROOT = PACKAGE.parent

WINGS = ("identity", "casework", "telephony", "messaging", "workbench", "quality", "insight", "system")
DOORS = frozenset({"service", "events", "models"})


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("anmi", cache_dir=None)


def test_the_contracts_of_the_house_are_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    broken = lint_imports(no_cache=True)
    assert broken == 0, capsys.readouterr().out


def room_of(module: str) -> tuple[str, str] | None:
    """Return wing and room of a module, if it stands in a room at all."""
    parts = module.split(".")
    return (parts[1], parts[2]) if len(parts) > 3 and parts[1] in WINGS else None


def test_another_room_is_entered_only_by_service_events_and_models(graph: grimp.ImportGraph) -> None:
    broken: list[str] = []
    for importer in graph.modules:
        if importer.startswith("anmi.entrypoints"):
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            into = room_of(imported)
            if into is None or into == room_of(importer) or importer == f"anmi.{into[0]}.{into[1]}":
                continue
            if imported.split(".")[3] not in DOORS:
                broken.append(f"{importer} climbs into {imported}")
    assert sorted(broken) == []


def test_entrypoints_are_imported_by_nobody(graph: grimp.ImportGraph) -> None:
    importers = {
        importer
        for module in graph.modules
        if module.startswith("anmi.entrypoints")
        for importer in graph.find_modules_that_directly_import(module)
    }
    assert {each for each in importers if not each.startswith("anmi.entrypoints")} <= {"anmi.__main__"}


def python_files(*places: str) -> Iterator[tuple[str, ast.Module]]:
    for place in places:
        for path in sorted((PACKAGE / place).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def model_files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("models.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


MONEY_WORDS = ("fen", "money", "amount", "balance", "principal", "interest", "commission", "payment", "owed", "owing")


def test_money_is_never_a_float() -> None:
    """A float in a table, or a float that is named after money in the rule book."""
    found: list[str] = []
    for path, tree in [*model_files(), *python_files("core")]:
        is_model = path.endswith("models.py")
        for node in ast.walk(tree):
            if not isinstance(node, ast.AnnAssign | ast.arg) or node.annotation is None:
                continue
            name = ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else node.arg
            is_money = any(word in name.lower().split("_") for word in MONEY_WORDS)
            if "float" in ast.unparse(node.annotation) and (is_model or is_money):
                found.append(f"{path}:{node.lineno} {name}")
    assert found == []


CLOCKS = frozenset({"now", "utcnow", "today"})


MAY_LOOK_AT_THE_CLOCK = {
    "anmi/kit/unit_of_work.py": "system_clock, which everybody else is handed",
    "anmi/kit/certificates.py": "a certificate is valid by the clock of the machine that shows it",
    "anmi/entrypoints/console.py": "an operator reads when a line was printed",
}


def test_only_the_system_clock_asks_the_machine_for_the_time() -> None:
    found: set[str] = set()
    for path, tree in python_files("."):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS):
                continue
            if ast.unparse(node.func.value) in {"datetime", "date", "datetime.datetime", "datetime.date"}:
                found.add(path)
    assert {path for path in found if not path.startswith("anmi/entrypoints/cli/")} <= set(MAY_LOOK_AT_THE_CLOCK)
    assert "anmi/kit/unit_of_work.py" in found
