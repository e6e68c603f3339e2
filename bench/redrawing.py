"""How long a page takes from a change of its filter until its charts are drawn anew."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench import bare
from bench.browser import chromium, profile, ready, redrawn
from bench.measuring import Spread, alternately, ratio
from bench.report import Chapter, Goal, table
from bench.servers import Demo, Server, dashboard

FILTERS = {
    "kon": "-region",
    "utsatthet": "-region",
    "tackning": "-region",
    "forbund": "-one-federation",
    "jamfor": "-tratten",
}
"""Each page that can be asked, and how the id of its filter ends."""
ROUNDS = 5
OURS, LARGE, BARE, WHOLE = "ours", "ours, much larger", "bare", "ready-made"
MIDDLE, SLOWEST = 1.25, 1.5
GROWS = 1.1


def chapter(demo: Demo) -> Chapter:
    """Measure all pages."""
    rows, against, framework = [], {}, {}
    for recording in [bare.recorded(demo.server, *page) for page in FILTERS.items()]:
        page = recording.page
        with (
            bare.app(recording) as limit,
            bare.app(recording, bare.WHOLE) as whole,
            chromium() as browser,
        ):
            found = measured(browser, {OURS: demo.server, BARE: limit, WHOLE: whole}, recording)
        against[page] = ratio(found[OURS], found[BARE])
        framework[page] = ratio(found[WHOLE], found[BARE])
        rows.append(
            (
                page,
                recording.number,
                len(recording.messages[recording.options[0]]),
                recording.drawn_anew,
                *(f"{Spread.of(found[name]):.0f}" for name in (OURS, BARE, WHOLE)),
                f"{against[page]:.2f}",
                f"{framework[page]:.2f}",
            )
        )
        print(*rows[-1], flush=True)
    worst = max(against, key=lambda page: against[page].median)
    middle = Spread.of([one.median for one in against.values()]).median
    of_framework = Spread.of([one.median for one in framework.values()]).median
    head = ("page", "charts", "elements", "drawn anew", "ours, ms", "bare, ms", "ready-made, ms")
    return Chapter(
        "A filter is changed",
        "Milliseconds from the click on an option, or the key that takes one away, until the last "
        "chart of the page has been drawn in Chromium, against a bare Streamlit page that has the "
        "same filter and as many charts, the very same, ready-made for each choice. “Ready-made” "
        "is our page without our program: a bare app that sends the very messages that draw all "
        "of the page, kept from before. What it takes more than the bare page is Streamlit's "
        "drawing of the other elements anew. What ours takes more than it is ours; where ours "
        "takes less, only the part that follows the filter is drawn anew: so many of the page's "
        "elements.",
        table((*head, "ours / bare", "ready-made / bare"), rows),
        [
            Goal(
                "a. filter change → redrawn, median of the pages",
                f"≤ {MIDDLE} × the bare page with as many charts",
                f"{middle:.2f}",
                middle <= MIDDLE,
                "Streamlit draws elements beside the charts anew: drawn as a whole with no "
                f"program behind them the same pages take {of_framework:.2f} × the bare page"
                if middle > MIDDLE
                else "",
            ),
            Goal(
                f"a. the slowest page ({worst})",
                f"≤ {SLOWEST} × the bare page",
                f"{against[worst]:.2f}",
                against[worst].median <= SLOWEST,
                f"drawn as a whole with no program behind it the page takes "
                f"{framework[worst]:.2f} × the bare page"
                if against[worst].median > SLOWEST
                else "",
            ),
        ],
    )


def grown(smallest: Path, largest: Path, page: str = "kon") -> tuple[str, Goal]:
    """A page on two releases, taking turns: a sentence, and whether it grows."""
    with dashboard(smallest) as small, dashboard(largest) as large:
        recording = bare.recorded(small, page, FILTERS[page])
        with chromium() as browser:
            found = measured(browser, {OURS: small, LARGE: large}, recording)
    times = ratio(found[LARGE], found[OURS])
    said = (
        f"The page {page}, from a change of its filter until its charts are drawn: "
        f"{Spread.of(found[OURS]):.0f} ms on the smallest of these releases and "
        f"{Spread.of(found[LARGE]):.0f} ms on the largest."
    )
    what = "e. a change of a filter on the largest release, as many times that on the smallest"
    return said, Goal(what, f"≤ {GROWS}", f"{times:.2f}", times.median <= GROWS)


def measured(
    browser: Browser, servers: Mapping[str, Server], recording: bare.Recording
) -> Mapping[str, list[float]]:
    """Milliseconds of each change, all servers in turn: OURS and LARGE are dashboards."""
    context = profile(browser)
    pages = {name: context.new_page() for name in servers}
    for name, page in pages.items():
        path = recording.page if name in (OURS, LARGE) else ""
        page.goto(f"http://{servers[name].host}/{path}")
    for page in pages.values():
        page.bring_to_front()
        ready(page, 1)
    parts = {
        name: partial(_change, page, recording, iter(range(1_000)).__next__)
        for name, page in pages.items()
    }
    found = alternately(parts, ROUNDS, unmeasured=1)
    context.close()
    return found


def _change(page: Page, recording: bare.Recording, turn: Callable[[], int]) -> float:
    """Choose something else; where several can be chosen, every other time nothing."""
    page.bring_to_front()
    box = page.get_by_role("combobox", name=recording.label)
    number = turn()
    if recording.several and number % 2:
        return redrawn(page, lambda: box.press("Backspace"))
    others = [one for one in recording.options[recording.several :] if one != box.input_value()]
    box.click()
    choice = page.get_by_role("option", name=others[number // 2 % len(others)], exact=True)
    choice.wait_for()
    page.wait_for_timeout(200)
    return redrawn(page, choice.click)
