"""Phones of the house and lines to carriers: let in, rung, lost, shut out; nothing of them is in a file."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from uuid import UUID

import aiohttp
import pytest

from anmi.adapters.asterisk.instance import Instance
from anmi.core.call_commands import Connect, HangUp
from anmi.core.call_events import LegBack, LegLost
from anmi.core.call_legs import Ending
from anmi.core.ports.switch import PhoneAccount, PhoneSeen, ToNumber, ToPhone, TrunkAccount
from tests.adapters.asterisk.conftest import CARRIER
from tests.adapters.asterisk.far_end import FarEnd
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, Ear, TestCall
from tests.adapters.asterisk.tones import AGENT_TONE, DEBTOR_TONE

PHONE, SECRET = "agent7", "short-lived"
CLOSING = aiohttp.ClientWSTimeout(ws_close=0.1)


async def seen(ear: Ear, phone: str, *, is_there: bool) -> None:
    await ear.wait(
        lambda news: True if isinstance(news, PhoneSeen) and (news.phone, news.is_there) == (phone, is_there) else None
    )
    ear.heard.clear()


async def test_a_sip_phone_registers_is_rung_and_talks(
    ear: Ear, far_end: FarEnd, pbx: Instance, line: Instance
) -> None:
    await ear.switch.let_in(PhoneAccount(PHONE, SECRET, is_browser=False))
    await seen(ear, PHONE, is_there=False)
    there = TrunkAccount(PHONE, pbx.places.sip_host, username=PHONE, secret=SECRET, registers=True)
    await far_end.switch.open_trunk(there)
    await seen(ear, PHONE, is_there=True)
    call = TestCall(ear)
    await call.reach(AGENT, ToPhone(PHONE, "安米"))
    await call.reach(DEBTOR, ToNumber(CARRIER, "13900000001", CALLER_ID))
    await call.do(Connect((AGENT, DEBTOR)))
    assert await (await far_end.at(PHONE)).hears(DEBTOR_TONE)
    assert await (await far_end.at("13900000001")).hears(AGENT_TONE)
    await far_end.switch.close_trunk(PHONE)
    assert (await call.told(LegLost)).leg == AGENT
    await far_end.switch.open_trunk(there)
    assert (await call.told(LegBack)).leg == AGENT
    await call.do(HangUp(AGENT), HangUp(DEBTOR))
    await call.end_of(AGENT)
    await far_end.switch.close_trunk(PHONE)
    await seen(ear, PHONE, is_there=False)
    await ear.switch.shut_out(PHONE)


async def test_a_wrong_secret_does_not_let_in(ear: Ear, far_end: FarEnd, pbx: Instance) -> None:
    await ear.switch.let_in(PhoneAccount("agent8", SECRET, is_browser=False))
    await seen(ear, "agent8", is_there=False)
    account = TrunkAccount("agent8", pbx.places.sip_host, username="agent8", secret="guessed", registers=True)
    await far_end.switch.open_trunk(account)
    await asyncio.sleep(0.5)
    assert ear.heard == []
    await far_end.switch.close_trunk("agent8")
    await ear.switch.shut_out("agent8")


async def test_a_phone_that_is_not_there_is_offline(ear: Ear) -> None:
    await ear.switch.let_in(PhoneAccount("absent", SECRET, is_browser=False))
    for phone in ("absent", "never-let-in"):
        call = TestCall(ear)
        await call.do_create(AGENT, ToPhone(phone))
        assert (await call.end_of(AGENT)).ending is Ending.OFFLINE
    await ear.switch.shut_out("absent")


async def test_a_browser_registers_over_a_websocket_and_is_gone_with_it(ear: Ear, pbx: Instance) -> None:
    await ear.switch.let_in(PhoneAccount("page1", SECRET, is_browser=True))
    ear.heard.clear()
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(pbx.places.phone_url, protocols=("sip",), timeout=CLOSING) as page:
            assert (await register(page, "page1", "wrong")) == 401
            assert (await register(page, "page1", SECRET)) == 200
            await seen(ear, "page1", is_there=True)
            call = TestCall(ear)
            await call.dial(AGENT, ToPhone("page1"))
            invite = await page.receive_str(timeout=3)
            assert UUID(header(invite, "X-Anmi-Call")) == call.id
            assert header(invite, "X-Anmi-Leg") == "agent.1"
            assert "a=fingerprint:SHA-256" in invite
            assert "opus" in invite
        await seen(ear, "page1", is_there=False)
    await call.do(HangUp(AGENT))
    await call.end_of(AGENT)
    await ear.switch.shut_out("page1")


async def test_a_phone_may_not_dial_by_itself(ear: Ear, far_end: FarEnd, pbx: Instance) -> None:
    # Otherwise the switch knows the address as the carrier's.
    await ear.switch.close_trunk(CARRIER)
    await ear.switch.let_in(PhoneAccount(PHONE, SECRET, is_browser=False))
    there = TrunkAccount(PHONE, pbx.places.sip_host, username=PHONE, secret=SECRET)
    await far_end.switch.open_trunk(there)
    call = TestCall(far_end.ear)
    await call.dial(DEBTOR, ToNumber(PHONE, "13900000001", PHONE))
    ended = await call.end_of(DEBTOR)
    assert ended.ending in {Ending.REJECTED, Ending.BARRED}
    assert await ear.switch.live_legs() == []
    await ear.switch.shut_out(PHONE)


@pytest.mark.parametrize(("transport", "opens_with"), [("tcp", b"INVITE sip:13700000009@"), ("tls", b"\x16\x03")])
async def test_a_trunk_may_go_over_a_connection(ear: Ear, transport: str, opens_with: bytes) -> None:
    came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(64)
        if not came.done():
            came.set_result(first)
        writer.close()

    async with await asyncio.start_server(take, "127.61.250.9", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await ear.switch.open_trunk(TrunkAccount("connected", f"127.61.250.9:{port}", transport))
        call = TestCall(ear)
        await call.dial(DEBTOR, ToNumber("connected", "13700000009", CALLER_ID))
        assert (await asyncio.wait_for(came, 5)).startswith(opens_with)
        await call.do(HangUp(DEBTOR))
        await call.end_of(DEBTOR, seconds=10)
    await ear.switch.close_trunk("connected")


async def test_nothing_of_phones_and_trunks_is_written_to_disk(ear: Ear, pbx: Instance) -> None:
    await ear.switch.let_in(PhoneAccount("page2", "never-on-disk", is_browser=True))
    await ear.switch.open_trunk(TrunkAccount("t9", "127.61.9.9", username="u", secret="never-on-disk"))
    for path in pbx.folder.rglob("*"):
        if path.is_file():
            assert b"never-on-disk" not in path.read_bytes(), path
    await ear.switch.shut_out("page2")
    await ear.switch.close_trunk("t9")


def header(message: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}: *(.*?)\r?$", message)
    assert found, f"no {name} in {message}"
    return found.group(1)


async def register(page: aiohttp.ClientWebSocketResponse, name: str, secret: str) -> int:
    """Register as JsSIP does; return the final status."""
    answer = ""
    for sequence in (1, 2):
        challenge = dict(re.findall(r'(\w+)="?([^",]+)"?', header(answer, "WWW-Authenticate"))) if answer else None
        await page.send_str(_register(name, secret, sequence, challenge))
        answer = await page.receive_str(timeout=3)
    return int(answer.split(" ")[1])


def _register(name: str, secret: str, sequence: int, challenge: dict[str, str] | None) -> str:
    uri = "sip:anmi.invalid"
    lines = [
        f"REGISTER {uri} SIP/2.0",
        f"Via: SIP/2.0/WS {name}.invalid;branch=z9hG4bK{secrets.token_hex(6)}",
        "Max-Forwards: 70",
        f"From: <sip:{name}@anmi.invalid>;tag={secrets.token_hex(4)}",
        f"To: <sip:{name}@anmi.invalid>",
        f"Call-ID: {secrets.token_hex(8)}",
        f"CSeq: {sequence} REGISTER",
        f"Contact: <sip:{name}@{name}.invalid;transport=ws>;expires=120",
    ]
    if challenge:
        lines.append(f"Authorization: Digest {_digest(name, secret, uri, challenge)}")
    return "\r\n".join([*lines, "Content-Length: 0", "", ""])


def _digest(name: str, secret: str, uri: str, challenge: dict[str, str]) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    realm, nonce, once = challenge["realm"], challenge["nonce"], secrets.token_hex(4)
    proof = md5(f"{md5(f'{name}:{realm}:{secret}')}:{nonce}:00000001:{once}:auth:{md5(f'REGISTER:{uri}')}")
    told = {"username": name, "realm": realm, "nonce": nonce, "uri": uri, "response": proof, "cnonce": once}
    if "opaque" in challenge:
        told["opaque"] = challenge["opaque"]
    return ", ".join([*(f'{key}="{value}"' for key, value in told.items()), "algorithm=MD5, qop=auth, nc=00000001"])
