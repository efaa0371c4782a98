"""Web addresses: what may be configured."""

from urllib.parse import urlsplit

from hearten.config.faults import InvalidValueError

_IN_JIRA = ("/rest/", "/browse/", "/secure/", "/projects/", "/jira/software/")  # below any site


def web_address(text: str) -> str:
    """Return `text` without its last slash.

    Errors: InvalidValueError with what to write, where `text` is no plain http or https address. It
    never repeats the address, which may hold a password.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port  # read for its check
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host:
        raise InvalidValueError("must be a web address", "write it as https://host")
    if "@" in parts.netloc:
        raise InvalidValueError(
            "must hold no user name or password", "a token comes from the environment"
        )
    if parts.query or parts.fragment:
        raise InvalidValueError("must end before any ? or #", "write it as https://host")
    return text.rstrip("/")


def jira_address(text: str) -> str:
    """Return the address of a Jira site without its last slash; errors as `web_address`."""
    address = web_address(text)
    path = f"{urlsplit(address).path}/"
    if pages := [each for each in _IN_JIRA if each in path]:
        page = min(pages, key=path.index)
        raise InvalidValueError(
            "must be that of the site, as people open it",
            f"leave out {page.removesuffix('/')} and the rest",
        )
    if path != "/" and (urlsplit(address).hostname or "").endswith(".atlassian.net"):
        raise InvalidValueError(
            "must be that of the site alone", "leave out what follows .atlassian.net"
        )
    return address


def github_api(text: str) -> str:
    """Return the address of GitHub's REST API without its last slash; errors as `web_address`."""
    address = web_address(text)
    if address == "https://github.com":
        raise InvalidValueError(
            "must be that of the API", "set https://api.github.com or leave it unset"
        )
    if address.endswith("/graphql"):
        raise InvalidValueError(
            "must be that of the REST API", "set https://api.github.com, or https://host/api/v3"
        )
    return address
