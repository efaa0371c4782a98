"""Addresses of web pages, as answers and earlier versions have them: none of another kind."""


def web_address(url: str) -> str:
    """Return `url` where it is one of http or https, empty for any other, such as a script."""
    return url if url.startswith(("https://", "http://")) and _plain(url) else ""


def below(root: str, url: str) -> str:
    """Return `url` where it leads to a page below `root`, itself a web address; else empty."""
    return (
        url if web_address(root) and url.startswith(f"{root.rstrip('/')}/") and _plain(url) else ""
    )


def _plain(url: str) -> bool:
    return url.isprintable() and not any(sign in url for sign in ' \\"<>')
