"""Templates, and the header, navigation and footer around every page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from api.pages.assets import PREFIX
from api.pages.presenters.parts import links, words
from evaluator.model.plan import Plan
from evaluator.model.product import Product

# Styles, pictures and links come from here or from nowhere; there are no scripts.
POLICY = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_SECTIONS = (
    ("All teams", "/"),
    ("Targets", "/targets"),
    ("Between teams", links.BETWEEN_TEAMS),
    ("Calendar", "/calendar"),
    ("Data health", links.DATA),
    ("About", "/about"),
)
_CODE = re.compile(r"`([^`]+)`")


def code(text: str) -> Markup:
    """Return `text` as HTML in which what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("api.pages"), PackageLoader("nhsuk_frontend_jinja")]),
        undefined=ChainableUndefined,  # which NHS.UK's components need
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["code"] = code
    environment.globals["assets"] = PREFIX
    environment.globals["links"] = links
    return environment


_TEMPLATES = _environment()


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the navigation."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The header, navigation and footer of a page."""

    name: str
    product: Product
    sections: tuple[NavigationItem, ...]
    printed: words.When
    nothing_read: bool  # of any source, so far


def frame(plan: Plan, path: str, now: datetime, *, nothing_read: bool = False) -> PageFrame:
    """Return the frame of the page at `path`."""
    return PageFrame(
        plan.product_name,
        plan.product,
        tuple(NavigationItem(text, href, current=_within(path, href)) for text, href in _SECTIONS),
        words.moment(now, plan.zone),
        nothing_read,
    )


def render(
    request: Request,
    plan: Plan,
    now: datetime,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    nothing_read: bool = False,
    **said: Any,
) -> HTMLResponse:
    """Return a page: `template` with `said`, in its frame."""
    html = _TEMPLATES.get_template(template).render(
        frame=frame(plan, request.url.path, now, nothing_read=nothing_read), **said
    )
    # Results change without a version of their own, so that every visit asks.
    usual = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-cache"}
    return HTMLResponse(html, status, headers={**(headers or {}), **usual})


def _within(path: str, href: str) -> bool:
    if href == "/":
        return path == "/" or path.startswith("/teams/")
    return path == href or path.startswith(f"{href}/")
