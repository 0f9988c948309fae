"""Phones and trunks, told to the running switch and kept in its memory: it forgets them when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, TypeAlias
from urllib.parse import quote

from anmi.adapters.asterisk.ari import Ari, Refused
from anmi.adapters.asterisk.places import Places
from anmi.core.ports.switch import PhoneAccount, TrunkAccount, TrunkRefused

# Seconds without a packet after which a leg is given up: its phone or its network is gone without a word.
PHONE_SILENT_SECONDS: Final = 20
TRUNK_SILENT_SECONDS: Final = 120
HELD_SILENT_SECONDS: Final = 600
REGISTRATION_SECONDS: Final = 300
# A carrier asks for the credentials once more when we take our leave: they are kept so long.
LEAVE_SECONDS: Final = 0.5
BROWSER_CODECS: Final = "opus,alaw,ulaw"
PHONE_CODECS: Final = "alaw,ulaw,g722"

Fields: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of Asterisk's configuration: its kind, and what is set."""

    kind: str
    fields: Fields


class Accounts:
    """Writes and deletes accounts in one switch."""

    def __init__(self, ari: Ari, places: Places) -> None:
        self._ari = ari
        self._places = places
        self._phones: dict[str, PhoneAccount] = {}

    async def let_in(self, account: PhoneAccount) -> None:
        """Let a phone register; known, its secret is changed."""
        self._phones[account.phone] = account
        await self._write(account.phone, phone_things(account, self._places))

    async def let_in_again(self) -> None:
        """Tell the phones once more to a switch that may have been begun anew; trunks are told by who knows them."""
        for account in tuple(self._phones.values()):
            await self._write(account.phone, phone_things(account, self._places))

    async def shut_out(self, phone: str) -> None:
        """Forget a phone."""
        self._phones.pop(phone, None)
        await self._delete(phone, ("endpoint", "auth", "aor"))

    async def open_trunk(self, account: TrunkAccount) -> None:
        """Make a trunk usable, or change it. Refused where a carrier's name is unknown: what needs none is done."""
        things = trunk_things(account, self._places)
        left_over = {"registration", "auth"} - {thing.kind for thing in things}
        try:
            await self._write(account.trunk, things)
        except Refused as refusal:
            raise TrunkRefused(str(refusal)) from None
        finally:
            await self._delete(account.trunk, sorted(left_over, reverse=True))

    async def close_trunk(self, trunk: str) -> None:
        """Forget a trunk."""
        if await self._ari.delete(_path("registration", trunk)):
            await asyncio.sleep(LEAVE_SECONDS)
        await self._delete(trunk, ("identify", "endpoint", "auth", "aor"))

    async def _write(self, name: str, things: tuple[Thing, ...]) -> None:
        for thing in things:
            fields = [{"attribute": key, "value": str(value)} for key, value in thing.fields.items()]
            await self._ari.put(_path(thing.kind, name), {"fields": fields})

    async def _delete(self, name: str, kinds: tuple[str, ...] | list[str]) -> None:
        for kind in kinds:
            await self._ari.delete(_path(kind, name))


def phone_things(account: PhoneAccount, places: Places) -> tuple[Thing, ...]:
    """Say a phone in Asterisk's words."""
    name = account.phone
    media: Fields = (
        {"webrtc": "yes", "dtls_auto_generate_cert": "yes", "allow": f"!all,{BROWSER_CODECS}"}
        if account.is_browser
        else {
            "transport": "udp",
            "allow": f"!all,{PHONE_CODECS}",
            "rtp_symmetric": "yes",
            "force_rport": "yes",
            "rewrite_contact": "yes",
        }
    )
    return (
        Thing("auth", {"auth_type": "digest", "username": name, "password": account.secret}),
        Thing(
            "aor",
            {
                # A second login takes the place of the first.
                "max_contacts": 1,
                "remove_existing": "yes",
                "default_expiration": REGISTRATION_SECONDS,
                "maximum_expiration": REGISTRATION_SECONDS,
            },
        ),
        Thing(
            "endpoint",
            {
                "context": "from-phone",
                "aors": name,
                "auth": name,
                **media,
                **_common(places),
                "rtp_timeout": PHONE_SILENT_SECONDS,
                "rtp_timeout_hold": HELD_SILENT_SECONDS,
            },
        ),
    )


def trunk_things(account: TrunkAccount, places: Places) -> tuple[Thing, ...]:
    """Say a trunk in Asterisk's words."""
    name, host = account.trunk, account.host.rpartition(":")[0] or account.host
    over = "" if account.transport == "udp" else f";transport={account.transport}"
    is_secret = account.transport == "tls"
    credentials: tuple[Thing, ...] = ()
    outbound: Fields = {}
    if account.username is not None:
        credentials = (
            Thing("auth", {"auth_type": "digest", "username": account.username, "password": account.secret or ""}),
        )
        outbound = {"outbound_auth": name, "from_domain": host}
    registration: tuple[Thing, ...] = ()
    if account.registers:
        registration = (
            Thing(
                "registration",
                {
                    "transport": account.transport,
                    "server_uri": f"sip:{account.host}{over}",
                    "client_uri": f"sip:{account.username}@{host}",
                    "contact_user": account.username,
                    **({"outbound_auth": name} if credentials else {}),
                    # At once: a trunk that was just opened is wanted now.
                    "max_random_initial_delay": 0,
                    "retry_interval": 10,
                    "forbidden_retry_interval": 60,
                    "max_retries": 100_000,
                    "auth_rejection_permanent": "no",
                },
            ),
        )
    return (
        *credentials,
        Thing("aor", {"contact": f"sip:{account.host}{over}"}),
        Thing(
            "endpoint",
            {
                "context": "from-trunk",
                "transport": account.transport,
                "aors": name,
                "allow": f"!all,{','.join(account.codecs)}",
                "rtp_symmetric": "yes",
                "send_pai": "yes",
                # Who signals in secret speaks in secret, where the carrier can.
                **({"media_encryption": "sdes", "media_encryption_optimistic": "yes"} if is_secret else {}),
                **outbound,
                **_common(places),
                "rtp_timeout": TRUNK_SILENT_SECONDS,
                "rtp_timeout_hold": HELD_SILENT_SECONDS,
            },
        ),
        *registration,
        # Last: it alone asks for the carrier's address at once.
        Thing("identify", {"endpoint": name, "match": host}),
    )


def _common(places: Places) -> Fields:
    # Media always goes through the switch: what does not is not recorded.
    # Nobody's number of its own: an account that is written a second time would else be called "unknown".
    common: Fields = {"direct_media": "no", "dtmf_mode": "rfc4733", "callerid": ""}
    if ip_address(places.media_address).is_loopback:
        return {**common, "media_address": places.media_address, "bind_rtp_to_media_address": "yes"}
    return common


def _path(kind: str, name: str) -> str:
    return f"asterisk/config/dynamic/res_pjsip/{kind}/{quote(name, safe='')}"
