"""python -m fovdata doctor: is everything there that a server needs?"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

import typer

from fovdata.commands.checkup import Finding, Verdict, configuration, contents, machine
from fovdata.commands.failing import FAULTY

CHECKS: Mapping[str, Callable[[], Iterator[Finding]]] = {
    "variabler": configuration.variables,
    "säkra sidan": configuration.safe_side,
    "inställningar": configuration.streamlit,
    "adress": configuration.address,
    "inloggning": configuration.sign_in,
    "utgåva": contents.release,
    "register": contents.registry,
    "typsnitt": contents.fonts,
    "klocka": contents.clock,
    "minne": machine.memory,
    "program": machine.libraries,
    "port": machine.port,
}
"""What is looked at, in order, under the word that stands first on its lines."""


def doctor(
    *,
    as_json: bool = typer.Option(False, "--json", help="Svara med JSON, för andra program."),
) -> None:
    """Se efter att allt finns som servern behöver. Slutkod 0: inget fel; 1: något måste lagas."""
    found = [(check, one) for check, look in CHECKS.items() for one in look()]
    if as_json:
        rows = [{"check": check, **asdict(one)} for check, one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(_line(check, one) for check, one in found))
        typer.echo(_sum([one.verdict for _, one in found]))
    if any(one.verdict is Verdict.FAULT for _, one in found):
        raise typer.Exit(FAULTY)


def _line(check: str, found: Finding) -> str:
    mend = f"\n{'':12}{found.mend}" if found.mend else ""
    return f"{found.verdict:<12}{check}: {found.what}{mend}"


def _sum(verdicts: list[Verdict]) -> str:
    faults, remarks = verdicts.count(Verdict.FAULT), verdicts.count(Verdict.REMARK)
    remarked = f"{remarks} {'anmärkning' if remarks == 1 else 'anmärkningar'}"
    return f"{faults} fel, {remarked}." if faults else f"Inget fel, {remarked}."
