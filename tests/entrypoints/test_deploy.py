"""The files containers are made of name what exists: commands, settings, secrets, folders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import anmi
from anmi.entrypoints.cli import WORDS
from anmi.kit.settings import Settings

ROOT = Path(anmi.__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("anmi"))
# Read by other parts than the settings: where secrets lie, and how words are recognised.
ELSEWHERE = {"ANMI_SECRETS_DIR", "ANMI_SPEECH"}


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_there_is_with_settings_there_are(name: str) -> None:
    service = SERVICES[name]
    assert service["command"][0] in WORDS
    known = {f"ANMI_{field.upper()}" for field in Settings.model_fields} | ELSEWHERE
    assert {*service["environment"]} - known == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_leans_only_on_what_stands_in_the_file(name: str) -> None:
    service = SERVICES[name]
    assert {*service.get("depends_on", {})} <= SERVICES.keys()
    assert {*service.get("secrets", [])} <= COMPOSE["secrets"].keys()
    assert {*service.get("networks", [])} <= COMPOSE["networks"].keys()
    assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= COMPOSE["volumes"].keys()
    for need, how in service.get("depends_on", {}).items():
        assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[need]


def test_a_secret_is_a_file_and_a_setting_of_that_name() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert not name.startswith("anmi_") or name.removeprefix("anmi_") in Settings.model_fields


def test_control_and_media_sockets_of_the_switch_stay_on_its_loopback() -> None:
    assert {SERVICES[name]["network_mode"] for name in ("engine", "watch", "web")} == {"service:switch"}
    published = {port.split("/")[0].rpartition(":")[2] for port in SERVICES["switch"]["ports"]}
    assert published == {"8170", "5060", SERVICES["switch"]["environment"]["ANMI_RTP_PORTS"]}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["switch"]
    assert COMPOSE["networks"]["inside"]["internal"]


@pytest.mark.parametrize("name", OURS)
def test_ours_runs_without_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_images_are_built_from_what_is_in_the_checkout() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    paths = {path for line in copied for path in line.split()}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {path.split("/")[0] for path in paths} - {"requirements.in"} <= {
        each.removeprefix("!").replace("requirements*", "requirements.txt") for each in let_in
    } | {"requirements-speech.txt", "requirements-setup.txt"}
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.M))
    assert {service["build"]["target"] for service in SERVICES.values() if "build" in service} <= targets


def test_a_setting_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anmi_database_url").write_text("postgresql://owner:word@postgres/anmi\n", encoding="utf-8")
    monkeypatch.setenv("ANMI_SECRETS_DIR", str(tmp_path))
    monkeypatch.delenv("ANMI_DATABASE_URL", raising=False)
    url = Settings().database_url
    assert url is not None
    assert url.get_secret_value() == "postgresql://owner:word@postgres/anmi"
