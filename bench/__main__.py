"""Measures against bare limits and writes docs/benchmarks.md; run by `make bench`."""

import argparse
import datetime
import os
import platform
import time

import duckdb
import streamlit

from bench import (
    crowd,
    figures,
    intake,
    opening,
    recolouring,
    redrawing,
    release,
    report,
    starting,
)
from bench.peers import comparing
from fovdata import settings

CHAPTERS = {
    "redrawing": redrawing.chapter,
    "recolouring": recolouring.chapter,
    "opening": opening.chapter,
    "starting": starting.chapter,
    "figures": figures.chapter,
    "release": release.chapter,
    "crowd": crowd.chapter,
    "peers": comparing.chapter,
    "intake": intake.chapter,
}

asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("only", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}")
only = asked.parse_args().only
started = time.monotonic()
chapters = []
for name, chapter in CHAPTERS.items():
    if not only or name in only:
        print(f"{(time.monotonic() - started) / 60:.1f} min: {name}", flush=True)
        chapters.append(chapter())
minutes = (time.monotonic() - started) / 60
head = (
    "# Benchmarks\n\n"
    f"Made by `make bench` on {datetime.date.today().isoformat()}, Python "
    f"{platform.python_version()}, Streamlit {streamlit.__version__}, DuckDB "
    f"{duckdb.__version__}, {os.cpu_count()} cores, in {minutes:.0f} minutes. Every line is a "
    "ratio within one run; figures in brackets are quartiles."
)
text = report.page(head, chapters)
print(text)
if not only:
    (settings.ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
