"""Results as files: CSV for spreadsheets, JSON lines for programs; sprint ends as a calendar."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from api.dependencies import StoreDep
from api.rest.filters import Filters, FiltersDep
from api.rest.responses import PresenterDep, problems
from evaluator.model.results import Result
from evaluator.model.serialization import PUBLISHED_COLUMNS, table_row
from store.results import place
from store.store import Store

router = APIRouter(tags=["export"])

_PAGE = 500
_NOT_FOUND = problems(_404="There is no such team, group or target.")
_HEADING: list[object] = [*PUBLISHED_COLUMNS, "status_text"]


def _file(media_type: str, what: str) -> dict[int | str, dict[str, Any]]:
    content = {media_type: {"schema": {"type": "string"}}}
    return {200: {"description": what, "content": content}, **_NOT_FOUND}


@router.get(
    "/export.csv",
    operation_id="exportCsv",
    response_class=StreamingResponse,
    responses=_file("text/csv", "One line for each result, with a heading."),
)
def export_csv(store: StoreDep, filters: FiltersDep) -> Response:
    """Return results as CSV. Text that a spreadsheet would run as a formula begins with a quote."""
    rows = (table_row(r, r.status.words) for r in _every(store, filters))
    lines = map(_line, chain([_HEADING], rows))
    return _streamed(lines, "text/csv; charset=utf-8", "csv")


@router.get(
    "/export.jsonl",
    operation_id="exportJsonLines",
    response_class=StreamingResponse,
    responses=_file("application/jsonl", "One result on each line, as in GET /api/v1/results."),
)
def export_json_lines(store: StoreDep, present: PresenterDep, filters: FiltersDep) -> Response:
    """Return results as JSON, one on each line."""
    lines = (to_json(present.result(r)) + b"\n" for r in _every(store, filters))
    return _streamed(lines, "application/jsonl", "jsonl")


def _every(store: Store, filters: Filters) -> Iterator[Result]:
    """All results, page by page: memory does not grow with their number.

    The first page is read at once, so that what is wrong is known before the answer begins.
    """
    first = filters.page(store, None, _PAGE)

    def rest(page: list[Result]) -> Iterator[Result]:
        while page:
            yield from page
            full = len(page) == _PAGE
            page = filters.page(store, place(page[-1]), _PAGE) if full else []

    return rest(first)


def _streamed(lines: Iterator[bytes], media_type: str, ending: str) -> Response:
    chunks = iter(lambda: b"".join(islice(lines, 100)), b"")
    headers = {
        "Content-Disposition": f'attachment; filename="hearten-results.{ending}"',
        "Cache-Control": "private, no-cache",
    }
    return StreamingResponse(chunks, media_type=media_type, headers=headers)


def _line(cells: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
