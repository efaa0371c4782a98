"""A result as plain data: one shape for the command line, REST and export."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from evaluator.model.results import EvidenceItem, Result, Sprint


def published(result: Result) -> dict[str, Any]:
    """Return a result as plain data for JSON. Times are ISO 8601 in UTC; None is null."""
    return {
        "team": result.team,
        "sprint": published_sprint(result.sprint),
        "period": published_period(result.sprint),
        "target": {
            "id": result.target,
            "version": result.target_version.isoformat() if result.target_version else None,
        },
        "status": result.status.value,
        "value": result.value,
        "minimum": result.minimum,
        "unit": result.unit,
        "coverage": round(result.coverage, 4),
        "state": result.state.value,
        "reason": result.sentence,
        "evidence": [_published_item(item) for item in result.evidence],
        "left_out": [
            {
                "label": item.label,
                "reason": item.reason,
                "url": item.url or None,
                "at": utc_text(item.at),
            }
            for item in result.left_out
        ],
        "gaps": [
            {"source": gap.source, "reason": gap.reason.value, "detail": gap.detail}
            for gap in result.gaps
        ],
        "sources": list(result.sources),
        "notes": list(result.all_notes),
        "version": result.version,
        "cause": result.cause or None,
        "evaluated_at": utc_text(result.evaluated_at),
        "checked_at": utc_text(result.checked_at),
    }


def _published_item(item: EvidenceItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "label": item.label,
        "url": item.url,
        "at": utc_text(item.at),
        "flags": list(item.flags),
        "steps": [
            {"what": step.what, "label": step.label, "url": step.url, "at": utc_text(step.at)}
            for step in item.steps
        ],
    }


PUBLISHED_COLUMNS = (
    *("team", "sprint_id", "sprint_name", "start", "end", "target", "target_version", "status"),
    *("value", "minimum", "unit", "coverage", "state", "version", "reason", "evidence"),
)


def published_row(result: Result) -> dict[str, Any]:
    """Return a result as one line of a table; evidence as labels with spaces between."""
    data = published(result)
    sprint, target = data["sprint"], data["target"]
    labels = " ".join(item["label"] for item in data["evidence"])
    flat = {
        **data,
        "sprint_id": sprint["id"],
        "sprint_name": sprint["name"],
        "start": sprint["start"],
        "end": sprint["end"],
        "target": target["id"],
        "target_version": target["version"],
        "evidence": labels,
    }
    return {column: flat[column] for column in PUBLISHED_COLUMNS}


def table_row(result: Result, *more: object) -> list[object]:
    """Return a result, and what else stands beside it, as cells of CSV for spreadsheets.

    Text that a spreadsheet would run as a formula begins with a quote.
    """
    return [_no_formula(cell) for cell in (*published_row(result).values(), *more)]


_SIGNS = "=+-@\N{MINUS SIGN}"  # which begin a formula


def _no_formula(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    # Spreadsheets may pass over what does not show, and take a wide sign for the narrow one.
    seen = next((c for c in cell if c.isprintable() and not c.isspace()), "")
    formula = cell.startswith(("\t", "\r", "\n")) or (
        seen and unicodedata.normalize("NFKC", seen)[0] in _SIGNS
    )
    # A carriage return alone would end the row unquoted where rows end with a line feed.
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if formula else lines


def published_sprint(sprint: Sprint) -> dict[str, Any]:
    """Return a sprint as plain data for JSON."""
    return {
        "id": sprint.id,
        "name": sprint.name,
        "start": utc_text(sprint.start),
        "end": utc_text(sprint.end),
        "settles": utc_text(sprint.settled_at),
        "notes": list(sprint.notes),
    }


def published_period(sprint: Sprint) -> dict[str, Any]:
    """Return a sprint as the period that it is."""
    return {
        "kind": "sprint",
        "id": sprint.id,
        "name": sprint.name,
        "start": utc_text(sprint.start),
        "end": utc_text(sprint.end),
    }


def utc_text(at: datetime | None) -> str | None:
    """Return an instant in ISO 8601, in UTC with a Z; None stays None."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
