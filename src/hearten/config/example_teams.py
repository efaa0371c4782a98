"""The teams of the example files: nobody's own, so that nothing is read or agreed for them."""

from pathlib import Path

from evaluator.model.plan import Plan
from hearten.config.faults import ConfigError, Fault

_OWNER = "your-organisation/"  # as in the files that `hearten init` writes
_REMEDY = (
    "put your own repository in its place (`hearten suggest` prints how it may ship), or take the "
    "team out"
)


def holds_examples(plan: Plan) -> bool:
    """Return whether some team still has a repository of the example files."""
    return any(_is_example(source.repository) for source in plan.sources)


def refuse_example_teams(plan: Plan, folder: Path) -> None:
    """Errors: ConfigError with each example repository in the folder's `teams.yaml`."""
    file = folder / "teams.yaml"
    faults = [
        Fault(
            str(file),
            _line_of(entry.repository, file),
            f"teams[{team.id}].repositories",
            f"{entry.repository} is an example, so nothing was read",
            _REMEDY,
        )
        for team in plan.teams
        for entry in team.repositories
        if _is_example(entry.repository)
    ]
    if faults:
        raise ConfigError(faults)


def _is_example(repository: str) -> bool:
    return repository.casefold().startswith(_OWNER)


def _line_of(text: str, file: Path) -> int:
    """Return the first line of the file that has the text; 1 where none has, or it is gone."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
