"""What the first reader need not wait for: it is made while their browser loads what draws it."""

import gc
import pkgutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

from fovdata import settings

if TYPE_CHECKING:
    from fovdata.figures.release import Release
    from fovdata.registry import Registry


@asynccontextmanager
async def warmed(_: object) -> AsyncIterator[None]:
    """A server's life: it begins with warming up, which nothing waits for."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield


def warm_up() -> None:
    """Load what pages and API need, and open the release and the registry. Nothing is raised."""
    # What is loaded stays, and hardly any of it is garbage. To look through it time and again while
    # it grows takes a third as long as loading it; later it would hold every reader up.
    gc.disable()
    # What is wrong with a release or a registry is said to whoever asks for it.
    with suppress(Exception):
        from fovdata import charts, geography, registry
        from fovdata.figures.release import current

        exhibits = pkgutil.iter_modules(charts.__path__, f"{charts.__name__}.")
        for name in ("fovdata.dashboard.show", *(one.name for one in exhibits)):
            import_module(name)
        release, members = current(settings.releases()), registry.load()
        geography.municipalities(members)
        import_module("fovdata.api")
        ask(release, members)
    gc.freeze()
    gc.enable()


def ask(release: "Release", registry: "Registry") -> None:
    """Ask a release what rests on all federations at once, so that it keeps the answers.

    They are the same for every reader, and take longest of all figures.
    """
    from fovdata import questionnaire as form
    from fovdata.figures import comparisons, coverage, together
    from fovdata.figures.release import NotOffered

    for group in registry.groups:
        coverage.municipalities(release, registry, group.code)
    with suppress(NotOffered):  # a release with few answers has less to answer
        together.adjusted(release)
    with suppress(NotOffered):
        comparisons.compared(release)
        comparisons.compared(release, adjusted=True)
        for gender in (form.WOMEN, form.MEN):
            comparisons.compared(release, (gender.code,))
