"""python -m fovdata report: "Läget på en sida" for a federation, for the country, or for all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from sys import stderr
from typing import TYPE_CHECKING, Annotated

import typer

from fovdata import registry as registries
from fovdata import settings
from fovdata.commands.failing import WRONG, fail
from fovdata.commands.writing import agree, slug_of, write
from fovdata.registry import Registry

if TYPE_CHECKING:
    from fovdata.figures.release import Release

_COUNTRY = "landet"


def report(
    federation: Annotated[
        str | None,
        typer.Argument(metavar="[FÖRBUND]", help="Namn eller beteckning; annars hela landet."),
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option(metavar="FIL", help="PDF eller PPTX; med --all en mapp för PDF.")
    ],
    every: Annotated[
        bool, typer.Option("--all", help="En PDF för varje förbund, och en för hela landet.")
    ] = False,
) -> None:
    """Gör "Läget på en sida" av den nyaste utgåvan: en PDF, eller en PPTX att ändra i."""
    from fovdata.figures.release import NotOffered, ReleaseUnreadable, current

    is_file = out.suffix.lower() in (".pdf", ".pptx")
    if every and federation is not None:
        raise fail("Ange antingen ett förbund eller --all.", WRONG)
    if every and is_file:
        raise fail(f"Med --all är --out en mapp, men {out.name} är namnet på en fil.", WRONG)
    if not every and not is_file:
        raise fail(f"Filens namn ska sluta på .pdf eller .pptx, inte {out.name}.", WRONG)
    try:
        release, registry = current(settings.releases()), registries.load()
        if every or federation is not None:
            agree(release, registry)
        if every:
            _all(release, registry, out)
        else:
            slug = slug_of(federation, release, registry) if federation is not None else None
            write(out, _page(release, registry, slug, out.suffix.lower()))
            typer.echo(f"Sidan är skriven: {out}")
    except (ReleaseUnreadable, registries.TableError) as error:
        raise fail(error) from None
    except NotOffered:
        raise fail(
            "Svaren i utgåvan är ännu för få för att delas upp på förbund. Inget skrevs."
        ) from None


def _all(release: "Release", registry: Registry, folder: Path) -> None:
    from rich.console import Console
    from rich.progress import track

    federations: Sequence[str | None] = [*release.categories["federation"], None]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise fail(f"{folder} går inte att använda som mapp. Välj en annan.") from None
    pages = track(
        federations,
        "Gör sidorna",
        console=Console(stderr=True),
        transient=True,
        disable=not stderr.isatty(),
    )
    for slug in pages:
        file = folder / f"{slug or _COUNTRY}.pdf"
        write(file, _page(release, registry, slug, file.suffix))
    typer.echo(f"{len(federations)} sidor är skrivna i {folder}")


def _page(release: "Release", registry: Registry, slug: str | None, suffix: str) -> bytes:
    from fovdata.export import pdf, powerpoint, report

    make: Callable[[report.Report], bytes] = (
        pdf.document if suffix == ".pdf" else powerpoint.document
    )
    return make(report.of(release, registry, slug))
