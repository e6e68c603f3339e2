"""Measures against bare limits and writes docs/benchmarks.md; run by `make bench`."""

import argparse
import datetime
import os
import platform
import time
from collections.abc import Callable, Mapping

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
from bench.measuring import Spread, yardstick
from bench.peers import comparing
from bench.report import Chapter
from bench.servers import Demo, demo
from fovdata import settings

CHAPTERS: Mapping[str, Callable[[Demo], Chapter]] = {
    "redrawing": redrawing.chapter,
    "recolouring": recolouring.chapter,
    "opening": opening.chapter,
    "starting": starting.chapter,
    "release": lambda _: release.chapter(),
    "figures": figures.chapter,
    "crowd": crowd.chapter,
    "peers": comparing.chapter,
    "intake": lambda _: intake.chapter(),
}

asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("only", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}")
only = asked.parse_args().only
started = time.monotonic()
chapters, yardsticks = [], [yardstick()]
with demo() as looked_at:
    for name, chapter in CHAPTERS.items():
        if not only or name in only:
            print(f"{(time.monotonic() - started) / 60:.1f} min: {name}", flush=True)
            chapters.append(chapter(looked_at))
            yardsticks.append(yardstick())
minutes = (time.monotonic() - started) / 60
head = (
    "# Benchmarks\n\n"
    f"Made by `make bench` on {datetime.date.today().isoformat()}, Python "
    f"{platform.python_version()}, Streamlit {streamlit.__version__}, DuckDB "
    f"{duckdb.__version__}, {os.cpu_count()} cores, in {minutes:.0f} minutes. Every line is a "
    "ratio within one run; figures in brackets are quartiles. How fast the machine was: ten "
    f"million additions in Python took {Spread.of(yardsticks):.2f} s before and after the chapters."
)
text = report.page(head, chapters)
print(text)
if not only:
    (settings.ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
