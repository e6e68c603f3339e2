"""The command line: python -m fovdata."""

from pathlib import Path
from sys import stderr
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings
from fovdata.commands import doctor, intake, present, registry, releases, report
from fovdata.commands.failing import fail

app = typer.Typer(
    help="FOV: svar in, röjandeskyddad utgåva ut.", no_args_is_help=True, add_completion=False
)
for name, group in (
    ("intake", intake.commands),
    ("registry", registry.commands),
    ("releases", releases.commands),
):
    app.add_typer(group, name=name)
app.command()(report.report)
app.command()(present.present)
app.command()(doctor.doctor)


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
        raise fail(
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

    from fovdata import keys
    from fovdata.release import building, ledger

    try:
        members = registries.load()
        known = {federation.slug for federation in members.federations}
        if unknown := sorted(set(erase) - known):
            raise fail(f"Förbundet finns inte i registret: {', '.join(unknown)}.")
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
        raise fail(error) from None
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
    from fovdata import keys

    try:
        keys.make(file, settings.releases())
    except keys.KeyFault as error:
        raise fail(error) from None
    typer.echo(f"Nyckeln är skriven: {file}. Spara en kopia på ett säkert ställe och byt den inte.")


if __name__ == "__main__":
    app(prog_name="python -m fovdata")
