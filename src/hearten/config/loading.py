"""Reads the configuration folder."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from evaluator.model.plan import Plan
from hearten.config.agreed_versions import edits_of_the_past
from hearten.config.base_model import Entry
from hearten.config.consultations import months_not_held
from hearten.config.cross_checks import faults_between
from hearten.config.excused import ExcusedFile
from hearten.config.faults import ConfigError, Fault
from hearten.config.organisation import JiraSiteEntry, OrganisationFile
from hearten.config.plan_builder import build
from hearten.config.presence import gone, held_something, misspelt
from hearten.config.roles import RolesFile
from hearten.config.targets import TargetsFile
from hearten.config.teams import TeamsFile
from hearten.config.time_allocation import TimeAllocationFile
from hearten.config.yaml_source import YamlMapping, nothing, read

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
_NEVER_EMPTY = {*_NEEDED, "excused.yaml"}
_ALL_OPTIONAL = "hearten.yaml"  # `{}` in it says that the defaults are meant

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
    the local day; `previous` is the plan stored last, against which edits of the past are found,
    and files that are gone.
    Errors: ConfigError with everything that is wrong in all files.
    """
    files = _Files(folder, FILES, previous)
    organisation = files.read("hearten.yaml", OrganisationFile)
    teams = files.read("teams.yaml", TeamsFile)
    targets = files.read("targets.yaml", TargetsFile)
    excused = files.read("excused.yaml", ExcusedFile)
    roles = files.read("roles.yaml", RolesFile, without=EXAMPLES)
    allocation = files.read("time_allocation.yaml", TimeAllocationFile, without=EXAMPLES)
    faults = files.faults
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
    faults += months_not_held(targets, previous, today)
    faults += edits_of_the_past(targets, previous, today) if previous else []
    if faults:
        raise ConfigError(faults)
    plan = build(
        organisation,
        teams,
        targets,
        excused,
        (roles, allocation),
        sites=all_sites,
        github_html=github_html,
        today=today,
    )
    return replace(plan, files=tuple(sorted(files.that_hold_something)))


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
    files = _Files(folder, {"hearten.yaml": OrganisationFile})
    organisation = files.read("hearten.yaml", OrganisationFile)
    if files.faults:
        raise ConfigError(files.faults)
    return organisation


class _Files:
    """The files of a folder, read one by one. `faults` is everything that is wrong with them.

    `previous` is the plan stored last, whose files may not go missing.
    """

    def __init__(
        self, folder: Path, files: Mapping[str, type[Entry]], previous: Plan | None = None
    ) -> None:
        misnamed = misspelt(folder, files)
        self._folder = folder
        self._misnamed = {each.meant for each in misnamed}
        self._held_something = held_something(previous)
        self.that_hold_something: list[str] = []
        self.faults = [each.fault for each in misnamed]

    def read(self, name: str, model: type[_File], *, without: Path | None = None) -> _File:
        """Return what the file holds, as far as it can be used.

        Where it may be missing, the defaults stand, or what the file of its name in `without` says.
        """
        path = self._folder / name
        content = read(path, str(path), self.faults) if path.exists() else nothing(str(path))
        if content is None:
            return _unread(path, model)
        if content or (name == _ALL_OPTIONAL and not content.blank):
            self.that_hold_something.append(name)
            return model.model_validate(content, context=self.faults)
        if name in self._misnamed:
            return _unread(path, model)
        if fault := self._missed(path):
            self.faults.append(fault)
            return _unread(path, model)
        stands = _example(without / name) if without else None
        return model.model_validate(stands or content, context=[])

    def _missed(self, path: Path) -> Fault | None:
        """Return what is wrong with a file's holding nothing, None where it may well be missing."""
        if path.name in _NEEDED and not path.exists():
            return Fault(str(path.absolute()), 1, "", "is missing", _FIND_IT)
        emptied = path.exists() and path.name in _NEVER_EMPTY
        return gone(path) if emptied or path.name in self._held_something else None


@cache  # it comes with hearten, and never changes
def _example(path: Path) -> YamlMapping | None:
    return read(path, str(path), [])


def _unread(path: Path, model: type[_File]) -> _File:
    return model.model_validate(nothing(str(path)), context=[]).as_unread()
