"""The files to begin with, in deploy/: they name settings and modules that there are."""

import configparser
import importlib.util
import re
from typing import Any

import yaml

from app.config import Settings
from deploy.processes import ROOT

COMPOSE, UNIT = ROOT / "deploy" / "compose", ROOT / "deploy" / "systemd" / "dibs.service"
OF_RUN = {"HOST", "PORT", "WEB_WORKERS", "VOICE_WORKERS", "MESSAGE_WORKERS", "METRICS_PORT", "METRICS_HOST", "MIGRATE"}
"""What `make run` reads beside the settings."""
KNOWN = {str(field.alias) for field in Settings.model_fields.values()} | OF_RUN


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_compose_names_settings_that_there_are() -> None:
    given = set(compose()["services"]["dibs"]["environment"])
    lines = (COMPOSE / "settings.example").read_text(encoding="utf-8").splitlines()
    given |= {line.partition("=")[0] for line in lines if line and line[0] != "#"}
    assert {name.removesuffix("_FILE") for name in given} <= KNOWN


def test_each_secret_that_is_read_is_one_that_is_given() -> None:
    services, secrets = compose()["services"], set(compose()["secrets"])
    for name, service in services.items():
        given = set(service.get("secrets", []))
        read = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert read == given, name
        assert given <= secrets


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in compose()["services"].items() if "ports" in service] == ["proxy"]


def test_the_unit_starts_what_there_is_without_rights() -> None:
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    for command in ("ExecStart", "ExecReload"):
        assert importlib.util.find_spec(service[command].split(" -m ")[1]) is not None
    assert service["User"] != "root"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes", "strict", "",
    )  # fmt: skip
