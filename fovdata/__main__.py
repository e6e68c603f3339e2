"""The command line: python -m fovdata."""

from pathlib import Path
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings

app = typer.Typer(
    help="FOV: svar in, röjandeskyddad utgåva ut.", no_args_is_help=True, add_completion=False
)
registry_commands = typer.Typer(help="Registret över förbund, regioner och kommuner.")
app.add_typer(registry_commands, name="registry")


def _fail(message: object) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Dit filen skrivs.")] = settings.ROOT
    / "data"
    / "demo",
) -> None:
    """Gör de syntetiska demosvaren; samma fil varje gång."""
    from fovdata.intake.demo import write_demo

    try:
        file = write_demo(folder)
    except OSError:
        raise _fail(
            f"Demosvaren kunde inte skrivas i {folder}. Se efter att det är en mapp, att du får "
            "skriva i den och att disken har plats."
        ) from None
    typer.echo(f"Skrev {file}: syntetiska svar, ingen verklig person.")


@app.command()
def release() -> None:
    """Räkna och röjandeskydda svaren i FOV_RESPONSES; skriv nästa utgåva i FOV_RELEASE."""
    from fovdata.release import building, keys

    try:
        folder = building.build(
            settings.responses(), settings.releases(), registries.load(), settings.key()
        )
    except (building.ReleaseFault, keys.KeyFault, registries.TableError) as error:
        raise _fail(error) from None
    typer.echo(f"Utgåvan är skriven: {folder}")


@app.command()
def key(file: Annotated[Path, typer.Argument(help="Ny fil, utanför projektet.")]) -> None:
    """Gör den hemliga nyckeln, en gång för alla."""
    from fovdata.release import keys

    try:
        keys.make(file)
    except keys.KeyFault as error:
        raise _fail(error) from None
    typer.echo(f"Nyckeln är skriven: {file}. Spara en kopia på ett säkert ställe och byt den inte.")


@registry_commands.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Annars FOV_REGISTRY.")] = None,
) -> None:
    """Säg allt som är fel i ett register."""
    found = registries.check(folder or settings.registry())
    for fault in found:
        typer.echo(fault)
    if found:
        raise _fail(f"{len(found)} fel i registret.")
    typer.echo("Registret är helt.")


if __name__ == "__main__":
    app(prog_name="python -m fovdata")
