"""The dashboards, in code. `python -m grafana.build` writes them to grafana/dashboards/."""

import warnings
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "dashboards"
ADDRESS = "http://127.0.0.1:8000"  # of hearten, as `hearten serve` prints it

# The SDK would rather have the second form of dashboards, which a Grafana before 12 cannot read.
warnings.filterwarnings("ignore", "Prefer using dashboardv2", DeprecationWarning)
