"""python -m fovdata intake: the federations' files come in."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count
from pathlib import Path
from sys import stderr
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fovdata import registry as registries
from fovdata.commands.failing import FAULTY, UNUSABLE, WRONG, fail

if TYPE_CHECKING:
    from fovdata.batches import Batch
    from fovdata.intake.places import Place
    from fovdata.intake.printed import Said, Written
    from fovdata.intake.receiving import Received

commands = typer.Typer(
    help="Förbundens egna filer: läs, kontrollera, anonymisera, ta in. "
    "Slutkod 0: allt gick; 1: något i en fil måste rättas; 2: fel kommando; "
    "3: mappen för svaren, nyckeln eller registret går inte att använda."
)


Role = Literal["kontaktperson", "nns"]
"""batches.ROLES: the command line knows them without importing what reads batches."""
Files = Annotated[
    list[Path], typer.Argument(metavar="FIL…", help="CSV, XLSX, XLS eller ODS.", show_default=False)
]
Practice = Annotated[
    bool, typer.Option("--practice", help="Öva: svaren märks som syntetiska och läggs för sig.")
]
Federation = Annotated[
    str | None,
    typer.Option(metavar="FÖRBUND", help="Vems svaren är, om filen inte har den kolumnen."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Svara med JSON, för andra program.")]
Number = Annotated[int, typer.Argument(metavar="N", help="Inläsningens nummer.")]


@commands.command()
def check(
    files: Files,
    federation: Federation = None,
    practice: Practice = False,
    marked: Annotated[
        Path | None,
        typer.Option(metavar="MAPP", help="Skriv dit filerna med felen utmärkta på plats."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Säg vad som är fel i filerna och vad de skulle ge. Ingenting sparas."""
    from fovdata.intake import printed
    from fovdata.intake.reading import FileFault

    place, whose = _place(practice, optional=True), _whose(federation)
    said = []
    for file in files:
        try:
            with _received(file, place, whose) as received:
                written = _written(received, marked) if marked else None
                said.append(printed.received(received, written))
        except FileFault as fault:
            said.append(printed.failed(file.name, fault, printed.Outcome.FAULTY))
    _answer(said, place, as_json)


