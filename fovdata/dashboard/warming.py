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
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield


def _warm_up() -> None:
    # What is wrong with a release or a registry is said to whoever asks for it.
    with suppress(Exception):
        from fovdata import api, charts, geography, registry
        from fovdata.dashboard import show
        from fovdata.figures.release import current

        current(settings.releases())
        geography.municipalities(registry.load())
        for room in (charts, show, api):
            for one in pkgutil.iter_modules(getattr(room, "__path__", ()), f"{room.__name__}."):
                import_module(one.name)
    # What is loaded once stays: to look through it for garbage holds every reader up.
    gc.collect()
    gc.freeze()
