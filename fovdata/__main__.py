"""The command line: python -m fovdata."""

from collections.abc import Callable
from pathlib import Path
from sys import stderr
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings

app = typer.Typer(
    help="FOV: svar in, röjandeskyddad utgåva ut.", no_args_is_help=True, add_completion=False
)
registry_commands = typer.Typer(help="Registret över förbund, regioner och kommuner.")
app.add_typer(registry_commands, name="registry")
release_commands = typer.Typer(help="Utgåvorna i FOV_RELEASE, i röjandeskyddade siffror.")
app.add_typer(release_commands, name="releases")


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
def release(
    erase: Annotated[
        list[str],
        typer.Option(
            metavar="FÖRBUND",
            help="Gör i stället en utgåva där bara förbundets borttagna svar försvinner, hur få "
            "de än är. För en radering som enligt lag inte får vänta.",
        ),
    ] = [],  # noqa: B006  (typer reads it, nobody writes to it)
) -> None:
    """Räkna och röjandeskydda svaren i FOV_RESPONSES; skriv nästa utgåva i FOV_RELEASE."""
    from rich.console import Console
    from rich.progress import Progress

    from fovdata.release import building, keys, ledger

    try:
        members = registries.load()
        known = {federation.slug for federation in members.federations}
        if unknown := sorted(set(erase) - known):
            raise _fail(f"Förbundet finns inte i registret: {', '.join(unknown)}.")
        with Progress(
            console=Console(stderr=True), transient=True, disable=not stderr.isatty()
        ) as bar:
            task = bar.add_task("", total=len(building.STEPS))
            made = building.build(
                settings.responses(),
                settings.releases(),
                settings.ledger(),
                members,
                settings.key(),
                erase=erase,
                started=lambda step: bar.update(
                    task, completed=building.STEPS.index(step), description=step
                ),
            )
    except (
        building.ReleaseFault,
        keys.KeyFault,
        ledger.LedgerFault,
        registries.TableError,
    ) as error:
        raise _fail(error) from None
    for title, lines in (("Nytt i utgåvan", made.entered), ("Väntar", made.waiting)):
        if lines:
            typer.echo("\n  ".join((f"{title}:", *lines)))
    if not made.entered:
        typer.echo("Samma svar som i förra utgåvan.")
    if erase:
        typer.echo(
            "Den som jämför den här utgåvan med den förra kan ana vad de raderade svaren sade: "
            "ta bort de tidigare utgåvorna från servern."
        )
    typer.echo(f"Utgåvan är skriven: {made.folder}")


@app.command()
def key(file: Annotated[Path, typer.Argument(help="Ny fil, utanför projektet.")]) -> None:
    """Gör den hemliga nyckeln, en gång för alla."""
    from fovdata.release import keys

    try:
        keys.make(file, settings.releases())
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


def _print(text: Callable[[], str]) -> None:
    from fovdata.figures.release import ReleaseUnreadable

    try:
        typer.echo(text())
    except (ReleaseUnreadable, registries.TableError) as error:
        raise _fail(error) from None


@release_commands.command("list")
def list_releases() -> None:
    """Vilka utgåvor som finns, och vilken som serveras."""
    from fovdata.figures import printed

    _print(lambda: printed.listed(settings.releases()))


@release_commands.command()
def show(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Annars den som serveras.")
    ] = None,
) -> None:
    """En utgåva: vad den är gjord av och hela landets siffror."""
    from fovdata.figures import printed

    _print(lambda: printed.described(settings.releases(), number))


@release_commands.command()
def diff(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="A B", help="Två utgåvor; annars de två nyaste."),
    ] = None,
) -> None:
    """Två utgåvor bredvid varandra."""
    from fovdata.figures import printed

    _print(lambda: printed.compared(settings.releases(), registries.load(), numbers or ()))


if __name__ == "__main__":
    app(prog_name="python -m fovdata")