@commands.command()
def add(
    files: Files,
    federation: Federation = None,
    practice: Practice = False,
    role: Annotated[Role, typer.Option(help="Vem som läser in, efter roll.")] = "kontaktperson",
    missing: Annotated[
        Literal["replace", "keep"] | None,
        typer.Option(
            help="Svaret när kontrollen frågar om tidigare svar: replace, filen gäller och de tas "
            "bort; keep, de ligger kvar."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ta in filerna. En fil med fel tas inte in; de andra tas in ändå."""
    from fovdata.batches import StoreFault
    from fovdata.intake import printed, receiving
    from fovdata.intake.reading import FileFault

    place, whose = _place(practice), _whose(federation)
    said = []
    for file in files:
        try:
            with _received(file, place, whose) as received:
                if received.blocked or (received.asks and missing is None):
                    said.append(printed.received(received))
                else:
                    batch = receiving.add(received, place, role, missing)
                    said.append(printed.added(received, batch))
        except FileFault as fault:
            said.append(printed.failed(file.name, fault, printed.Outcome.FAULTY))
        except StoreFault as fault:
            said.append(printed.failed(file.name, fault, printed.Outcome.NOT_STORED))
    _answer(said, place, as_json)


@commands.command("list")
def list_batches(practice: Practice = False, as_json: AsJson = False) -> None:
    """Vilka inläsningar som finns, de borttagna också."""
    from fovdata import batches
    from fovdata.intake import printed

    with _faults():
        found = batches.listed(_place(practice).folder)
    if as_json:
        typer.echo(_json([printed.batch_as_data(batch) for batch in found]))
    else:
        typer.echo("\n".join(map(printed.batch_in_a_line, found)) or "Ingenting är inläst.")


@commands.command()
def show(number: Number, practice: Practice = False, as_json: AsJson = False) -> None:
    """En inläsning: när, av vem, hur många svar och vilka anmärkningar som godtogs."""
    from fovdata.intake import printed

    batch = _numbered(number, _place(practice))
    with _faults():
        words = printed.batch_in_full(batch, registries.load())
    typer.echo(_json(printed.batch_as_data(batch)) if as_json else words)


@commands.command()
def withdraw(
    number: Number,
    practice: Practice = False,
    role: Annotated[Role, typer.Option(help="Vem som tar bort, efter roll.")] = "kontaktperson",
    yes: Annotated[bool, typer.Option("--yes", help="Fråga inte.")] = False,
) -> None:
    """Ta bort svaren i en inläsning. Spåret av den står kvar."""
    import datetime

    from fovdata import batches
    from fovdata.intake import printed

    place = _place(practice)
    batch = _numbered(number, place)
    if batch.withdrawn:
        raise fail(f"Svaren i inläsning {number} är redan borttagna.")
    if not yes:
        gone = "Det som den ersatte kommer inte tillbaka. " if batch.replaces else ""
        typer.echo(f"{printed.batch_in_a_line(batch)}\n{gone}Det går inte att ångra.")
        if typer.prompt("Ta bort svaren? Skriv ja eller nej", default="nej").casefold() != "ja":
            raise fail("Ingenting togs bort.")
    with _faults():
        batches.withdraw(place.folder, number, role, datetime.datetime.now(datetime.UTC))
    typer.echo(f"Svaren i inläsning {number} är borttagna. De lämnar siffrorna med nästa utgåva.")


@commands.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Ny fil, till exempel mall.xlsx.")],
    federation: Annotated[
        str | None,
        typer.Option(metavar="FÖRBUND", help="Förbundet som mallen görs för."),
    ] = None,
) -> None:
    """Skriv mallen att fylla i: formulärets frågor, listor att välja ur och en exempelrad."""
    from fovdata.template import workbook

    if file.suffix != ".xlsx":
        raise fail("Mallen är en arbetsbok: ge filen ett namn som slutar på .xlsx.", WRONG)
    whose = _whose(federation)
    with _faults():
        content = workbook(registries.load(), whose)
    try:
        with file.open("xb") as target:
            target.write(content)
    except FileExistsError:
        raise fail(f"{file} finns redan. Välj ett annat namn.") from None
    except OSError:
        raise fail(
            f"{file} kunde inte skrivas. Se efter att mappen finns, att du får skriva i den och "
            "att disken har plats."
        ) from None
    typer.echo(f"Mallen är skriven: {file}")


@commands.command()
def serve(
    practice: Practice = False,
    service: Annotated[
        bool,
        typer.Option(
            "--service", help="För flera, över nätet: kräver inloggning (OpenID Connect)."
        ),
    ] = False,
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8502,
) -> None:
    """Öppna mottagningen i webbläsaren: läs in filer och registrera formulär."""
    from fovdata.desk.serving import ServeFault
    from fovdata.desk.serving import serve as open_desk

    with _faults():
        _place(practice)
    try:
        open_desk(port, practice, service)
    except ServeFault as fault:
        raise fail(fault, UNUSABLE) from None


@contextmanager
def _faults() -> Iterator[None]:
    """What is wrong with the places ends the command in words."""
    from fovdata.batches import StoreFault
    from fovdata.intake.places import PlaceFault
    from fovdata.keys import KeyFault

    try:
        yield
    except (StoreFault, PlaceFault, KeyFault, registries.TableError) as fault:
        raise fail(fault, UNUSABLE) from None


def _place(practice: bool, optional: bool = False) -> "Place":
    """Where answers go; with ``optional`` the place for practice where no other is named."""
    from fovdata import settings
    from fovdata.intake import places

    nowhere = settings.responses() == settings.DEMO and settings.key() is None
    with _faults():
        return places.practice() if practice or (optional and nowhere) else places.real()


def _numbered(number: int, place: "Place") -> "Batch":
    from fovdata import batches

    with _faults():
        for batch in batches.listed(place.folder):
            if batch.number == number:
                return batch
    raise fail(f"Det finns ingen inläsning {number}. Se vilka som finns: intake list")


def _whose(federation: str | None) -> str | None:
    """The slug of a federation that is given by slug or name."""
    with _faults():
        members = registries.load()
    named = {one.name.casefold(): one.slug for one in members.federations}
    slugs = set(named.values())
    if federation is None or federation in slugs:
        return federation
    if (slug := named.get(federation.casefold())) is None:
        known = ", ".join(sorted(slugs))
        raise fail(f"Förbundet {federation} finns inte. Skriv ett av: {known}.", WRONG)
    return slug


@contextmanager
def _received(file: Path, place: "Place", federation: str | None) -> "Iterator[Received]":
    """Read and check a file, with a bar that shows how far it has come. Raises FileFault."""
    from fovdata.intake.reading import FileFault
    from fovdata.intake.receiving import receive

    with _faults():
        members = registries.load()
    with ExitStack() as opened:
        try:
            source = opened.enter_context(file.open("rb"))
        except IsADirectoryError:
            raise FileFault("Det är en mapp. Ange filerna i den.") from None
        except OSError:
            raise FileFault(
                "Filen går inte att läsa. Se efter att den finns och att du får läsa den."
            ) from None
        with _faults(), _progress() as passed:
            received = receive(source, file.name, place, members, federation, passed=passed)
        yield received


@contextmanager
def _progress() -> "Iterator[Callable[[int], object]]":
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.completed} formulär"),
        console=Console(stderr=True),
        transient=True,
        disable=not stderr.isatty(),
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda forms: bar.update(task, completed=forms)


def _written(received: "Received", folder: Path) -> "Written":
    """Write the file with its faults marked, under a name that is free."""
    from fovdata.intake import marking
    from fovdata.intake.printed import Written

    stem = f"{Path(received.name).stem}-att-rätta"
    content = marking.marked(received.checked, received.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in chain([stem], (f"{stem}-{number}" for number in count(2))):
            file = folder / f"{name}.xlsx"
            with suppress(FileExistsError):
                file.touch(0o600, exist_ok=False)
                break
        file.write_bytes(content)
    except OSError:
        return Written(folder, well=False)
    return Written(file, well=True)


def _answer(said: Sequence["Said"], place: "Place", as_json: bool) -> None:
    """Say what became of every file, and end as the worst of them did."""
    if as_json:
        typer.echo(_json([one.data for one in said]))
    else:
        if place.practice:
            typer.echo("Övning: ingenting här blandas med verkliga svar.")
        typer.echo("\n\n".join(one.text for one in said))
    if worst := max(one.outcome for one in said):
        raise typer.Exit({1: FAULTY, 2: UNUSABLE}[worst])


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)
