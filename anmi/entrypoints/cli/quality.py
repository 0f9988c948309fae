"""`anmi quality`: inspect conversations in a file, and test the rules they are held against. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Final, NoReturn, cast

import typer

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.reading import Unreadable, call_of
from anmi.core.inspection.writing import document_of
from anmi.quality.rules.corpus import BadCorpus, calls, utterances
from anmi.quality.rules.loader import BadRulePack, rule_pack
from anmi.quality.rules.report import is_good, lines_of, report_of
from anmi.quality.rules.trial import try_pack

app = typer.Typer(help="Inspect conversations and test the rules.", no_args_is_help=True)
rules = typer.Typer(help="The rule pack.", no_args_is_help=True)
app.add_typer(rules, name="rules")

_CHECKOUT_CORPUS: Final = Path(__file__).parents[3] / "tests" / "quality" / "corpus"
_LONGEST_LINE: Final = 16 * 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]
RulesFolder = Annotated[Path | None, typer.Option("--rules", help="A folder of rules instead of the built-in pack.")]


@app.command()
def inspect(
    file: Annotated[str, typer.Argument(help="JSON lines, one call each; - reads standard input.")],
    as_json: AsJson = False,
    rules_folder: RulesFolder = None,
) -> None:
    """Inspect every call of a file; a bad line becomes an error object and makes the exit code 1."""
    inspector = _inspector(rules_folder)
    failed = False
    for number, line in _lines(file):
        answer = _inspected(inspector, number, line)
        failed = failed or "error" in answer
        _say(json.dumps(answer, ensure_ascii=False) if as_json else _readable(answer))
    raise typer.Exit(1 if failed else 0)


@rules.command("test")
def try_rules(
    as_json: AsJson = False,
    corpus: Annotated[Path, typer.Option(help="A folder with utterances.jsonl and calls.jsonl.")] = _CHECKOUT_CORPUS,
    rules_folder: RulesFolder = None,
) -> None:
    """Run every rule's own examples and the corpus; exit code 1 where the rules fall short."""
    inspector = _inspector(rules_folder)
    try:
        trial = try_pack(inspector, utterances(corpus), calls(corpus))
    except BadCorpus as error:
        _give_up(str(error))
    if as_json:
        _say(json.dumps(report_of(trial), ensure_ascii=False))
    else:
        for line in lines_of(trial):
            _say(line)
    raise typer.Exit(0 if is_good(trial) else 1)


def _inspector(folder: Path | None) -> Inspector:
    try:
        return Inspector(rule_pack(folder))
    except (BadRulePack, OSError) as error:
        _give_up(f"规则包不可用：{error}")


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """Return the lines that are not blank, with their numbers."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            for number, line in enumerate(cast("BinaryIO", stream), start=1):
                if bare := line.removeprefix(_BYTE_ORDER_MARK).strip():
                    yield number, bare
    except OSError as error:
        _give_up(f"读不了 {file}：{error.strerror}")


def _inspected(inspector: Inspector, number: int, line: bytes) -> dict[str, object]:
    if len(line) > _LONGEST_LINE:
        return _error("line_too_long", f"第 {number} 行超过 {_LONGEST_LINE // 1024 // 1024} MB")
    try:
        document: object = json.loads(line)
    except (ValueError, RecursionError):
        return _error("bad_json", f"第 {number} 行不是 JSON")
    identity = cast("dict[str, object]", document).get("id") if isinstance(document, dict) else None
    try:
        # The caller finds the answer by the id it sent, a number or a word.
        return document_of(inspector.inspect(call_of(document))) | {"id": identity}
    except Unreadable as error:
        return _error(error.code, f"第 {number} 行：{error}", identity)


def _error(code: str, message: str, identity: object = None) -> dict[str, object]:
    known = isinstance(identity, str | int) and not isinstance(identity, bool)
    return ({"id": identity} if known else {}) | {"error": {"code": code, "message": message}}


def _readable(answer: dict[str, object]) -> str:
    if "error" in answer:
        return f"{answer.get('id', '?')}  错误  {cast('dict[str, str]', answer['error'])['message']}"
    findings = cast("list[dict[str, object]]", answer["findings"])
    said = "".join(f"\n    {one['code']} {one['severity']}  第 {one['turn']} 句  {one['evidence']}" for one in findings)
    missing = f"\n    缺少 {' '.join(cast('list[str]', answer['missing']))}" if answer["missing"] else ""
    return f"{answer['id']}  {answer['score']} 分{said}{missing}"


def _say(line: str) -> None:
    # A transcript may hold half a character; it must not stop the rest of the file.
    typer.echo(line.encode("utf-8", "replace"))


def _give_up(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
