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
    return _with_own_host(text, text)


def action_link(text: str) -> str:
    """Return `text`, an address with {label} that may begin with {site}."""
    places = _places(text)
    if "label" not in places or places - _ACTION:
        raise InvalidValueError(
            "must hold {label}",
            "beside it only {site}, {project}, {project_id}, {issue_type_id} and {summary} stand",
        )
    begins = text.startswith(("{site}/", "{site}?"))
    return _with_own_host(text, text.replace("{site}", "https://site", 1) if begins else text)


def _with_own_host(text: str, address: str) -> str:
    """Return `text` where what is filled in does not say where its `address` leads."""
    if "{" in urlsplit(link(address)).netloc:
        raise InvalidValueError("must name its host itself", "write it as https://host/page")
    return text


def _places(text: str) -> set[str]:
    """Return the names in curly brackets, each as it is written: `title!r` and `title:9` too."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return {"?"}
    return {
        f"{name}{conversion or ''}{form}" for _, name, form, conversion in parts if name is not None
    }
