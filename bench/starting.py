"""How soon after its start a server has drawn its first page, against a bare app."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

from playwright.sync_api import Browser

from bench import bare
from bench.browser import chromium, profile, ready
from bench.measuring import Spread, alternately, ratio
from bench.report import Chapter, Goal, table
from bench.servers import Demo, Server, dashboard
from fovdata import settings

ROUNDS = 3
GOAL = 1.5
HEAVY = 0.02
"""Seconds of importing that are worth a line."""


def first_page(
    browser: Browser, charts: int, start: Callable[[], AbstractContextManager[Server]]
) -> float:
    """Seconds from the command to a start page with so many charts, in a browser's new profile."""
    started = time.perf_counter()
    with start() as server:
        until_asked = time.perf_counter() - started
        context = profile(browser)
        page = context.new_page()
        page.goto(f"http://{server.host}/")
        seconds = until_asked + ready(page, charts) / 1000
        context.close()
    return seconds


def imports(module: str) -> Mapping[str, float]:
    """Seconds that each import took, by module and with all that it imports itself."""
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split("|") for line in said.stderr.splitlines()[1:]]
    return {name.strip(): int(whole) / 1e6 for _, whole, name in lines}


def chapter(demo: Demo) -> Chapter:
    """Start both in turns, and import the door."""
    recording = bare.recorded(demo.server, "")
    starts = {
        "ours": partial(dashboard, demo.releases),
        "bare": partial(bare.app, recording, config=""),
    }
    with chromium() as browser:
        charts = recording.number
        found = alternately(
            {name: partial(first_page, browser, charts, start) for name, start in starts.items()},
            ROUNDS,
            unmeasured=0,
        )
    times = ratio(found["ours"], found["bare"])
    door, streamlit = imports("app"), imports("streamlit")
    rows = [
        ("the dashboard", f"{Spread.of(found['ours']):.2f}", f"{door['app']:.2f}"),
        ("bare", f"{Spread.of(found['bare']):.2f}", f"{streamlit['streamlit']:.2f}"),
    ]
    own = ", ".join(
        f"`{name}` {seconds:.2f}"
        for name, seconds in sorted(door.items(), key=lambda one: -one[1])
        if seconds >= HEAVY and name not in streamlit and name != "app"
    )
    return Chapter(
        "Starting",
        "From `streamlit run` until the start page's charts are drawn in a browser with a new "
        "profile, taking turns with a bare app that draws the same charts; and what Python says "
        "(`-X importtime`) of importing the door, `app.py`, against Streamlit alone. The rest is "
        "loaded while the browser loads Streamlit's scripts.",
        table(("", "first page, s", "importing, s"), rows)
        + f"\n\nOf what the door imports besides Streamlit, these take longest, in seconds: "
        f"{own or 'none more than ' + str(HEAVY)}.",
        [
            Goal(
                "c. from start to first page",
                f"≤ {GOAL} × bare",
                f"{times:.2f} ×",
                times.median <= GOAL,
                f"the door takes {door['app'] - streamlit['streamlit']:.2f} s more to import than "
                f"Streamlit alone; its page has {len(recording.messages[''])} elements, the bare "
                f"one {recording.number} charts"
                if times.median > GOAL
                else "",
            )
        ],
    )
