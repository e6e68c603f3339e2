"""The house rules: who may import whom, where SQL stands, what a page is, and what is declared."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib.util import resolve_name
from pathlib import Path

import pytest

import fovdata
from fovdata.dashboard import method
from fovdata.rules import Rules
from fovdata.settings import ROOT

PACKAGE = sorted((ROOT / "fovdata").rglob("*.py"))
PUBLIC_PAGES = sorted((ROOT / "pages").glob("*.py"))
PAGES = [*PUBLIC_PAGES, *(path for path in PACKAGE if path.parent.name == "tasks")]
CODE = [*PACKAGE, *PUBLIC_PAGES, ROOT / "app.py"]

SAFE = (
    "fovdata.keys",
    "fovdata.batches",
    "fovdata.intake",
    "fovdata.release",
    "fovdata.desk",
)
OPEN = (
    "fovdata.figures",
    "fovdata.charts",
    "fovdata.export",
    "fovdata.presentation",
    "fovdata.dashboard",
    "fovdata.api",
)

MAY_NOT_IMPORT = {
    "fovdata.figures": (
        *SAFE,
        "fovdata.charts",
        "fovdata.export",
        "fovdata.presentation",
        "fovdata.dashboard",
        "fovdata.api",
        "streamlit",
        "altair",
        "pydeck",
    ),
    "fovdata.charts": (
        *SAFE,
        "fovdata.presentation",
        "fovdata.dashboard",
        "fovdata.api",
        "streamlit",
    ),
    "fovdata.export": (
        *SAFE,
        "fovdata.presentation",
        "fovdata.dashboard",
        "fovdata.api",
        "streamlit",
    ),
    "fovdata.presentation": (*SAFE, "fovdata.dashboard", "fovdata.api", "streamlit"),
    "fovdata.api": (*SAFE, "fovdata.charts", "fovdata.dashboard", "streamlit"),
    "fovdata.dashboard": SAFE,
    "pages": SAFE,
    "app": SAFE,
    "fovdata.keys": (*OPEN, *SAFE, "streamlit"),
    "fovdata.batches": (*OPEN, "fovdata.intake", "fovdata.release", "fovdata.desk", "streamlit"),
    "fovdata.release": (*OPEN, "fovdata.intake", "fovdata.desk", "streamlit"),
    "fovdata.intake": (*OPEN, "fovdata.release", "fovdata.desk", "streamlit"),
    # The intake desk shows what is read in, and beside it what the release shows.
    "fovdata.desk": ("fovdata.release", "fovdata.api"),
    # The command line is a door to both sides, and shows nothing.
    "fovdata.__main__": ("fovdata.charts", "fovdata.dashboard", "streamlit"),
    "fovdata.commands": ("fovdata.charts", "fovdata.dashboard", "streamlit"),
    # All the other modules belong to both sides.
    "fovdata": (*SAFE, *OPEN, "streamlit"),
}
"""Room → what it may not import. The longest name that a module lies within decides."""

SQL = ("fovdata.release.counting", "fovdata.figures.release", "fovdata.geography")


def module(path: Path) -> str:
    """fovdata/figures/release.py → fovdata.figures.release."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def imports(path: Path) -> Iterator[str]:
    """What a file imports, in functions and for the type checker too."""
    package = module(path) if path.stem == "__init__" else module(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                yield f"{origin}.{alias.name}"


def test_the_walk_sees_imports_of_every_kind() -> None:
    found = set(imports(ROOT / "fovdata" / "__main__.py"))
    assert {"typer", "fovdata.registry", "fovdata.release.building"} <= found  # in a function


@pytest.mark.parametrize("path", CODE, ids=module)
def test_a_module_imports_in_the_direction_of_the_flow(path: Path) -> None:
    room = max((room for room in MAY_NOT_IMPORT if within(module(path), room)), key=len)
    wrong = [
        name
        for name in imports(path)
        for forbidden in MAY_NOT_IMPORT[room]
        if within(name, forbidden)
    ]
    assert not wrong, f"{module(path)} imports {wrong}"


def test_the_server_runs_without_the_safe_side() -> None:
    # What Python has loaded, once everything that the server needs is: no loophole in the walk.
    script = (ROOT / "fovdata" / "dashboard" / "main.py", ROOT / "fovdata" / "__main__.py")
    served = [
        module(path)
        for path in PACKAGE
        if path not in script and not any(within(module(path), safe) for safe in SAFE)
    ]
    command = f"import sys, {', '.join(served)}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "fovdata.figures.release" in loaded
    assert not [name for name in loaded if any(within(name, safe) for safe in SAFE)]


def test_only_the_dashboard_and_its_pages_know_streamlit() -> None:
    found = [
        module(path) for path in CODE if any(within(name, "streamlit") for name in imports(path))
    ]
    rooms = ("fovdata.dashboard", "fovdata.desk", "pages", "app")
    assert not [name for name in found if not any(within(name, room) for room in rooms)]


def texts(path: Path) -> Iterator[str]:
    """Every text of a file, also those with values in them, but no docstrings."""
    code = tree(path)
    docstrings = {
        id(node.value)
        for node in ast.walk(code)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(code):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            yield " ".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield str(node.value)


def test_sql_stands_in_one_module_a_side_and_in_geography() -> None:
    select = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)
    found = {module(path) for path in CODE if any(select.search(text) for text in texts(path))}
    assert found == set(SQL)


def test_the_database_is_asked_where_sql_stands_only() -> None:
    found = {module(path) for path in CODE if any(within(name, "duckdb") for name in imports(path))}
    assert found == set(SQL)


def test_nobody_uses_the_database_s_global_connection() -> None:
    shared = re.compile(r"\bduckdb\.(sql|execute|query|default_connection)\b")
    assert not [path for path in CODE if shared.search(path.read_text(encoding="utf-8"))]


UNPICKLED = {"pickle", "shelve", "marshal", "dill", "joblib", "cloudpickle", "yaml", "jsonpickle"}
"""Modules whose files run code when they are read."""
COMPUTED = {"eval", "exec", "__import__", "system", "popen", "read_pickle", "to_pickle"}
"""Functions that run what a text says, wherever they are from."""
UNSAFE = ("shell", "allow_pickle", "unsafe_allow_html", "unsafe_allow_javascript")


HTML = "fovdata.dashboard.elements"
"""The only module that shows HTML: see the test below."""


@pytest.mark.parametrize("path", CODE, ids=module)
def test_nothing_that_is_read_is_run(path: Path) -> None:
    assert not [name for name in imports(path) if name.partition(".")[0] in UNPICKLED]
    allowed = {"st.html"} if module(path) == HTML else set()
    assert {*runs_text(tree(path))} == allowed


def runs_text(code: ast.AST) -> Iterator[str]:
    """Calls that run a text as code, hand it to a shell, or show it as HTML."""
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        for word in node.keywords:
            if word.arg in UNSAFE:
                yield word.arg
        name = ast.unparse(node.func)
        if name.rpartition(".")[2] in COMPUTED or name in ("compile", "st.html"):
            yield name


def test_what_is_filled_into_html_is_text() -> None:
    (place,) = (path for path in CODE if module(path) == HTML)
    filled_in = [one.value for one in ast.walk(tree(place)) if isinstance(one, ast.FormattedValue)]
    made_by = [ast.unparse(one.func) if isinstance(one, ast.Call) else "" for one in filled_in]
    assert {*made_by} == {"in_html", "''.join"}


def test_the_walk_sees_what_runs_a_text() -> None:
    found = runs_text(
        ast.parse(
            "eval(x); os.system(x); np.load(x, allow_pickle=True); run(x, shell=True); st.html(x); "
            "st.markdown(x, unsafe_allow_html=True); re.compile(x); pd.read_pickle(x)"
        )
    )
    assert sorted(found) == [
        *("allow_pickle", "eval", "os.system", "pd.read_pickle", "shell", "st.html"),
        "unsafe_allow_html",
    ]


@pytest.mark.parametrize("path", PAGES, ids=module)
def test_a_page_is_a_paragraph(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = [node.name for node in ast.walk(tree(path)) if isinstance(node, kinds)]
    assert defined in ([], ["selected"])  # the part that follows the filters
    assert not [name for name in imports(path) if within(name, "pandas")]


def test_the_reader_s_state_is_read_in_one_module() -> None:
    found = {
        module(path)
        for path in CODE
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.ImportFrom) and "session_state" in {a.name for a in node.names})
    }
    assert found == {"fovdata.dashboard.filters", "fovdata.desk.state"}


@pytest.mark.parametrize("path", CODE, ids=module)
def test_everything_public_says_what_it_is_for(path: Path) -> None:
    code = tree(path)
    assert ast.get_docstring(code), "the module has no docstring"
    assert not list(undocumented(code))


def undocumented(scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    """Public classes, functions and methods without a docstring; those within functions aside."""
    for node in scope.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node)


def test_the_map_of_the_rooms_names_every_room_and_no_other() -> None:
    named = re.findall(r"^    (\w+)  ", fovdata.__doc__ or "", re.MULTILINE)
    package = ROOT / "fovdata"
    there = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    assert len(named) == len(set(named))
    assert set(named) == {name for name in there if not name.startswith("__")}


def test_every_parameter_of_the_rules_is_explained() -> None:
    assert list(method.PARAMETERS) == [field.name for field in fields(Rules)]


def test_nothing_is_left_for_later_or_silenced() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b|pytest\.mark\.(skip|xfail)|except[^:\n]*:\s*pass\b")
    files = [*CODE, *(ROOT / "tests").rglob("*.py")]
    wrong = [p for p in files if marks.search(p.read_text(encoding="utf-8"))]
    assert wrong == [Path(__file__)]  # which has to name them
