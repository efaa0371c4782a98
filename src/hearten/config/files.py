"""Example files to begin with, and JSON Schemas for editors."""

from pathlib import Path

from hearten.config.loading import EXAMPLES, FILES


class FilesExistError(Exception):
    """Some of the files are there already, and nothing was written. The text names them."""


def init(folder: Path) -> list[Path]:
    """Write commented example files for two teams into `folder`, and return their paths.

    Errors: FilesExistError where one of them exists, before anything is written; OSError where
    the folder cannot be written.
    """
    paths = [folder / name for name in FILES]
    existing = [str(path) for path in paths if path.exists()]
    if existing:
        raise FilesExistError(
            f"{', '.join(existing)}: there already, so nothing was written. "
            "Edit them, or set HEARTEN_CONFIG to another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        path.write_text((EXAMPLES / path.name).read_text(encoding="utf-8"), encoding="utf-8")
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
