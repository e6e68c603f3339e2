"""What the first reader need not wait for: it is made while their browser loads what draws it."""

import gc
import pkgutil
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

from fovdata import settings

if TYPE_CHECKING:
    from fovdata.figures.release import Release
    from fovdata.registry import Registry

FIRST_READER, BETWEEN = 5, 0.3
"""Seconds in which nothing is made ahead that not everybody needs, and between one such thing and
the next: readers are served meanwhile."""


@asynccontextmanager
async def warmed(_: object) -> AsyncIterator[None]:
    """A server's life: it begins with warming up, which nothing waits for."""
    threading.Thread(target=_begin, name="warm-up", daemon=True).start()
    yield


def _begin() -> None:
    warm_up()
    time.sleep(FIRST_READER)
    with suppress(Exception):  # as below
        from fovdata import registry
        from fovdata.figures.release import current

        for _ in ask(current(settings.releases()), registry.load()):
            time.sleep(BETWEEN)


def warm_up() -> None:
    """Load what pages and API need, and open the release and the registry. Nothing is raised."""
    # What is wrong with a release or a registry is said to whoever asks for it.
    with suppress(Exception):
        from fovdata import charts, geography, registry
        from fovdata.figures.release import current

        exhibits = pkgutil.iter_modules(charts.__path__, f"{charts.__name__}.")
        for name in ("fovdata.dashboard.show", *(one.name for one in exhibits)):
            import_module(name)
        current(settings.releases())
        geography.municipalities(registry.load())
        import_module("fovdata.api")
    # What is loaded once stays: to look through it for garbage holds every reader up.
    gc.collect()
    gc.freeze()


def ask(release: "Release", registry: "Registry") -> Iterator[None]:
    """Ask a release what rests on all federations at once, so that it keeps the answers.

    They are the same for every reader, and take longest of all figures. One at each step.
    """
    from fovdata import questionnaire as form
    from fovdata.charts import funnel, rug
    from fovdata.charts import theme as themes
    from fovdata.figures import comparisons, coverage, shares, together
    from fovdata.figures.release import NotOffered
    from fovdata.selection import Selection

    for group in registry.groups:
        yield
        coverage.municipalities(registry, release, group.code)
    with suppress(NotOffered):  # a release with few answers has less to answer
        yield
        together.adjusted(release)
    with suppress(NotOffered):
        sizes = shares.number_of_answers(release, Selection(), ("federation",))
        yield
        everybody = comparisons.compared(release)
        yield
        adjusted = comparisons.compared(release, adjusted=True)
        country = shares.shares(release, Selection())
        for theme in (themes.LIGHT, themes.DARK):
            for share in country:
                yield
                found = [one for one in everybody if one.question == share.question]
                funnel.exhibit(found, share.estimate, release.rules, registry, theme)
            yield
            rug.exhibit(everybody, sizes, rug.Order.NAME, registry, theme, False)
            yield
            rug.exhibit(adjusted, sizes, rug.Order.NAME, registry, theme, True)
        for gender in (form.WOMEN, form.MEN):
            yield
            comparisons.compared(release, (gender.code,))
