"""Logs: one JSON line for each event, or a readable form on a terminal, and never a word about a person.

Everything passes here, the lines of other libraries too. Fields that could name or reach a person are blanked by
their key, long numbers inside sentences by their length; addresses of requests lose their query.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from anmi.core.masking import mask_digits

Form = Literal["auto", "json", "console"]

BLANK = "***"

# Compared with the words of a key: `debtor_phone` and `phone` are both about a phone.
PERSONAL_WORDS = frozenset(
    {"phone", "phones", "mobile", "telephone", "name", "names", "email", "address", "addresses", "card", "cards"}
    | {"login", "password", "passwords", "secret", "secrets", "token", "tokens", "totp", "cookie", "cookies"}
    | {"authorization", "body", "query"}
)
PERSONAL_KEYS = frozenset({"id_number", "id_numbers", "id_card", "recovery_code", "recovery_codes"})

# The digits of a uuid tell nothing, and without them a log is no use.
UUID = re.compile(r"(\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)", re.IGNORECASE)

SIGNS_OF_LIFE = frozenset({"/healthz", "/readyz", "/metrics"})

# Loggers that tell every request or every statement at `info`.
TALKATIVE = ("httpx", "httpcore", "asyncio", "sqlalchemy.engine", "pgqueuer")


def configure(level: str = "info", form: Form = "auto", stream: TextIO = sys.stderr, process: str = "anmi") -> None:
    """Send all logs of this process to `stream` (standard error), marked with the name of the process."""
    on_console = form == "console" or (form == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if on_console
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )

    def name_the_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, tell_requests_briefly],
            pass_foreign_args=True,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_people_out,
                *(() if on_console else (name_the_process,)),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        uvicorn = logging.getLogger(name)
        uvicorn.handlers[:] = []
        uvicorn.propagate = True
    logging.getLogger("uvicorn.access").filters[:] = [_is_worth_telling]


def keep_people_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what could name or reach a person."""
    return {key: value if key in {"at", "level", "logger"} else _clean(key, value) for key, value in event.items()}


def tell_requests_briefly(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn uvicorn's line about a request into method, path and status: no address, no query."""
    arguments = event.pop("positional_args", None)
    if event.get("logger") == "uvicorn.access" and isinstance(arguments, tuple) and len(arguments) == 5:
        _client, method, target, _version, status = arguments
        return {**event, "event": "request", "method": method, "path": target.partition("?")[0], "status": status}
    return event


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Pass over the signs of life that probes ask for every few seconds, while they are well."""
    if not isinstance(record.args, tuple) or len(record.args) != 5:
        return True
    _client, _method, target, _version, status = record.args
    return target not in SIGNS_OF_LIFE or status != 200


def _clean(key: str, value: Any) -> Any:
    if key in PERSONAL_KEYS or not PERSONAL_WORDS.isdisjoint(key.lower().split("_")):
        return BLANK
    match value:
        case str():
            return mask_long_numbers(value)
        case Mapping():
            return {inner: _clean(str(inner), item) for inner, item in value.items()}
        case Sequence() | set() | frozenset():
            return [_clean("", item) for item in value]
        case _:
            return value


def mask_long_numbers(text: str) -> str:
    """Mask runs of seven digits or more, which may be phones, cards or identity numbers; uuids stay."""
    # Every second part of the split is a uuid.
    return "".join(part if place % 2 else mask_digits(part) for place, part in enumerate(UUID.split(text)))
