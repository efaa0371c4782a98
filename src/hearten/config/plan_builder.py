"""The plan, made from files without a fault."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from evaluator.model import plan
from evaluator.model import product as product_words
from evaluator.model.days import Days
from evaluator.model.delivery import each_once
from evaluator.model.plan import Plan, RepositorySource, VersionStatus
from evaluator.model.ticket_labels import TicketLabels
from hearten.config.bank_holidays import bank_holidays
from hearten.config.excused import ExcusedFile
from hearten.config.organisation import OrganisationFile, ProductEntry
from hearten.config.repositories import RepositoryEntry
from hearten.config.roles import RolesFile
from hearten.config.targets import TargetEntry, TargetsFile, VersionEntry
from hearten.config.teams import JiraEntry, TeamEntry, TeamsFile
from hearten.config.time_allocation import TimeAllocationFile


def build(
    organisation: OrganisationFile,
    teams: TeamsFile,
    targets: TargetsFile,
    excused: ExcusedFile,
    guides: tuple[RolesFile, TimeAllocationFile],
    *,
    sites: Mapping[str, str],
    github_html: str,
    today: date,
) -> Plan:
    """Return the plan that the files agree on; `sites` are where people open each Jira site."""
    labels = TicketLabels(**organisation.labels.in_plan())
    kept, feedback_links = labels.kept, tuple(sorted(set(organisation.feedback_links)))
    return Plan(
        teams=tuple(_team(team, kept, feedback_links) for team in teams.teams),
        targets=tuple(map(_target, targets.targets)),
        sources=_sources(teams.teams, organisation),
        excuses=tuple(
            plan.Excuse(e.team, Days(e.first, e.last), e.reason, e.note) for e in excused.excused
        ),
        closures=tuple(plan.Closure(Days(c.first, c.last), c.name) for c in organisation.closures),
        bank_holidays=bank_holidays(organisation.bank_holidays, today),
        time_zone=organisation.time_zone,
        settle_days=organisation.settle_days,
        product_name=organisation.product.name,
        github_html=github_html,
        jira_html=tuple(sorted(sites.items())),
        product=_product(organisation.product),
        roles=guides[0].in_plan(),
        allocations=guides[1].in_plan(),
        dates=tuple(
            plan.AgreedDate(each.name, *each.days, every_year=each.every_year)
            for each in organisation.dates
        ),
        labels=labels,
        feedback_links=feedback_links,
    )


def _product(product: ProductEntry) -> product_words.Product:
    return product_words.Product(
        organisation=product.organisation,
        logo=product.logo,
        footer=product.footer,
        support_url=product.support_url or "",
        query_url=product.query_url or "",
        retro_action_url=product.retro_action_url,
    )


def _sources(
    teams: list[TeamEntry], organisation: OrganisationFile
) -> tuple[RepositorySource, ...]:
    """Return one source for each repository, with the folders and deliveries of all teams."""
    bots = tuple(sorted(set(organisation.bots)))
    mentions = _by_name(teams)
    return tuple(
        RepositorySource(
            repository=name,
            deliveries=tuple(each_once(r.delivery for r in mentions[name])),
            paths=tuple(sorted({path for r in mentions[name] for path in r.paths})),
            bots=bots,
            agents_count=organisation.agents_count,
        )
        for name in sorted(mentions)
    )


def _by_name(teams: list[TeamEntry]) -> dict[str, list[RepositoryEntry]]:
    found: dict[str, list[RepositoryEntry]] = {}
    for team in teams:
        for repository in team.repositories:
            found.setdefault(repository.name, []).append(repository)
    return found


def _team(team: TeamEntry, labels: tuple[str, ...], feedback_links: tuple[str, ...]) -> plan.Team:
    calendars = team.calendars
    first = calendars[0] if calendars else None
    return plan.Team(
        id=team.id,
        name=team.name,
        sprints=first.calendar if first else None,
        group=team.group,
        repositories=tuple(
            plan.TeamRepository(r.name, tuple(sorted(set(r.paths))), r.days, r.delivery)
            for r in team.repositories
        ),
        jira=tuple(_jira(entry, labels, feedback_links) for entry in team.jira),
        not_applicable=tuple(sorted(team.not_applicable.items())),
        active=Days(team.active_from, team.active_to),
        streaks=team.streaks,
        sprint_names=first.names if first else "",
        later_sprints=calendars[1:],
        continues=tuple(dict.fromkeys(team.continues)),
    )


def _jira(
    jira: JiraEntry, labels: tuple[str, ...], feedback_links: tuple[str, ...]
) -> plan.TeamJira:
    out = jira.leave_out
    return plan.TeamJira(
        tickets=replace(
            jira.tickets,
            labels=labels,
            feedback_links=feedback_links,
            in_sprints=jira.board is not None,
        ),
        board=jira.board,
        leave_out=plan.LeaveOut(
            tuple(out.types), out.sub_tasks, tuple(out.resolutions), tuple(out.statuses)
        ),
        days=jira.days,
        project_id=jira.project_id,
        issue_type_id=jira.issue_type_id,
        seen_from=jira.seen_from,
    )


def _target(target: TargetEntry) -> plan.Target:
    in_order = sorted(target.versions, key=lambda version: version.effective_from)
    return plan.Target(
        id=target.id,
        title=target.title,
        plain_english=target.plain_english,
        measure=target.measure,
        versions=tuple(map(_version, in_order)),
        period=target.period,
        helps_with=target.helps_with,
        benefit=target.benefit,
        stretch=target.stretch,
        owner_role=target.owner_role,
        raci=target.raci,
        not_a_measure_of=target.not_a_measure_of,
    )


def _version(version: VersionEntry) -> plan.TargetVersion:
    return plan.TargetVersion(
        effective_from=version.effective_from,
        minimum=version.minimum,
        status=VersionStatus(version.status),
        effective_to=version.effective_to,
        proposed_on=version.proposed_on,
        consultation_closes=version.consultation_closes,
        proposed_in=version.proposed_in,
        rationale=version.rationale,
        correction_reason=version.correction_reason,
    )
