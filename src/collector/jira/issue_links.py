"""Links between Jira's issues: which other one, of what type and in which direction. No summary."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from collector.json_fields import pick, pick_or_none
from evaluator.model.facts import LinkedTicket, StatusCategory, TicketLink

_SIDES = (("outwardIssue", True), ("inwardIssue", False))


def read_links(links: Collection[object]) -> tuple[TicketLink, ...]:
    """Return the links of an issue, in order of id. Jira leaves out what the account may not see.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    return tuple(sorted((one for link in links for one in _read(link)), key=lambda o: o.ident))


def _read(link: object) -> Iterator[TicketLink]:
    for side, outward in _SIDES:
        other = pick_or_none(link, side, dict)
        if other is not None:
            yield TicketLink(
                ident=pick(link, "id", str),
                type=pick(link, "type.name", str),
                outward=outward,
                key=pick(other, "key", str),
                issue_id=pick(other, "id", str),
                status_category=_category(other),
            )


def _category(other: object) -> StatusCategory:
    fields = pick_or_none(other, "fields", dict)
    status = pick_or_none(fields, "status", dict) if fields else None
    category = pick_or_none(status, "statusCategory", dict) if status else None
    key = pick_or_none(category, "key", str) if category else None
    return StatusCategory(key) if key in set(StatusCategory) else StatusCategory.UNKNOWN


def of_types(links: Collection[TicketLink], types: Collection[str]) -> list[TicketLink]:
    """Return those of the links whose type is named, without regard to case."""
    wanted = {name.casefold() for name in types}
    return [link for link in links if link.type.casefold() in wanted]


def looked_at(
    links: Collection[TicketLink], linked: Mapping[str, LinkedTicket]
) -> tuple[TicketLink, ...]:
    """Return the links with what was read of the other ticket, by the link's id."""
    return tuple(replace(link, linked=linked.get(link.ident)) for link in links)
