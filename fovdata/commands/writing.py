"""What the commands that write files of the newest release have in common."""

from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from fovdata import settings
from fovdata.commands.failing import fail
from fovdata.registry import Registry

if TYPE_CHECKING:
    from fovdata.figures.release import Release

_NEAR = 5
"""How many names that are like the one asked for are named."""


def agree(release: "Release", registry: Registry) -> None:
    """End the command if the release has a federation that the registry knows nothing of."""
    known = {federation.slug for federation in registry.federations}
    if unknown := sorted(set(release.categories["federation"]) - known):
        raise fail(
            f"Utgåvan har förbund som inte finns i registret: {', '.join(unknown)}. "
            "Låt FOV_REGISTRY peka på det register som utgåvan är gjord med."
        )


def slug_of(asked: str, release: "Release", registry: Registry) -> str:
    """The federation that is meant, by slug or name. Ends the command if there is none."""
    slugs = {
        name.lower(): slug
        for slug in release.categories["federation"]
        for name in (slug, registry.federation(slug).name)
    }
    wanted = asked.strip().lower()
    found = slugs.get(wanted)
    if found is None:
        within = [name for name in slugs if wanted and wanted in name]
        near = dict.fromkeys(slugs[name] for name in (*within, *get_close_matches(wanted, slugs)))
        meant = f" Menas {' eller '.join([*near][:_NEAR])}?" if near else ""
        raise fail(
            f"Förbundet {asked} finns inte i utgåvan.{meant} "
            f"Alla beteckningar står i {settings.registry() / 'federations.csv'}."
        )
    return found


def write(file: Path, content: bytes) -> None:
    """The whole file or none: written beside, then renamed."""
    draft = file.with_name(f".{file.name}.del")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError:
        raise fail(
            f"{file} kunde inte skrivas. Se efter att mappen finns, att du får skriva i den och "
            "att disken har plats."
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
