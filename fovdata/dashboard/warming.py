"""What the first reader need not wait for: it is loaded while their browser loads what draws it."""

import gc
import pkgutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module

from fovdata import settings


@asynccontextmanager
async def warmed(_: object) -> AsyncIterator[None]:
    """A server's life: it begins with warming up, which nothing waits for."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield


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
