"""Releases as plain text for a terminal: which there are, one of them, two beside each other."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from textwrap import fill

from fovdata import wording
from fovdata.figures import changes, coverage, shares
from fovdata.figures.changes import Turnover
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import (
    Release,
    ReleaseUnreadable,
    current,
    numbered,
    open_release,
    whole,
)
from fovdata.measures import RELEASE_FORMAT
from fovdata.registry import Registry
from fovdata.rules import STANDING_NOTE
from fovdata.selection import LABELS, Selection, labels

_WIDTH = 100
_SPACE = "\N{NO-BREAK SPACE}"

BESIDE = (
    "Talen är avrundade var för sig i sin utgåva. Dra dem inte från varandra: skillnaden kan vara "
    "bara brus och avrundning."
)


def listed(releases: Path) -> str:
    """Every release in a folder, a line each, and what is wrong with those that are not whole.

    Raises ReleaseUnreadable when there is none.
    """
    rows, faults, served = [], [], 0
    for number, folder in numbered(releases).items():
        try:
            release = open_release(folder)
        except ReleaseUnreadable as fault:
            faults.append(str(fault))
        else:
            served = number
            rows.append(
                (
                    str(number),
                    wording.day(release.date),
                    changes.KINDS[release.data],
                    _number_of_answers(release),
                    wording.years(release.categories["period"]),
                    _federations(release),
                    str(RELEASE_FORMAT),
                )
            )
    header = ("Utgåva", "Datum", "Slag", "Antal svar", "År", "Förbund", "Format", "Serveras")
    table = [(*row, "ja" if row[0] == str(served) else "nej") for row in rows]
    notes = [fill(fault, _WIDTH) for fault in faults]
    return _text(_table(header, table) if table else "", *notes)


def described(releases: Path, number: int | None = None) -> str:
    """A release and the whole country's figures; the one that is served if none is named.

    Raises ReleaseUnreadable.
    """
    release = current(releases) if number is None else _numbered(releases, number)
    tables = [_combination(table) for table in release.tables]
    rules = [f"{name}{_SPACE}{value:g}" for name, value in asdict(release.rules).items()]
    facts = (
        ("Svar", f"{changes.KINDS[release.data]}, {_number_of_answers(release)}"),
        ("År", wording.years(release.categories["period"])),
        ("Förbund", f"{_federations(release)} visas för sig"),
        ("Format", str(RELEASE_FORMAT)),
        ("Serveras", "ja" if current(releases).number == release.number else "nej"),
        ("Regler", ", ".join(rules)),
        ("Tabeller", f"{len(tables)}: {', '.join(tables)}"),
    )
    width = 2 + max(len(name) for name, _ in facts)
    return _text(
        _named(release),
        "\n".join(
            fill(text, _WIDTH, initial_indent=name.ljust(width), subsequent_indent=" " * width)
            for name, text in facts
        ),
        _table(
            ("Hela landet", "Andel Ja", "95 % intervall", "Antal svar"),
            [
                (
                    wording.question(one.question),
                    one.estimate.said,
                    one.estimate.interval,
                    _about(one.estimate.n),
                )
                for one in shares.shares(release, Selection())
            ],
        ),
        fill(STANDING_NOTE, _WIDTH),
    )


def compared(releases: Path, registry: Registry, numbers: Sequence[int] = ()) -> str:
    """Two releases' figures beside each other, the older first; the two newest if none is named.

    Raises ReleaseUnreadable.
    """
    if numbers:
        found = [_numbered(releases, number) for number in sorted(set(numbers))]
    else:
        found = [*islice(whole(releases), 2)][::-1]
    if len(found) != 2:
        raise ReleaseUnreadable(
            "Det behövs två olika hela utgåvor att jämföra. "
            "Se vilka som finns med: python -m fovdata releases list"
        )
    before, after = found
    names = labels("federation", registry)
    header = (f"Utgåva {before.number}", f"Utgåva {after.number}")
    answers = changes.answers(before, after)
    by_federation = changes.federations(before, after)
    federations = [
        (names.get(slug, slug), _about(n.before), _about(n.after), _status(n.before, n.after))
        for slug, n in by_federation.items()
        if n.before != n.after
    ]
    same = len(by_federation) - len(federations)
    warning = (
        f"Utgåva {before.number} har {changes.KINDS[before.data]} svar och utgåva {after.number} "
        f"{changes.KINDS[after.data]}: de går inte att jämföra."
    )
    return _text(
        f"{_named(before)}, och {_named(after).lower()}",
        "" if changes.comparable(before, after) else fill(warning, _WIDTH),
        _table(
            ("Hela landet", *header),
            [
                ("Antal svar", _about(answers.before), _about(answers.after)),
                *(
                    (wording.question(code), _share(share.before), _share(share.after))
                    for code, share in changes.shares(before, after).items()
                ),
            ],
        ),
        _table(("Förbund, antal svar", *header, ""), federations) if federations else "",
        f"{wording.number(same)} förbund med samma antal i båda." if same else "",
        "\n".join(_other_changes(before, after)),
        fill(BESIDE, _WIDTH),
    )


def _numbered(releases: Path, number: int) -> Release:
    found = numbered(releases)
    if number not in found:
        raise ReleaseUnreadable(
            f"Utgåva {number} finns inte i FOV_RELEASE. "
            "Se vilka som finns med: python -m fovdata releases list"
        )
    return open_release(found[number])


def _other_changes(before: Release, after: Release) -> Sequence[str]:
    """What else is new, gone or altered, a line each."""
    tables = changes.tables(before, after)
    rules = changes.rules(before, after)
    lines = [
        *_turnover("år", changes.years(before, after)),
        *_turnover(
            "tabeller",
            Turnover(
                *([_combination(table) for table in found] for found in (tables.new, tables.gone))
            ),
        ),
        *(f"Ändrad regel: {name} {rule.before:g} → {rule.after:g}" for name, rule in rules.items()),
    ]
    return [fill(line, _WIDTH, subsequent_indent="  ") for line in lines]


def _turnover(what: str, change: Turnover[str]) -> Sequence[str]:
    found = ((f"Nya {what}", change.new), (f"Borttagna {what}", change.gone))
    return [f"{name}: {', '.join(names)}" for name, names in found if names]


def _status(before: int | None, after: int | None) -> str:
    if before is None:
        return "visas nu"
    return "visas inte längre" if after is None else ""


def _number_of_answers(release: Release) -> str:
    (whole_country,) = shares.number_of_answers(release, Selection())
    return _about(whole_country.n)


def _about(n: int | None) -> str:
    return wording.HIDDEN if n is None else wording.about(n, "").rstrip()


def _share(estimate: Estimate) -> str:
    return f"{estimate.said} ({estimate.interval})" if estimate.interval else estimate.said


def _federations(release: Release) -> str:
    shown = coverage.federations_with_answers(release)
    return f"{len(shown)} av {len(release.categories['federation'])}"


def _combination(table: Sequence[str]) -> str:
    return (
        f"{_SPACE}×{_SPACE}".join(LABELS[dimension].lower() for dimension in table) or "hela landet"
    )


def _named(release: Release) -> str:
    return f"Utgåva {release.number}, {wording.day(release.date)}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what stands in them, so that it looks the same in a file."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    )


def _text(*parts: str) -> str:
    """Parts with a line between them; plain spaces, so that a number can be searched for."""
    text = "\n\n".join(filter(None, parts))
    return text.replace(_SPACE, " ")
