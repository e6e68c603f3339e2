"""What the command line says of files and of batches, in words and for other programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from fovdata import wording
from fovdata.batches import ROLES, Batch
from fovdata.batches.batch import REPLACED
from fovdata.intake import checking
from fovdata.intake.checking import Finding
from fovdata.intake.receiving import TYPED, Received
from fovdata.registry import Registry
from fovdata.selection import labels


class Outcome(IntEnum):
    """How it ended with a file; the worst of several files is the worst of all."""

    WELL = 0
    FAULTY = 1
    NOT_STORED = 2


@dataclass(frozen=True)
class Said:
    """What became of a file, in words and as data."""

    text: str
    data: Mapping[str, Any]
    outcome: Outcome


def failed(name: str, fault: Exception, outcome: Outcome) -> Said:
    """A file that could not be read, or not be stored."""
    return Said(f"{name}: {fault}", {"file": name, "error": str(fault)}, outcome)


@dataclass(frozen=True)
class Written:
    """The file with the faults marked; if it could not be written, the folder it was meant for."""

    path: Path
    well: bool


def received(one: Received, marked: Written | None = None) -> Said:
    """What is wrong with a file, or what adding it would do, and where the marked file is."""
    lines, data = [*_lines(one)], dict(_data(one))
    outcome = Outcome.FAULTY if one.blocked or one.asks else Outcome.WELL
    if marked and marked.well:
        lines.append(f"Felen är utmärkta på plats i {marked.path}")
        data["marked"] = str(marked.path)
    elif marked:
        outcome = Outcome.NOT_STORED
        lines.append(
            f"Filen med felen utmärkta kunde inte skrivas i {marked.path}. Se efter att det är en "
            "mapp, att du får skriva i den och att disken har plats."
        )
    return Said("\n".join(lines), data, outcome)


def added(one: Received, batch: Batch | None) -> Said:
    """A file that was added, or that was there already."""
    done = (
        f"Inläst: nummer {batch.number}, {wording.number(batch.answers)} svar."
        if batch
        else "Ingenting ändrades: allt i filen är redan inläst."
    )
    number = batch.number if batch else None
    return Said("\n".join([*_lines(one), done]), {**_data(one), "batch": number}, Outcome.WELL)


def _lines(one: Received) -> Iterator[str]:
    checked = one.checked
    yield f"{one.name}: {wording.number(checked.rows)} formulär"
    blocking = [finding for finding in checked.findings if finding.blocking]
    remarks = [finding for finding in checked.findings if not finding.blocking]
    yield from _section("Måste rättas innan filen kan läsas in", blocking)
    yield from _section("Anmärkningar, som inte hindrar", remarks)
    if one.comparison is None:
        return
    if one.comparison.source_known is not None:
        yield f"Samma fil är redan inläst, som nummer {one.comparison.source_known}."
    yield f"{one.comparison.words}."
    if one.asks:
        yield one.comparison.question
        for answer, words in one.comparison.choices.items():
            yield f"  --missing {answer}: {words}"


def _section(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield f"{title}:"
        yield from (f"  {finding}" for finding in findings)


def _data(one: Received) -> Mapping[str, Any]:
    checked, comparison = one.checked, one.comparison
    return {
        "file": one.name,
        "forms": checked.rows,
        "blocked": checked.blocked,
        "findings": [
            {
                "kind": finding.kind,
                "blocking": finding.blocking,
                "column": finding.column,
                "rows": list(finding.rows),
                "more_rows": finding.more,
                "value": finding.value,
                "message": finding.message,
            }
            for finding in checked.findings
        ],
        "not_read": list(checked.not_read),
        "comparison": comparison
        and {
            "new": comparison.new,
            "known": comparison.known,
            "changed": comparison.changed,
            "missing": comparison.missing,
            "alike": comparison.alike,
            "asks": comparison.asks,
            "same_file_as": comparison.source_known,
        },
    }


def batch_in_a_line(batch: Batch) -> str:
    """A batch: number, when, how, by which role, and how many answers."""
    about = batch.about
    way = "registrerat för hand" if about.way == TYPED else "fil"
    said = (
        f"{batch.number}  {_when(about.made)}  {wording.number(batch.answers)} svar, "
        f"{way}, {ROLES[about.role]}"
    )
    if batch.withdrawn is None:
        return said
    return f"{said}; {_gone(batch)}"


def _gone(batch: Batch) -> str:
    withdrawn = batch.withdrawn
    assert withdrawn is not None
    newer = withdrawn.why.removeprefix(REPLACED)
    how = "borttagen" if newer == withdrawn.why else f"ersatt av {newer}"
    return f"{how} {_when(withdrawn.made)}, {ROLES[withdrawn.role]}"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def batch_in_full(batch: Batch, members: Registry) -> str:
    """A batch with its federations and the remarks that were accepted."""
    names = labels("federation", members)
    lines = [batch_in_a_line(batch)]
    lines += [
        f"  {names.get(slug, slug)}: {wording.number(answers)}"
        for slug, answers in batch.federations.items()
    ]
    lines += [
        f"  Varav {wording.number(answers)} följde med från {number}"
        for number, answers in batch.carried.items()
    ]
    lines += [
        f"  Godtagen anmärkning: {checking.KINDS[kind]} ({wording.number(rows)})"
        for kind, rows in batch.about.remarks.items()
    ]
    return "\n".join(lines)


def batch_as_data(batch: Batch) -> Mapping[str, Any]:
    """A batch for other programs."""
    withdrawn = batch.withdrawn
    return {
        "number": batch.number,
        "made": batch.about.made.isoformat(),
        "role": batch.about.role,
        "way": batch.about.way,
        "data": batch.data,
        "answers": batch.answers,
        "federations": dict(batch.federations),
        "source": batch.about.source,
        "remarks_accepted": dict(batch.about.remarks),
        "replaces": list(batch.replaces),
        "carried": dict(batch.carried),
        "withdrawn": withdrawn
        and {
            "made": withdrawn.made.isoformat(),
            "role": withdrawn.role,
            "why": withdrawn.why,
        },
    }
