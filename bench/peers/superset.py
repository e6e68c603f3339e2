"""Superset: a ready-made product with the same figures in four charts of its own.

Installing it takes minutes, so `make bench` measures it only after `make bench-superset`.
"""

import contextlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page

from bench import servers
from fovdata import settings

VENV = settings.ROOT / ".venv-superset"
MADE = VENV / ".made"
EMPTY = VENV / "empty.db"
"""Superset's own database as it is before the first chart."""
PATH = "/superset/dashboard/"
TELEMETRY = "apachesuperset.gateway.scarf.sh"
"""Whom its pages ask for a picture, whatever SCARF_ANALYTICS says."""
HOW = (
    "Superset 6.1 has the same figures in four bar charts of its own and a filter of regions. All "
    "four ask its database again, the press on Apply filters is where its time begins, and its "
    "bars grow for a while before they stand still, which counts. Its pages ask another host to "
    "count its users, in vain here."
)
MISSING = (
    "Superset, a ready-made product, is measured too once `make bench-superset` has installed it, "
    "which takes about four minutes and 800 MB: too much for every run."
)
_ADMIN = "admin"
_TABLES = ("kon", "skillnad", "alder", "tredje_svaret")
_METRIC = {
    "expressionType": "SIMPLE",
    "column": {"column_name": "value"},
    "aggregate": "AVG",
    "label": "value",
}


@contextlib.contextmanager
def served(charts: Path) -> Iterator[str]:
    """The address of a dashboard of recorded figures, on a Superset of its own."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        shutil.copy(EMPTY, home / "superset.db")
        _write_figures(charts, home / "figures.db")
        command = [str(VENV / "bin" / "superset"), "run", "--with-threads", "-h", "localhost", "-p"]
        variables = _variables(home)
        with servers.running(command, "/health", settings.ROOT, **variables) as server:
            yield f"http://{server.host}{PATH}{_make_dashboard(server.host, home / 'figures.db')}/"


def sign_in(page: Page, address: str) -> None:
    """Sign in to a page's Superset."""
    page.goto(f"http://{urlsplit(address).netloc}/login/")
    page.locator("#username").fill(_ADMIN)
    page.locator("#password").fill(_ADMIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/")


def install() -> None:
    """Make Superset's own database, once its packages are there."""
    with tempfile.TemporaryDirectory() as made:
        person = ("--username", "--firstname", "--lastname", "--password")
        admin = [part for one in person for part in (one, _ADMIN)]
        for command in (
            ["db", "upgrade"],
            ["fab", "create-admin", *admin, "--email", f"{_ADMIN}@localhost"],
            ["init"],
        ):
            subprocess.run(
                [VENV / "bin" / "superset", *command],
                env={**os.environ, **_variables(Path(made))},
                check=True,
            )
        shutil.copy(Path(made) / "superset.db", EMPTY)


def _variables(home: Path) -> Mapping[str, str]:
    """Its settings: as it is installed, but that it may read a file and be asked by programs."""
    config = home / "superset_config.py"
    config.write_text(
        f"SECRET_KEY = {secrets.token_hex()!r}\n"
        f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{home / 'superset.db'}'\n"
        "PREVENT_UNSAFE_DB_CONNECTIONS = False\n"
        "WTF_CSRF_ENABLED = False\n"
        "TALISMAN_ENABLED = False\n"
    )
    return {
        "SUPERSET_CONFIG_PATH": str(config),
        "SUPERSET_HOME": str(home),
        "FLASK_APP": "superset",
    }


def _write_figures(charts: Path, file: Path) -> None:
    """The drawn values of each chart as a table: region, row, series, value."""
    recorded = json.loads(charts.read_text(encoding="utf-8"))["charts"]
    with contextlib.closing(sqlite3.connect(file)) as database:
        for place, name in enumerate(_TABLES):
            rows = []
            for region, pictures in recorded.items():
                values = pictures[place]["data"]["values"]
                labels = {round(v["y"]): v["text"] for v in values if v["kind"] == "label"}
                rows += [
                    (region or "Alla", labels[round(v["y"])], v.get("series", name), _drawn(v))
                    for v in values
                    if v["kind"] == "dot"
                ]
            database.execute(f"CREATE TABLE {name} (region, question, series, value REAL)")
            database.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", rows)
        database.commit()


def _drawn(value: Mapping[str, Any]) -> float:
    return float(value["points"] if "points" in value else value["share"])


def _make_dashboard(host: str, figures: Path) -> int:
    """Bar charts of each table and a filter of regions; the dashboard's number."""
    with httpx.Client(base_url=f"http://{host}/api/v1/", timeout=60) as client:

        def post(path: str, **what: object) -> Any:
            answer = client.post(path, json=what).raise_for_status().json()
            return answer if path == "security/login" else answer["id"]

        signed = post("security/login", username=_ADMIN, password=_ADMIN, provider="db")
        client.headers["Authorization"] = f"Bearer {signed['access_token']}"
        database = post("database/", database_name="figures", sqlalchemy_uri=f"sqlite:///{figures}")
        dashboard = int(post("dashboard/", dashboard_title="bench", published=True))
        sets, charts = [], []
        for name in _TABLES:
            sets.append(post("dataset/", database=database, schema="main", table_name=name))
            drawn = {
                "viz_type": "echarts_timeseries_bar",
                "datasource": f"{sets[-1]}__table",
                "x_axis": "question",
                "metrics": [_METRIC],
                "groupby": ["series"],
                "orientation": "horizontal",
                "row_limit": 1000,
            }
            charts.append(
                post(
                    "chart/",
                    slice_name=name,
                    viz_type=drawn["viz_type"],
                    datasource_id=sets[-1],
                    datasource_type="table",
                    params=json.dumps(drawn),
                    dashboards=[dashboard],
                )
            )
        layout = _layout(charts)
        chosen = {
            "native_filter_configuration": [_filter(sets[0], charts)],
            "positions": layout,
        }
        client.put(
            f"dashboard/{dashboard}",
            json={"position_json": json.dumps(layout), "json_metadata": json.dumps(chosen)},
        ).raise_for_status()
    return dashboard


def _layout(charts: list[int]) -> dict[str, Any]:
    """Two rows of two charts."""
    layout: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [], "parents": ["ROOT_ID"]},
    }
    for place, chart in enumerate(charts):
        row, name = f"ROW-{place // 2}", f"CHART-{place}"
        if row not in layout:
            layout["GRID_ID"]["children"].append(row)
            layout[row] = {
                "type": "ROW",
                "id": row,
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID"],
                "meta": {"background": "BACKGROUND_TRANSPARENT"},
            }
        layout[row]["children"].append(name)
        layout[name] = {
            "type": "CHART",
            "id": name,
            "children": [],
            "parents": ["ROOT_ID", "GRID_ID", row],
            "meta": {"width": 6, "height": 50, "chartId": chart},
        }
    return layout


def _filter(dataset: int, charts: list[int]) -> dict[str, Any]:
    return {
        "id": "NATIVE_FILTER-region",
        "name": "Region",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetId": dataset, "column": {"name": "region"}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {"multiSelect": True},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "chartsInScope": charts,
    }


if __name__ == "__main__":
    install()
