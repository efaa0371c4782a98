"""What single settings may hold: each a type, or a check that returns the value."""

import re
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from hearten.config.faults import InvalidValueError

PLAIN = r"""(?!['"])[!-~]+(?<!['"])"""  # shells and files leave quotes around a text
NOT_PLAIN = (
    "stands in quotes, or holds a space, a line break or a letter that no token has",
    "write it alone",
)


def check_database(url: SecretStr) -> SecretStr:
    """Return the address of a database that hearten can use; errors: InvalidValueError."""
    try:
        scheme = urlsplit(url.get_secret_value()).scheme
    except ValueError:
        scheme = ""
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise InvalidValueError("must begin with sqlite:/// or postgresql://")
    return url


def check_token(token: SecretStr) -> SecretStr:
    """Return a token that stands alone; errors: InvalidValueError."""
    if not re.fullmatch(PLAIN, token.get_secret_value()):
        raise InvalidValueError(*NOT_PLAIN)
    return token


def check_email(address: str) -> str:
    """Return an e-mail address that stands alone; errors: InvalidValueError."""
    if not re.fullmatch(PLAIN, address) or not re.fullmatch("[^<>@]+@[^<>@]+", address):
        raise InvalidValueError(
            "must be an e-mail address", "write it alone, without quotes or spaces"
        )
    return address


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on hearten's own records are written."""

    DEBUG = "debug"
    INFO = "info"
    ERROR = "error"


def check_header(name: str) -> str:
    """Return the name of a header, or nothing; errors: InvalidValueError."""
    if not re.fullmatch("[A-Za-z0-9-]*", name):
        raise InvalidValueError("must be the name of a header, such as X-Forwarded-User")
    return name


def to_networks(addresses: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the addresses and networks of a list with commas; errors: ValueError."""
    return tuple(ip_network(each.strip()) for each in addresses.split(",") if each.strip())


def check_networks(addresses: str) -> str:
    """Return a list that `to_networks` understands; errors: InvalidValueError."""
    try:
        to_networks(addresses)
    except ValueError:
        raise InvalidValueError(
            "must be addresses or networks with commas between, such as 10.0.0.5,10.1.0.0/16"
        ) from None
    return addresses


def check_cron(expression: str) -> str:
    """Return a cron expression that the schedule understands; errors: ValueError."""
    from hearten.cron import Cron  # noqa: PLC0415 - few set one, and it is slow to import

    Cron(expression, ZoneInfo("UTC"))
    return expression
