"""Addresses that pages link to, some with places to fill in."""

from string import Formatter
from urllib.parse import urlsplit

from hearten.config.faults import InvalidValueError

_QUERY = {"title", "body"}
_ACTION = {"site", "project", "project_id", "issue_type_id", "label", "summary"}


def link(text: str) -> str:
    """Return `text`, an http or https address; InvalidValueError with what to write otherwise."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise InvalidValueError("must be a web address", "write it as https://host/page")
    if "@" in parts.netloc:
        raise InvalidValueError("must hold no user name or password")
    return text


def query_link(text: str) -> str:
    """Return `text`, an address with at least one of {title} and {body}."""
    places = _places(text)
    if not places or places - _QUERY:
        raise InvalidValueError("must hold {title} or {body}, and nothing else in curly brackets")
    return link(text)


def action_link(text: str) -> str:
    """Return `text`, an address with {label} that may begin with {site}."""
    places = _places(text)
    if "label" not in places or places - _ACTION:
        raise InvalidValueError(
            "must hold {label}",
            "beside it only {site}, {project}, {project_id}, {issue_type_id} and {summary} stand",
        )
    link(text.replace("{site}", "https://site", 1) if text.startswith("{site}") else text)
    return text


def _places(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}
