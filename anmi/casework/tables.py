"""The tables that come with the house, each read once per process; what an agency edits stands in the database."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from anmi.core.calendar import HolidayCalendar, read_holiday_table
from anmi.core.codes import CodeTable, read_code_table
from anmi.core.concessions import Authority, read_authority
from anmi.core.contact_rules.pack_reader import read_rule_pack
from anmi.core.contact_rules.rule_pack import RulePack
from anmi.core.limitation import LimitationTable, read_limitation_table
from anmi.core.rate_regime import RateTable, read_rate_table


def default_bucket_rows() -> list[dict[str, Any]]:
    """Return the usual buckets, as rows that a product may keep and change."""
    return _load("bucket_table/default.toml")["bucket"]


def default_stage_rows() -> list[dict[str, Any]]:
    """Return the usual stages, as rows that a product may keep and change."""
    return _load("stage_table/default.toml")["stage"]


@cache
def concession_authority() -> Authority:
    """Return who in an agency may approve how much relief."""
    return read_authority(_load("concession_table/default.toml"))


@cache
def code_table() -> CodeTable:
    """Return the action and result codes of the case diary."""
    return read_code_table(_load("code_table/default.toml"))


@cache
def holiday_calendar() -> HolidayCalendar:
    """Return China's working days and holidays, as far as they are published."""
    return read_holiday_table(_load("holiday_table/cn.toml"))


@cache
def rate_table() -> RateTable:
    """Return the caps on rates and fees."""
    return read_rate_table(_load("rate_table/default.toml"))


@cache
def limitation_table() -> LimitationTable:
    """Return how long claims can be enforced."""
    return read_limitation_table(_load("limitation_table/default.toml"))


def contact_rule_rows() -> list[dict[str, Any]]:
    """Return the rows of the base rule pack as they are written, to be shown."""
    return _load("contact_rule_pack/default.toml")["rule"]


@cache
def contact_rule_pack() -> RulePack:
    """Return the base rule pack of the contact gate, which agencies and creditors may only tighten."""
    return read_rule_pack(_load("contact_rule_pack/default.toml"))


def opening_rule_rows() -> list[dict[str, Any]]:
    """Return the usual rules of first stage and priority, as rows that an agency may keep and change."""
    return _load("opening_rules/default.toml")["rule"]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("anmi.casework").joinpath(name).read_text("utf-8"))
