"""What many tests start from: the registry, the demo's release, and answers written by hand."""

import asyncio
import gc
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette

from fovdata import batches, responses, settings
from fovdata import questionnaire as form
from fovdata import registry as registries
from fovdata.dashboard.server import MIDDLEWARE, ROUTES
from fovdata.figures.release import Release, current
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.rules import Rules

USUAL = {
    "data": responses.SYNTHETIC,
    "year": "2022",
    "half_year": "2",
    "federation": "halland",
    "gender": "kvinna",
    "age_band": "25-34",
    "authority": "fk",
    "fill_count": "1",
    **{question.code: form.NO for question in form.QUESTIONS},
}
"""What a hand-made answer says in the columns that its table leaves out."""

TOLD = "told: "

WriteAnswers = Callable[..., Path]
"""(text, name="svar.parquet", **columns) → the folder of batches."""
MakeRelease = Callable[..., Release]
"""(text, **rules) → a release whose protected counts are the true ones."""
Tell = Callable[[str, Mapping[str, int]], None]
"""(title, {what: how many}): said when all tests have run."""
Get = Callable[[str], httpx.Response]
"""An address without its host → what the server's own routes answer."""


def pytest_unconfigure() -> None:
    """Take away Hypothesis's watch on the garbage collector when all tests have run.

    It would outlive DuckDB, which then reports every one of its functions as leaked.
    """
    gc.callbacks.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all tests of a page, for they share its visits."""
    for item in items:
        page = getattr(item, "callspec", None) and item.callspec.params.get("page")  # type: ignore[attr-defined]
        if page is not None and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(page.file))


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Count what a test has gone through, to be said when all tests have run, in any process."""

    def told(title: str, counts: Mapping[str, int]) -> None:
        request.node.user_properties.append((TOLD + title, dict(counts)))

    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the tests have gone through, summed by its title."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for name, counts in report.user_properties:
                    told[name.removeprefix(TOLD)].update(counts)
    for name, counts in told.items():
        terminalreporter.line(f"{name}: {', '.join(f'{n} {what}' for what, n in counts.items())}")


@pytest.fixture(scope="session")
def registry() -> Registry:
    return registries.load(settings.ROOT / "data" / "registry")


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """A folder with one release of the demo answers."""
    folder, ledger = tmp_path_factory.mktemp("releases"), tmp_path_factory.mktemp("ledger")
    building.build(settings.ROOT / "data" / "demo", folder, ledger, registry)
    return folder


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    """The release of the demo answers."""
    return current(releases)


@pytest.fixture
def get() -> Get:
    """Ask the server's own routes, without Streamlit."""
    transport = httpx.ASGITransport(Starlette(routes=ROUTES, middleware=MIDDLEWARE))

    async def ask(address: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(address)

    return lambda address: asyncio.run(ask(address))


@pytest.fixture
def write_answers(tmp_path: Path) -> WriteAnswers:
    """Write a text table of answers as a batch.

    Its first line names columns; ``times`` says how many people answered so, "-" is a blank, and
    a column that is left out holds what USUAL, or a keyword argument, says. A person keeps the
    id of the place in the table, so that two tables can differ in one answer only.
    """
    folder = tmp_path / "svar"

    def write(text: str, name: str = "svar.parquet", **columns: str) -> Path:
        folder.mkdir(exist_ok=True)
        pq.write_table(_answers(text, name, {**USUAL, **columns}), folder / name)
        return folder

    return write


@pytest.fixture
def make_release(tmp_path: Path, write_answers: WriteAnswers, registry: Registry) -> MakeRelease:
    """Release a text table of answers without noise, so that a reader can add the counts up."""

    def make(text: str, **rules: float) -> Release:
        open_handed = {"sigma": 0.01, "mean_cell_2": 1, "mean_cell_3": 1, "batch": 1}
        quiet = Rules(**open_handed | rules)  # type: ignore[arg-type]
        folder = tmp_path / "utgåvor"
        building.build(write_answers(text), folder, tmp_path / "liggare", registry, rules=quiet)
        return current(folder, quiet)

    return make


def _answers(text: str, name: str, usual: dict[str, str]) -> pa.Table:
    header, *lines = (line.split() for line in text.strip().splitlines())
    people = []
    for line in lines:
        row = dict(zip(header, line, strict=True))
        people += [usual | row] * int(row.pop("times", "1"))
    values: dict[str, list[object]] = {
        column.name: [person[column.name] for person in people]
        for column in responses.COLUMNS
        if column.name != "response_id"
    }
    for question in form.QUESTIONS:
        values[question.code] = [form.BLANK if v == "-" else v for v in values[question.code]]
    for number in ("year", "half_year"):
        values[number] = [int(str(value)) for value in values[number]]
    values["response_id"] = [
        hashlib.md5(f"{name}|{place}".encode()).hexdigest() for place in range(len(people))
    ]
    return pa.table(values, schema=batches.SCHEMA)
