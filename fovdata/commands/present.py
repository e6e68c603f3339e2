"""python -m fovdata present: the story for a hall, as one HTML file or as slides."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings
from fovdata.commands.failing import WRONG, fail
from fovdata.commands.writing import agree, slug_of, write

_USUAL = "http://localhost:8501"
"""Where the dashboard is when nobody has said it: on the same machine."""


def present(
    *,
    out: Annotated[
        Path, typer.Option(metavar="FIL", help="HTML att visa utan nät, eller PPTX att ändra i.")
    ],
    federation: Annotated[
        str | None,
        typer.Option(
            metavar="FÖRBUND", help="Namn eller beteckning; annars det som har flest svar."
        ),
    ] = None,
    scenes: Annotated[
        str, typer.Option(metavar="SCENER", help="I ordning, till exempel fov,karta,hundra.")
    ] = "",
) -> None:
    """Gör presentationen av den nyaste utgåvan: en fil för en sal, med siffrorna fästa vid den."""
    from fovdata.figures.release import ReleaseUnreadable, current
    from fovdata.presentation import slides, stage, story

    suffix = out.suffix.lower()
    if suffix not in (".html", ".pptx"):
        raise fail(f"Filens namn ska sluta på .html eller .pptx, inte {out.name}.", WRONG)
    codes = _codes(scenes, [*story.SCENES])
    try:
        release, registry = current(settings.releases()), registries.load()
        agree(release, registry)
        slug = (
            slug_of(federation, release, registry)
            if federation is not None
            else story.usual_federation(release)
        )
        told = story.Telling(release, registry, slug, settings.address() or _USUAL)
        deck = story.deck(told, codes)
        write(out, stage.document(deck).encode() if suffix == ".html" else slides.document(deck))
    except (ReleaseUnreadable, registries.TableError) as error:
        raise fail(error) from None
    typer.echo(f"Presentationen är skriven: {out}")
    if not settings.address() and "stod" in (codes or story.SCENES):
        typer.echo(
            f"QR-koden leder till {_USUAL}, alltså den här datorn. Sätt FOV_ADDRESS till adressen "
            "där salen hittar siffrorna, och gör om."
        )


def _codes(scenes: str, known: Sequence[str]) -> Sequence[str]:
    """The scenes asked for. Ends the command if one does not exist."""
    asked = [code for part in scenes.split(",") if (code := part.strip())]
    if unknown := [code for code in asked if code not in known]:
        raise fail(f"Scenen finns inte: {', '.join(unknown)}. Det finns {', '.join(known)}.", WRONG)
    return asked
