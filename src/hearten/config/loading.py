"""Reads the configuration folder."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from evaluator.model.plan import Plan
from hearten.config.agreed_versions import edits_of_the_past
from hearten.config.base_model import Entry
from hearten.config.cross_checks import faults_between
from hearten.config.excused import ExcusedFile
from hearten.config.faults import ConfigError, Fault
from hearten.config.organisation import JiraSiteEntry, OrganisationFile
from hearten.config.plan_builder import build
from hearten.config.roles import RolesFile
from hearten.config.targets import TargetsFile
from hearten.config.teams import TeamsFile
from hearten.config.time_allocation import TimeAllocationFile
from hearten.config.yaml_source import YamlMapping, YamlPosition, read

FILES: dict[str, type[Entry]] = {
    "hearten.yaml": OrganisationFile,
    "teams.yaml": TeamsFile,
    "targets.yaml": TargetsFile,
    "excused.yaml": ExcusedFile,
    "roles.yaml": RolesFile,
    "time_allocation.yaml": TimeAllocationFile,
}
EXAMPLES = Path(__file__).with_name("examples")
_FIND_IT = "run `hearten init` for examples, or set HEARTEN_CONFIG to the folder that has it"
_NEEDED = {"teams.yaml", "targets.yaml"}

_File = TypeVar("_File", bound=Entry)


def load(
    folder: Path,
    *,
    sites: Mapping[str, str],
    github_html: str,
    measures: Collection[str],
    today: date,
    previous: Plan | None = None,
) -> Plan:
    """Return the plan that the folder's files hold.

    `sites` are the Jira sites from the environment, by name, with the addresses that people open;
    `github_html` is the address of GitHub's pages; `measures` are the names that exist; `today` is
    the local day; `previous` is the plan stored last, against which edits of the past are found.
    Errors: ConfigError with everything that is wrong in all files.
    """
    faults: list[Fault] = []
    organisation = _file(folder, "hearten.yaml", OrganisationFile, faults)
    teams = _file(folder, "teams.yaml", TeamsFile, faults)
    targets = _file(folder, "targets.yaml", TargetsFile, faults)
    excused = _file(folder, "excused.yaml", ExcusedFile, faults)
    roles = _guide(folder, "roles.yaml", RolesFile, faults)
    allocation = _guide(folder, "time_allocation.yaml", TimeAllocationFile, faults)
    all_sites = {
        **{name: site.opened_at for name, site in organisation.jira_sites.items()},
        **sites,
    }

    faults += organisation.faults(sites)
    faults += [fault for team in teams.teams for fault in team.faults()]
    faults += targets.faults(measures)
    faults += excused.faults(teams.ids)
    faults += allocation.faults()
    known_sites = all_sites if organisation.sound("jira_sites") else None
    faults += faults_between(teams.teams, known_sites, targets.ids)
    faults += edits_of_the_past(targets, previous, today) if previous else []
    if faults:
        raise ConfigError(faults)
    return build(
        organisation,
        teams,
        targets,
        excused,
        (roles, allocation),
        sites=all_sites,
        github_html=github_html,
        today=today,
    )


def jira_sites(folder: Path) -> dict[str, JiraSiteEntry]:
    """Return the Jira sites of `hearten.yaml` by name, each with its `url` and `token_env`.

    Errors: ConfigError with everything that is wrong in that file.
    """
    return _organisation(folder).jira_sites


def time_zone(folder: Path) -> ZoneInfo:
    """Return the zone in which days begin, by `hearten.yaml` where there is one.

    Errors: ConfigError with everything that is wrong in that file.
    """
    return ZoneInfo(_organisation(folder).time_zone)


def _organisation(folder: Path) -> OrganisationFile:
    faults: list[Fault] = []
    organisation = _file(folder, "hearten.yaml", OrganisationFile, faults)
    if faults:
        raise ConfigError(faults)
    return organisation


def _guide(folder: Path, name: str, model: type[_File], faults: list[Fault]) -> _File:
    """As `_file`; where nobody wrote the file, hearten's own proposal stands."""
    written = any((folder / name).with_suffix(suffix).exists() for suffix in (".yaml", ".yml"))
    return _file(folder if written else EXAMPLES, name, model, faults)


def _file(folder: Path, name: str, model: type[_File], faults: list[Fault]) -> _File:
    """Return what the file holds, as far as it can be used; what is wrong is added to `faults`."""
    path = folder / name
    file = str(path)
    misnamed = path.with_suffix(".yml")
    if misnamed.exists():
        faults.append(Fault(str(misnamed), 1, "", "is not read", f"rename it to {name}"))
    elif name in _NEEDED and not path.exists():
        faults.append(Fault(str(path.absolute()), 1, "", "is missing", _FIND_IT))
    absent = not misnamed.exists() and not path.exists()
    content = read(path, file, faults) if path.exists() else None
    if content is not None:
        return model.model_validate(content, context=faults)
    entry = model.model_validate(YamlMapping(YamlPosition(file)), context=[])
    return entry if absent and name not in _NEEDED else entry.as_unread()
