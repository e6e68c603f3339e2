"""The clock of the measurements sees what any framework draws, wherever it draws it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bench.browser import profile, ready, redrawn

CHART = '<svg class="marks"><rect width="9" height="9"/></svg>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = profile(browser)
    page = context.new_page()
    page.goto("about:blank")
    yield page
    context.close()


def test_a_chart_in_a_shadow_root_is_counted_and_timed(page: Page) -> None:
    page.evaluate(
        """chart => {
            const root = document.body.appendChild(document.createElement("div"))
                .attachShadow({ mode: "open" });
            root.innerHTML = chart;
            document.body.append(document.createElement("button"));
            document.querySelector("button").onclick = () => setTimeout(
                () => root.querySelector("rect").setAttribute("width", 5), 50);
        }""",
        CHART,
    )
    ready(page, charts=1)
    assert redrawn(page, page.get_by_role("button").click) >= 50


def test_a_chart_that_is_off_the_page_does_not_count(page: Page) -> None:
    page.evaluate(
        """chart => {
            const root = document.createElement("div").attachShadow({ mode: "open" });
            root.innerHTML = chart;
            document.body.innerHTML = chart;
        }""",
        CHART,
    )
    ready(page, charts=1)
    assert page.evaluate("drawn.charts()") == 1


def test_what_is_drawn_between_press_and_release_is_seen(page: Page) -> None:
    page.evaluate(
        """chart => {
            document.body.innerHTML = chart + "<button>";
            document.querySelector("button").onpointerdown = () =>
                document.querySelector("rect").setAttribute("width", 5);
        }""",
        CHART,
    )
    ready(page, charts=1)

    def press_and_hold() -> None:
        page.get_by_role("button").hover()
        page.mouse.down()
        page.wait_for_selector("rect[width='5']")
        page.mouse.up()

    assert redrawn(page, press_and_hold) >= 0
