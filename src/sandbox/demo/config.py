"""The configuration that fits the demonstration's world, as the files that a reader would write."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import yaml

from sandbox.demo.boards import BOARDS, DATA_CENTER, DATA_CENTER_BOARDS, PROJECT_IDS
from sandbox.demo.calendar import ANCHOR, CLOSURE, RATCHET, SPRINT_DAYS, Calendar
from sandbox.demo.improvements import FEEDBACK
from sandbox.demo.releases import WORKFLOW
from sandbox.demo.work import OWNER
from sandbox.jira.shapes import type_id

DATA_CENTER_VARIABLE = "DEMO_DC_TOKEN"
Entry = dict[str, Any]
_CADENCE: Entry = {"from": "cadence", "first_day": ANCHOR, "length_days": SPRINT_DAYS}
_DEPLOYED: Entry = {"evidence": "deployment", "environments": ["production"]}
_MERGED: Entry = {"evidence": "merge"}
_OF_TICKETS = ("tickets-done", "retro-actions", "user-feedback")


def demo_config(now: datetime, *, data_center_url: str, github_url: str = "") -> dict[str, str]:
    """Return the files of a configuration folder by name, for `demo_world(now)`.

    `data_center_url` is where the Data Center site is served; its token is read from the
    environment variable `DEMO_DC_TOKEN`. `github_url` is where GitHub's pages are served;
    without it there is no place to ask about a result.
    """
    calendar = Calendar(now)
    return {
        "hearten.yaml": _yaml(
            "How the organisation works.", _hearten(calendar, data_center_url, github_url)
        ),
        "teams.yaml": _yaml("Who looks after what.", {"teams": _teams()}),
        "targets.yaml": _yaml("What was agreed.", {"targets": _targets(calendar)}),
        "excused.yaml": _yaml("When less was expected.", {"excused": _excused(calendar)}),
    }


def _yaml(comment: str, content: Mapping[str, Any]) -> str:
    class Plain(yaml.SafeDumper):
        """Writes repeated parts out instead of pointing at the first."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    text = yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return f"# {comment}\n{text}"


def _hearten(calendar: Calendar, data_center_url: str, github_url: str) -> Entry:
    first = calendar.monday(CLOSURE)
    ours = f"{github_url}/{OWNER}/hearten-config"
    product = {
        "organisation": "Example Health",
        "footer": "A demonstration: all teams, changes and tickets are made up.",
        "support_url": f"{ours}/discussions",
        "query_url": f"{ours}/issues/new?title={{title}}&body={{body}}",
    }
    return {
        **({"product": product} if github_url else {}),
        "time_zone": "Europe/London",
        "closures": [{"from": first, "to": first + timedelta(days=8), "name": "Moving house"}],
        "bots": ["example-release-account"],
        "feedback_links": [FEEDBACK],
        "jira_sites": {DATA_CENTER: {"url": data_center_url, "token_env": DATA_CENTER_VARIABLE}},
    }


def _teams() -> list[Entry]:
    return [
        _team("heron", "appointments", [_repository("booking-web", _DEPLOYED)], "HER"),
        _team("wren", "records", [_repository("records-api", _releases(r"v\d+(\.\d+)*"))], "WRE"),
        _team(
            "avocet",
            "letters",
            [_repository("letters", _tags("production-.*", at="%Y-%m-%d"))],
            "AVO",
        ),
        _team(
            "kestrel",
            "records",
            [_repository("results-service", {"evidence": "workflow", "workflow": WORKFLOW})],
            "KES",
        ),
        _team("plover", "appointments", [_folder("plover")], "PLO"),
        _team("dunlin", "appointments", [_folder("dunlin")], "DUN"),
        _team("curlew", "appointments", [_repository("waiting-list", _DEPLOYED)], "CUR"),
        _team("linnet", "letters", [_repository("formulary", _tags(r"v\d+"))], "LIN"),
        _team(
            "siskin",
            "records",
            [_repository("directory", _MERGED), _repository("directory-private", _MERGED)],
            "SIS",
        ),
        _team("gannet", "letters", [_repository("referrals", _DEPLOYED)], "GAN"),
        _team("fulmar", "letters", [_repository("reminders", _DEPLOYED)], "FUL"),
        _team(
            "knot",
            "records",
            [_repository("style-guide", _MERGED), _repository("style-guide-old", _MERGED)],
        ),
    ]


