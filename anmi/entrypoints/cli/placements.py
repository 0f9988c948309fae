"""`anmi placements`: what a creditor's spreadsheet is worth, without a server and without a database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import typer

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.adapters.spreadsheets.sandbox import ReaderCannotStart, SpreadsheetFile
from anmi.core.placement_sheet.beginning import begin
from anmi.core.placement_sheet.check import Report, as_json, refused
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.core.placement_sheet.template import Template, TemplateWrong, read_template
from anmi.entrypoints.cli.placement_report import in_chinese

TEMPLATES = "ANMI_TEMPLATES"
_TEMPLATES_HERE = "placement-templates"
_LARGEST_TEMPLATE = 1 << 20


class ExitCode(IntEnum):
    """What a script sees."""

    ACCEPTED = 0
    REFUSED = 1
    WRONG_USE = 2
    CANNOT_READ = 3


app = typer.Typer(help="委案：检查委托方的表格。", no_args_is_help=True)


@app.callback()
def placements() -> None:
    """委案：检查委托方的表格。"""


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="委案文件：xlsx、xls、csv、txt 或 tsv。")],
    source: Annotated[str | None, typer.Option(help="整个文件的联系方式来源，如“合同约定”。")] = None,
    template: Annotated[str | None, typer.Option(help="列模板：JSON 文件，或模板目录中的名字。")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序使用。")] = False,
) -> None:
    """检查一个委案文件：能否导入，哪些行要改，为什么。

    退出码：0 可以导入；1 整个文件被拒绝；2 用法不对；3 安装有问题。
    """
    chosen = _template(template)
    lawful = _source(source) or chosen.source
    path = Path(file)
    try:
        report = check_file(path, chosen, lawful)
    except FileNotFoundError:
        raise typer.BadParameter("找不到这个文件。", param_hint="FILE") from None
    except ReaderCannotStart:
        typer.echo("读取表格的程序无法启动，请用 anmi doctor 检查安装。", err=True)
        raise typer.Exit(ExitCode.CANNOT_READ) from None
    if as_object:
        _print_json(report)
    else:
        typer.echo(in_chinese(report, path.name))
    raise typer.Exit(ExitCode.ACCEPTED if report.is_accepted else ExitCode.REFUSED)


def check_file(path: Path, template: Template, source: ContactSource | None) -> Report:
    """Check one file; raise FileNotFoundError when there is none."""
    try:
        with SpreadsheetFile(path) as file:
            return _check(file, template, source)
    except FileRefused as refusal:
        return refused(refusal.reason, refusal.about)


def _check(file: SpreadsheetFile, template: Template, source: ContactSource | None) -> Report:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    begun = begin(file.sheets, file.notices, template, source, today)
    if isinstance(begun, Report):
        return begun
    for row in file.rows(begun.sheet):
        begun.check.take(row)
    return begun.check.report(begun.notices)


def _source(word: str | None) -> ContactSource | None:
    if word is None:
        return None
    source = read_contact_source(word)
    if source is None:
        lawful = "、".join(each.chinese for each in ContactSource)
        raise typer.BadParameter(f"不是合法的联系方式来源；可用：{lawful}。", param_hint="--source")
    return source


def _template(name: str | None) -> Template:
    if name is None:
        return Template()
    path = Path(name)
    if path.suffix.lower() != ".json":
        path = Path(os.environ.get(TEMPLATES, _TEMPLATES_HERE)) / f"{name}.json"
    try:
        if path.stat().st_size > _LARGEST_TEMPLATE:
            raise typer.BadParameter("模板文件过大。", param_hint="--template")
        return read_template(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError:
        raise typer.BadParameter("找不到这个模板，或无法读取。", param_hint="--template") from None
    except TemplateWrong as wrong:
        raise typer.BadParameter(f"{wrong}。", param_hint="--template") from None
    except (ValueError, RecursionError):
        raise typer.BadParameter("模板不是 JSON。", param_hint="--template") from None


def _print_json(report: Report) -> None:
    # Whatever the terminal speaks, JSON is UTF-8. A million bad rows go out one by one.
    out = sys.stdout.buffer
    for place, (name, value) in enumerate(as_json(report)):
        out.write(_as_utf8(f'{", " if place else "{"}"{name}": '))
        if not isinstance(value, Iterator):
            out.write(_as_utf8(_to_json(value)))
            continue
        out.write(b"[")
        for number, item in enumerate(cast("Iterator[object]", value)):
            out.write(_as_utf8(f"{', ' if number else ''}{_to_json(item)}"))
        out.write(b"]")
    out.write(b"}\n")
    out.flush()


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _as_utf8(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")
