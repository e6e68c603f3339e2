"""Measures against bare limits and writes docs/benchmarks.md; run by `make bench`."""

import argparse
import datetime
import os
import platform

import duckdb
import streamlit

from bench import intake, opening, release, report, starting
from fovdata import settings

CHAPTERS = {
    "opening": opening.chapter,
    "starting": starting.chapter,
    "release": release.chapter,
    "intake": intake.chapter,
}

asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("only", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}")
only = asked.parse_args().only
chapters = [chapter() for name, chapter in CHAPTERS.items() if not only or name in only]
head = (
    "# Benchmarks\n\n"
    f"Made by `make bench` on {datetime.date.today().isoformat()}, Python "
    f"{platform.python_version()}, Streamlit {streamlit.__version__}, DuckDB "
    f"{duckdb.__version__}, {os.cpu_count()} cores. Every line is a ratio within one run; figures "
    "in brackets are quartiles."
)
text = report.page(head, chapters)
print(text)
if not only:
    (settings.ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
