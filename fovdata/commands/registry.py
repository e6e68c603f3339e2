"""python -m fovdata registry: the registry's own command."""

from pathlib import Path
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings
from fovdata.commands.failing import fail

commands = typer.Typer(help="Registret över förbund, regioner och kommuner.")


@commands.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Annars FOV_REGISTRY.")] = None,
) -> None:
    """Säg allt som är fel i ett register."""
    found = registries.check(folder or settings.registry())
    for fault in found:
        typer.echo(fault)
    if found:
        raise fail(f"{len(found)} fel i registret.")
    typer.echo("Registret är helt.")
