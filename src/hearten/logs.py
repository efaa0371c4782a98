"""The log: lines on standard error, as text or JSON, that hold no secret and nobody's name."""

import json
import logging
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any, TextIO

from hearten.setting_values import LogFormat
from hearten.settings import Settings

OURS = ("hearten", "api", "collector", "evaluator", "sandbox", "store")
# At these levels libraries say what is worth knowing. Lower, some print whole answers of GitHub and
# Jira, with what people wrote; `github` and `jira` do so even in what they take for errors, and the
# collector says all of that in its own words.
_SILENT = ("github", "jira")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def set_up(settings: Settings, *, to: TextIO | None = None) -> None:
    """Send every logger's records to `to` (standard error), as the settings say."""
    level = settings.log_level.upper()
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": JsonLines if settings.log_format is LogFormat.JSON else TextLines,
                    "secrets": settings.secrets,
                }
            },
            "handlers": {
                "stream": {
                    "()": logging.StreamHandler if to else StandardError,
                    "formatter": "lines",
                    **({"stream": to} if to else {}),
                }
            },
            "root": {"level": "WARNING", "handlers": ["stream"]},
            "loggers": {
                **{name: {"level": level} for name in OURS},
                "uvicorn": {"level": "ERROR" if level == "ERROR" else "INFO"},
                **{name: {"level": "CRITICAL"} for name in _SILENT},
            },
        }
    )


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is now: it may have been another one when this was made."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.stream = sys.stderr
        super().emit(record)


class TextLines(logging.Formatter):
    """One line for each record, and a traceback below where there is one; secrets as `***`."""

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002 - logging's own
        """The instant of the record, in UTC."""
        return _instant(record)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return _without(self._secrets(), super().format(record))


class JsonLines(logging.Formatter):
    """Each record as one JSON object on one line; secrets as `***`.

    Keys: `at` (UTC), `level`, `logger`, `message`, perhaps `traceback`, and what else the record
    says, such as `status` or `source`.
    """

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON. Secrets go before quotes and line breaks in them are escaped."""
        secrets = list(self._secrets())
        said: dict[str, Any] = {
            "at": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _STANDARD},
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        plain = {
            key: value if isinstance(value, bool | int | float) else _without(secrets, str(value))
            for key, value in said.items()
            if value is not None
        }
        return json.dumps(plain, ensure_ascii=False)


class LoggedProgress:
    """Tells the log how far a job has come: one line for each source or team."""

    def __init__(self) -> None:
        self._log = logging.getLogger(__name__)

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        self._log.info("%d %s", total, what)

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        self._log.info("%s: %s", name, said, extra={"step": name})


def _instant(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _without(secrets: Iterable[str], text: str) -> str:
    """The text with `***` for each secret, also where it was quoted as Python quotes it."""
    for secret in secrets:
        text = text.replace(secret, "***").replace(repr(secret)[1:-1], "***")
    return text
