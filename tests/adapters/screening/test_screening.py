"""Screening of numbers: the vendor over HTTP, against a stub of one, and the rehearsal."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from anmi.adapters.screening.http import HttpScreening, Vendor
from anmi.adapters.screening.rehearsal import RehearsalScreening
from anmi.core.number_screening import CODES, AnswerFamily
from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer
from anmi.kit.errors import Unavailable

NUMBERS = [PhoneNumber(f"137000000{place:02d}") for place in range(12)]


class Stub(ThreadingHTTPServer):
    """A vendor of this machine: it answers what it is told to, one answer after the other."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str | None, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/screen"


class Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.headers["Authorization"], body["mobiles"]))
        status, answer = self.server.answers.pop(0)
        answer = answer(body["mobiles"]) if callable(answer) else answer
        data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def stub() -> Generator[Stub]:
    stub = Stub()
    thread = threading.Thread(target=stub.serve_forever)
    thread.start()
    yield stub
    stub.shutdown()
    thread.join()
    stub.server_close()


def screening(stub: Stub, family: AnswerFamily = AnswerFamily.A, batch: int = 100) -> tuple[HttpScreening, list[float]]:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    return HttpScreening(Vendor(stub.url, "secret", family, batch), wait), waited


@pytest.mark.parametrize("family", AnswerFamily)
async def test_every_code_of_a_family_is_read_into_our_words(stub: Stub, family: AnswerFamily) -> None:
    codes = list(CODES[family].items())
    stub.answers = [
        (
            200,
            lambda mobiles: {
                "code": 0,
                "data": [{"mobile": n, "status": c} for n, (c, _) in zip(mobiles, codes, strict=True)],
            },
        )
    ]
    vendor, _ = screening(stub, family)
    answers = await vendor.screen(NUMBERS[: len(codes)])
    assert [(answer.state, answer.raw_code) for answer in answers.values()] == [(state, code) for code, state in codes]
    assert stub.asked[0][0] == "Bearer secret"
    assert vendor.vendor == "127.0.0.1"


async def test_a_call_that_reached_somebody_tells_whether_it_was_the_debtor(stub: Stub) -> None:
    stub.answers = [(200, lambda mobiles: [{"number": mobiles[0], "code": 10}, {"number": mobiles[1], "code": 11}])]
    answers = await screening(stub, AnswerFamily.D)[0].screen(NUMBERS[:2])
    assert list(answers.values()) == [
        NumberAnswer(NumberState.ACTIVE, "10", True),
        NumberAnswer(NumberState.WRONG_PARTY, "11", False),
    ]


async def test_numbers_go_out_in_batches_and_what_is_left_out_is_unknown(stub: Stub) -> None:
    said = {"result": {"list": [{"phone": NUMBERS[0].digits, "state": "1"}, {"phone": "10086", "state": "1"}, "odd"]}}
    stub.answers = [(200, said)] * 3
    answers = await screening(stub, batch=5)[0].screen(NUMBERS)
    assert [len(mobiles) for _, mobiles in stub.asked] == [5, 5, 2]
    assert set(answers) == set(NUMBERS)
    assert [number for number, answer in answers.items() if answer.state is NumberState.ACTIVE] == [NUMBERS[0]]


async def test_what_passes_is_tried_again_after_a_pause(stub: Stub) -> None:
    stub.answers = [(503, ""), (429, ""), (200, [{"mobile": NUMBERS[0].digits, "status": 1}])]
    vendor, waited = screening(stub)
    assert (await vendor.screen(NUMBERS[:1]))[NUMBERS[0]].state is NumberState.ACTIVE
    assert waited == [1.0, 2.0]


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ([(500, "")] * 3, 3),
        ([(401, "")], 1),
        ([(200, "<html>")], 1),
        ([(200, {"code": 500, "msg": "no balance"})], 1),
    ],
)
async def test_a_vendor_that_does_not_answer_is_unavailable(stub: Stub, answers: list[Any], tries: int) -> None:
    stub.answers = answers
    with pytest.raises(Unavailable, match="number_screening"):
        await screening(stub)[0].screen(NUMBERS[:1])
    assert len(stub.asked) == tries


async def test_a_vendor_that_is_not_there_is_unavailable() -> None:
    async def at_once(_: float) -> None:
        pass

    vendor = Vendor("http://127.0.0.1:9/screen", "", AnswerFamily.A)
    with pytest.raises(Unavailable):
        await HttpScreening(vendor, at_once).screen(NUMBERS[:1])


async def test_the_rehearsal_says_the_same_whenever_it_is_asked() -> None:
    hundred = [PhoneNumber(f"137000000{place:02d}") for place in range(100)]
    first = await RehearsalScreening().screen(hundred)
    assert first == await RehearsalScreening().screen(hundred)
    states = [answer.state for answer in first.values()]
    assert (states.count(NumberState.ACTIVE), states.count(NumberState.EMPTY)) == (62, 11)