def _team(ident: str, group: str, repositories: list[Entry], project: str = "") -> Entry:
    """Return a team's entry: its sprints are its board's, where it has one."""
    team: Entry = {
        "id": ident,
        "name": ident.title(),
        "group": group,
        "repositories": repositories,
    }
    board = {**BOARDS, **DATA_CENTER_BOARDS}.get(project)
    if project:
        team["jira"] = {"project": project}
        if board:
            team["jira"]["board"] = board
        team["jira"] |= {"project_id": PROJECT_IDS[project], "issue_type_id": type_id("Task")}
        if project in DATA_CENTER_BOARDS:
            team["jira"]["site"] = DATA_CENTER
    else:
        why = f"{ident.title()} does not use Jira."
        team["not_applicable"] = dict.fromkeys(_OF_TICKETS, why)
    team["sprints"] = {"from": "board"} if board else _CADENCE
    if ident == "heron":
        team["streaks"] = True
    return team


def _repository(name: str, production: Entry) -> Entry:
    return {"name": f"{OWNER}/{name}", "production": production}


def _folder(team: str) -> Entry:
    return {"name": f"{OWNER}/monorepo", "paths": [f"services/{team}/"], "production": _MERGED}


def _releases(tags: str) -> Entry:
    return {"evidence": "release", "tags": tags}


def _tags(tags: str, *, at: str = "") -> Entry:
    return {"evidence": "tag", "tags": tags, **({"at": at} if at else {})}


def _targets(calendar: Calendar) -> list[Entry]:
    began = calendar.monday(0) - timedelta(days=364)
    proposed = calendar.monday(RATCHET) - timedelta(days=42)
    agreed = {"effective_from": began, "minimum": 1, "status": "agreed"}
    ratchet = {
        "effective_from": calendar.monday(RATCHET),
        "minimum": 2,
        "status": "agreed",
        "proposed_on": proposed,
        "consultation_closes": proposed + timedelta(days=35),
        "rationale": "Nearly every sprint since the start had two changes or more.",
    }
    return [
        {
            "id": "reached-production",
            "title": "Changes reach production",
            "plain_english": "What the team changes reaches production each sprint.",
            "measure": "changes_in_production",
            "period": "sprint",
            "helps_with": "Work that waits unreleased helps nobody.",
            "benefit": "Your work reaches people sooner, and the team can show it.",
            "versions": [agreed, ratchet],
        },
        {
            "id": "tickets-done",
            "title": "Tickets move to Done",
            "plain_english": "At least one ticket of the team moves to Done each sprint.",
            "measure": "tickets_done",
            "period": "sprint",
            "helps_with": "A board that nobody moves tells nobody anything.",
            "benefit": "Everybody sees what is finished without asking.",
            "versions": [agreed],
        },
        {
            "id": "retro-actions",
            "title": "Retro actions are done",
            "plain_english": "At least one action of the last retrospectives is done each sprint.",
            "measure": "retro_actions_done",
            "period": "sprint",
            "helps_with": "A retrospective whose actions are never done is not worth going to.",
            "benefit": "What annoys the team goes away, one thing at a time.",
            "stretch": True,
            "versions": [agreed],
        },
        {
            "id": "user-feedback",
            "title": "Feedback is acted on",
            "plain_english": "Each sprint the team takes up something that users said.",
            "measure": "feedback_acted_on",
            "period": "sprint",
            "helps_with": "What people say about what was just released is easily lost.",
            "benefit": "The team can show that what people told it changed what it did.",
            "stretch": True,
            "versions": [agreed],
        },
    ]


def _excused(calendar: Calendar) -> list[Entry]:
    quiet, call, moved = (calendar.monday(sprint) for sprint in (6, 10, 12))
    fortnight = timedelta(days=SPRINT_DAYS - 1)
    return [
        {
            "team": "fulmar",
            "from": quiet,
            "to": quiet + fortnight,
            "reason": "reduced_capacity",
            "note": "Two of five available.",
        },
        {
            "team": "knot",
            "from": call,
            "to": call + fortnight,
            "reason": "on_call_or_incident",
        },
        {
            "team": "fulmar",
            "from": call,
            "to": moved - timedelta(days=1),
            "reason": "agreed_other",
            "note": "The team moves to another service.",
        },
    ]
