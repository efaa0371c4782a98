"""Writes the dashboards.

python -m grafana.build [--hearten URL] [--to FOLDER]
"""

import argparse
from pathlib import Path

from grafana.build import ADDRESS, FOLDER
from grafana.build.dashboards import files


def main() -> None:
    """Write each dashboard as a JSON file."""
    parser = argparse.ArgumentParser(description="Write the dashboards as JSON.")
    parser.add_argument("--hearten", default=ADDRESS, help="where people reach hearten")
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder to write to")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    for name, text in files(asked.hearten.rstrip("/")).items():
        (asked.to / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
