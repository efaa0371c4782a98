"""Derives published.json from Grafana's published types, with npm, by hand, in an empty folder.

    npm install @grafana/schema@13.2.3 ts-json-schema-generator@2.4.0 typescript
    python3 make.py

Each entry is the JSON Schema of one type of @grafana/schema (Apache-2.0), without descriptions.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

RAW = Path("node_modules/@grafana/schema/dist/types/raw")
PANELS = ("stat", "statushistory", "table", "text", "timeseries")
WITH_FIELDS = ("statushistory", "table", "timeseries")  # stat and text have no fields of their own


def schema(folder: Path, type_name: str) -> Any:
    """Return the JSON Schema of one exported type."""
    command = ["npx", "ts-json-schema-generator", "--no-type-check", "--type", type_name, "--path"]
    ran = subprocess.run([*command, folder / "x/types.gen.d.ts"], capture_output=True, check=True)
    return without_words(json.loads(ran.stdout))


def without_words(node: Any) -> Any:
    """Return a schema without what is for people."""
    if isinstance(node, list):
        return [without_words(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_words(value)
        for key, value in node.items()
        if not (key in {"description", "deprecated"} and not isinstance(value, dict))
    }


def main() -> None:
    """Write published.json into this folder."""
    found = {"dashboard": schema(RAW / "dashboard", "Dashboard")}
    for panel in PANELS:
        folder = RAW / "composable" / panel / "panelcfg"
        found[f"{panel}.options"] = schema(folder, "Options")
        if panel in WITH_FIELDS:
            found[f"{panel}.custom"] = schema(folder, "FieldConfig")
    text = json.dumps(found, separators=(",", ":"), sort_keys=True)
    Path("published.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
