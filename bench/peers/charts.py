"""The recorded charts, as the app of every framework reads them. Runs where they are installed."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_FILE = json.loads(Path(os.environ["FOV_CHARTS"]).read_text(encoding="utf-8"))

OPTIONS: Sequence[str] = _FILE["options"]
"""What the filter offers."""
RECORDED: Mapping[str, Sequence[dict[str, Any]]] = _FILE["charts"]
"""The region that is chosen, "" for none → the charts."""
FOLLOWING = [
    place
    for place, chart in enumerate(RECORDED[""])
    if any(charts[place] != chart for charts in RECORDED.values())
]
"""The places of the charts that follow the filter; the others stay as they are."""


def charts(chosen: Sequence[str] | None = None) -> Sequence[dict[str, Any]]:
    """The charts for what is chosen: nothing, or one of the regions that were recorded."""
    return RECORDED[chosen[0] if chosen else ""]
