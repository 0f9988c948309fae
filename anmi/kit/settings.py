"""Settings: everything that differs between machines, read once from `ANMI_…`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyAddress, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from anmi.core.number_screening import AnswerFamily


class CipherSuite(StrEnum):
    """Which family of algorithms seals personal data and chains the log."""

    INTERNATIONAL = "international"
    """AES-256-GCM and HMAC-SHA-256."""
    NATIONAL = "national"
    """SM4-GCM and HMAC-SM3 (GM/T 0002, GM/T 0004)."""


class Settings(BaseSettings):
    """What an Anmi process is told from outside; the defaults suit one machine."""

    model_config = SettingsConfigDict(env_prefix="ANMI_", extra="ignore", frozen=True)

    @classmethod
    @override
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read files too: one for each setting, by its name in small letters, in the folder `ANMI_SECRETS_DIR`."""
        own = (*sources, named["init_settings"], named["env_settings"])
        folder = os.environ.get("ANMI_SECRETS_DIR")
        return (*own, SecretsSettingsSource(settings_cls, folder)) if folder else own

    data_dir: Path = Field(default_factory=lambda: Path.home() / ".anmi")
    """Database, secrets, recordings and caches of one instance."""
    host: str = "127.0.0.1"
    port: int = Field(default=8170, ge=0, le=65535)
    """0 lets the machine choose; the chosen port is printed and written to `data_dir/address`."""
    public_url: str | None = None
    """How browsers reach us, when a proxy stands before; by default what we listen on."""
    allow_plain_http: bool = False
    """Serve plain HTTP on other addresses than loopback, because a proxy before us speaks TLS."""

    tls_certificate: Path | None = None
    """Speak TLS with this certificate (PEM, the chain included) and `tls_key`."""
    tls_key: Path | None = None

    database_url: SecretStr | None = None
    """Owner's address of a PostgreSQL ≥ 15; none means the embedded one."""
    database_app_url: SecretStr | None = None
    """The application's own address: a role without BYPASSRLS that owns nothing."""
    database_connections: int = Field(default=10, ge=2)
    """Connections one process keeps open at the most."""

    number_screening_url: str | None = None
    """Where a vendor is asked for the states of numbers; without one nothing is asked (in the demo: the rehearsal)."""
    number_screening_token: SecretStr | None = None
    number_screening_family: AnswerFamily = AnswerFamily.A
    """The table of codes the vendor answers by."""

    engine_name: str = "main"
    """The name of this machine's call engine: one per switch, and the same for ever."""
    switch: Literal["auto", "asterisk", "rehearsal"] = "auto"
    """What calls go through: Asterisk where there is one, else a rehearsal without sound, which reaches nobody."""

    asterisk_url: SecretStr | None = None
    """Use an Asterisk that runs already, instead of running one: `http://anmi:SECRET@HOST:8088?sip=HOST:5060…`."""
    asterisk_root: Path | None = None
    """Use the Asterisk whose `usr` lies here; by default a fetched one, or the system's own."""
    sip_host: IPvAnyAddress | None = None
    """The address of this machine that carriers and SIP phones reach; by default nobody outside this machine does."""
    sip_port: int = Field(default=5060, ge=1, le=65535)
    media_address: IPvAnyAddress | None = None
    """The address that carriers and browsers send their sound to, when it is another than `sip_host`."""
    rtp_ports: str | None = Field(default=None, pattern=r"^\d{4,5}-\d{4,5}$")
    """Where sound arrives, such as `20000-20999`: four ports for a call."""

    recordings_url: str | None = None
    """Where recordings are kept: `s3://bucket/prefix` or `file:///folder`; by default `data_dir/recordings/kept`."""
    recordings_s3_endpoint: str | None = None
    """Address of a storage that speaks S3; none is Amazon's."""
    recordings_s3_region: str = "us-east-1"
    recordings_s3_key: str | None = None
    recordings_s3_secret: SecretStr | None = None
    recordings_s3_path_style: bool = True
    """The bucket stands in the path; off where a storage wants it in the host name."""

    cipher_suite: CipherSuite = CipherSuite.INTERNATIONAL
    demo: bool = False
    """Demo data: administrators may log in without a second factor."""
    demo_clock_ahead: int = 0
    """Seconds that the demo's clock is ahead of the machine's, so that a working morning can be shown at night."""
    log_level: str = "info"
    log_form: Literal["auto", "json", "console"] = "auto"
    """`auto`: readable on a terminal, one JSON line for each event elsewhere."""
