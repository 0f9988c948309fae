"""`anmi speech`: turn recordings into text, and measure how well that goes on one's own calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from anmi.core.ports.speech import Transcript, UnreadableRecording, Utterance
from anmi.kit.errors import Unavailable

if TYPE_CHECKING:
    from anmi.adapters.speech.bakeoff import Result
    from anmi.core.ports.speech import Speech

UNREADABLE = 1
UNAVAILABLE = 3

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HotWords = Annotated[list[str] | None, typer.Option("--hot-word", help="A word to expect; may be given many times.")]


@app.callback()
def speech() -> None:
    """Turn recordings into text."""


@app.command()
def transcribe(file: Path, as_json: AsJson = False, hot_word: HotWords = None) -> None:
    """Transcribe a recording of one or two channels; needs neither server nor database."""
    with _failures_told(as_json):
        transcript = asyncio.run(_transcribed(file, tuple(hot_word or ())))
        if as_json:
            typer.echo(json.dumps(_as_json(transcript), ensure_ascii=False))
        else:
            _print(transcript)


@app.command()
def bakeoff(
    folder: Path,
    keywords: Annotated[Path | None, typer.Option(help="A text file with one keyword per line.")] = None,
    telephone: Annotated[bool, typer.Option("--telephone", help="Pass the audio through 8 kHz A-law first.")] = False,
    as_json: AsJson = False,
    hot_word: HotWords = None,
) -> None:
    """Measure character errors and keyword recall on a folder of recordings and what was really said in them.

    The truth stands beside each recording in a .txt file of its name, or in one transcripts.tsv (file, tab, text).
    """
    with _failures_told(as_json):
        from anmi.adapters.speech.bakeoff import measure, pairs_in, text_in  # noqa: PLC0415 - may not be installed

        recogniser = _speech()
        pairs = pairs_in(folder)
        words = tuple(text_in(keywords).split()) if keywords else ()
        result = asyncio.run(measure(recogniser, pairs, words, tuple(hot_word or ()), telephone=telephone))
        if as_json:
            typer.echo(json.dumps(_figures(result), ensure_ascii=False))
        else:
            _print_figures(result)


def _speech() -> Speech:
    from anmi.adapters.speech.choice import SpeechSettings, choose_speech  # noqa: PLC0415 - keeps --help quick

    return choose_speech(SpeechSettings())


async def _transcribed(file: Path, hot_words: tuple[str, ...]) -> Transcript:
    recogniser = _speech()
    with file.open("rb") as recording:
        return await recogniser.transcribe(recording, hot_words)


@contextmanager
def _failures_told(as_json: bool) -> Generator[None]:
    try:
        yield
    except UnreadableRecording as failure:
        _fail(failure.code, failure.message, UNREADABLE, as_json=as_json)
    except FileNotFoundError as failure:
        _fail("no_such_file", f"找不到文件：{failure.filename}", UNREADABLE, as_json=as_json)
    except OSError as failure:
        _fail("file_unreadable", f"无法读取：{failure.filename or failure}", UNREADABLE, as_json=as_json)
    except ValidationError as failure:
        names = "、".join(f"ANMI_{error['loc'][0]}".upper() for error in failure.errors())
        _fail("setting_invalid", f"设置有误：{names}", UNAVAILABLE, as_json=as_json)
    except Unavailable as failure:
        code = getattr(failure, "code", "unavailable")
        _fail(code, getattr(failure, "message", str(failure)), UNAVAILABLE, as_json=as_json)


def _fail(code: str, message: str, status: int, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        typer.echo(message, err=True)
    raise typer.Exit(status)


def _as_json(transcript: Transcript) -> dict[str, Any]:
    return {
        "duration": transcript.duration,
        "model": transcript.model,
        "damaged": transcript.is_damaged,
        "tracks": [
            {
                "channel": track.channel,
                "utterances": [_utterance(utterance) for utterance in track.utterances],
                "missed": [{"start": gap.start, "end": gap.end, "reason": gap.reason} for gap in track.missed],
            }
            for track in transcript.tracks
        ],
    }


def _utterance(utterance: Utterance) -> dict[str, Any]:
    said = asdict(utterance)
    return said if said["words"] else {key: value for key, value in said.items() if key != "words"}


def _print(transcript: Transcript) -> None:
    said = [
        (utterance.start, f"{_clock(utterance.start)}  声道{track.channel}  {utterance.text}")
        for track in transcript.tracks
        for utterance in track.utterances
    ]
    unclear = [
        (gap.start, f"{_clock(gap.start)}  声道{track.channel}  〔听不清，请回听录音〕")
        for track in transcript.tracks
        for gap in track.missed
    ]
    for _, line in sorted(said + unclear):
        typer.echo(line)
    if not said + unclear:
        typer.echo("录音中没有听到说话。")
    if transcript.is_damaged:
        typer.echo(f"录音文件已损坏，只转写了前 {transcript.duration:.0f} 秒。", err=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02d}:{rest:04.1f}"


def _figures(result: Result) -> dict[str, Any]:
    total = result.total
    return {
        "model": result.model,
        "recordings": len(result.lines),
        "seconds": round(result.seconds, 1),
        "characters": total.characters,
        "character_error_rate": round(total.character_error_rate, 4),
        "keywords": total.keywords,
        "keyword_recall": _rate(total.keyword_recall),
        "keyword_recall_by_sound": _rate(total.keyword_recall_by_sound),
        "keywords_invented": total.keywords_invented,
        "lines": [
            {"file": line.name, "said": line.said, "heard": line.heard, "errors": line.accuracy.errors}
            for line in result.lines
        ],
    }


def _print_figures(result: Result) -> None:
    total = result.total
    for line in result.lines:
        typer.echo(f"{line.name}\n  原文  {line.said}\n  识别  {line.heard}")
    typer.echo(f"\n{result.model}：{len(result.lines)} 条录音，{result.seconds:.0f} 秒，{total.characters} 字")
    typer.echo(f"字错误率 {total.character_error_rate:.1%}")
    if total.keyword_recall is not None and total.keyword_recall_by_sound is not None:
        typer.echo(
            f"关键词 {total.keywords} 处，召回率 {total.keyword_recall:.1%}"
            f"（按读音 {total.keyword_recall_by_sound:.1%}），误报 {total.keywords_invented} 处"
        )


def _rate(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
