"""How long a page takes from a change of its filter until its charts are drawn anew."""

from collections.abc import Callable, Mapping
from functools import partial

from playwright.sync_api import Browser, Page

from bench import bare
from bench.browser import chromium, profile, ready, redrawn
from bench.measuring import Spread, alternately, ratio
from bench.report import Chapter, Goal, table
from bench.servers import Server, dashboard, released

FILTERS = {
    "kon": "-region",
    "utsatthet": "-region",
    "tackning": "-region",
    "forbund": "-one-federation",
    "jamfor": "-tratten",
}
"""Each page that can be asked, and how the id of its filter ends."""
ROUNDS = 12
OURS, BARE = "ours", "bare"


def chapter() -> Chapter:
    """Measure all pages."""
    rows, medians = [], {}
    with released() as releases, dashboard(releases) as server:
        recordings = [bare.recorded(server, *page) for page in FILTERS.items()]
        for recording in recordings:
            page = recording.page
            with bare.app(recording) as limit, chromium() as browser:
                found = _measured(browser, {OURS: server, BARE: limit}, recording)
            against = ratio(found[OURS], found[BARE])
            medians[page] = against.median
            charts = recording.number
            ours, bare_ = Spread.of(found[OURS]), Spread.of(found[BARE])
            rows.append((page, charts, f"{ours:.0f}", f"{bare_:.0f}", f"{against:.2f}"))
            print(*rows[-1], flush=True)
    worst = max(medians, key=medians.__getitem__)
    middle = Spread.of([*medians.values()]).median
    return Chapter(
        "A filter is changed",
        "Milliseconds from the click on an option, or the key that takes one away, until the last "
        "chart of the page has been drawn in Chromium, against a bare Streamlit page that has the "
        "same filter and as many charts, the very same, ready-made for each choice.",
        table(("page", "charts", "ours, ms", "bare, ms", "ratio"), rows),
        [
            Goal(
                "a. filter change → redrawn, median of the pages",
                "≤ 1.25 × the bare page with as many charts",
                f"{middle:.2f}",
                middle <= 1.25,
            ),
            Goal(
                f"a. the slowest page ({worst})",
                "≤ 1.5 × the bare page",
                f"{medians[worst]:.2f}",
                medians[worst] <= 1.5,
            ),
        ],
    )


def _measured(
    browser: Browser, servers: Mapping[str, Server], recording: bare.Recording
) -> Mapping[str, list[float]]:
    """Milliseconds of each change, ours and the bare page's in turn."""
    parts = {}
    context = profile(browser)
    for name, server in servers.items():
        page = context.new_page()
        page.goto(f"http://{server.host}/{recording.page if name == OURS else ''}")
        ready(page, 1)
        parts[name] = partial(_change, page, recording, iter(range(1_000)).__next__)
    found = alternately(parts, ROUNDS, unmeasured=2)
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
