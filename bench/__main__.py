"""Measures against bare limits and writes docs/benchmarks.md; run by `make bench`."""

import datetime
import platform

import duckdb

from bench import intake, release
from fovdata import settings

head = (
    "# Benchmarks\n\n"
    f"Made by `make bench` on {datetime.date.today().isoformat()}, Python "
    f"{platform.python_version()}, DuckDB {duckdb.__version__}.\n"
)
text = "\n".join((head, release.section(), intake.section()))
(settings.ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
