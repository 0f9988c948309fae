"""How much of what is said by telephone the rules find: sentences spoken, narrowed, recognised, inspected.

`python benchmarks/spoken_rules.py` inspects the texts that were recognised once and kept in the corpus. With `--clips
FOLDER` the clips of that folder, `<id>.wav`, are heard anew through 8 kHz A-law and the embedded recogniser, and
`--write` keeps what was heard. The voices are synthetic; any recording of the sentences under `said` will do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Severity
from anmi.core.inspection.reading import call_of
from anmi.quality.rules.loader import rule_pack

CORPUS = Path(__file__).parents[1] / "tests" / "quality" / "corpus" / "spoken.jsonl"
RECALL, PRECISION = 0.80, 0.95


async def hear(rows: list[dict[str, Any]], clips: Path) -> list[dict[str, Any]]:
    """Return the rows of which there is a clip, each with the text that was recognised."""
    # Only who hears anew needs a recogniser.
    from anmi.adapters.speech.bakeoff import telephoned, text_of  # noqa: PLC0415
    from anmi.adapters.speech.choice import SpeechSettings, choose_speech  # noqa: PLC0415

    heard: list[dict[str, Any]] = []
    speech = choose_speech(SpeechSettings())
    for row in rows:
        clip = clips / f"{row['id']}.wav"
        if clip.is_file():
            with clip.open("rb") as file:
                heard.append(row | {"text": text_of(await speech.transcribe(telephoned(file)))})
    return heard


def is_alarmed(inspector: Inspector, row: dict[str, Any]) -> bool:
    turns = [{"speaker": row["speaker"], "text": row["text"]}]
    call = call_of({"id": row["id"], "started_at": "2026-11-23T10:00:00+08:00", "party": row["party"], "turns": turns})
    return any(finding.severity is Severity.CRITICAL for finding in inspector.inspect(call).findings)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clips", type=Path)
    options.add_argument("--sentences", type=Path, default=CORPUS, help="rows with what is said; by default the corpus")
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()

    rows = [json.loads(line) for line in chosen.sentences.read_text("utf-8").splitlines()]
    if chosen.clips:
        rows = asyncio.run(hear(rows, chosen.clips))
        if chosen.write:
            CORPUS.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")
    inspector = Inspector(rule_pack())
    found = missed = invented = 0
    for row in rows:
        alarmed, deserved = is_alarmed(inspector, row), bool(row["expect"])
        found += alarmed and deserved
        missed += deserved and not alarmed
        invented += alarmed and not deserved
        if alarmed != deserved:
            print(f"{'missed' if deserved else 'invented'}: {row['said']} ({row['voice']}) heard as {row['text']}")
    recall, precision = found / max(1, found + missed), found / max(1, found + invented)
    print(f"{len(rows)} sentences, {found + missed} violations: recall {recall:.1%}, precision {precision:.1%}")
    sys.exit(0 if recall >= RECALL and precision >= PRECISION else 1)


if __name__ == "__main__":
    main()
