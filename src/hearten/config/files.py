"""Example files to begin with, and JSON Schemas for editors."""

from contextlib import suppress
from pathlib import Path

from hearten.config.loading import EXAMPLES, FILES
from hearten.errors import CommandError


class NotWrittenError(CommandError):
    """Nothing was written. The text says why, and what to do."""


def init(folder: Path) -> list[Path]:
    """Write commented example files for two teams into `folder`, and return their paths.

    Errors: NotWrittenError where one of them exists, or the folder cannot be written.
    """
    paths = [folder / name for name in FILES]
    begun: list[Path] = []
    try:
        existing = [str(path) for path in paths if path.exists()]
        if existing:
            raise NotWrittenError(
                f"{', '.join(existing)}: there already, so nothing was written. "
                "Edit them, or set HEARTEN_CONFIG to another folder."
            )
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            begun.append(path)
            path.write_text((EXAMPLES / path.name).read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        for path in begun:
            with suppress(OSError):  # half of them would look like somebody's own
                path.unlink()
        raise NotWrittenError(
            f"The folder {folder.absolute()} cannot be written ({error.strerror}), so nothing was. "
            "Make it a folder that you may write, or set HEARTEN_CONFIG to another one."
        ) from None
    return paths


def schema() -> dict[str, dict[str, object]]:
    """Return a JSON Schema for each configuration file, by the file's name."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(by_alias=True),
        }
        for name, model in FILES.items()
    }
