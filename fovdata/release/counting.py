"""All SQL over answers: checking the batches, choosing what enters a release, and counting.

Plain enough to run elsewhere.
"""

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fovdata import measures, responses
from fovdata import questionnaire as form
from fovdata.batches import current, shown
from fovdata.rules import Rules
from fovdata.selection import DIMENSIONS, EARLIER, LATEST

RESPONSE_COLUMN = {
    "period": "CAST(year AS VARCHAR)",
    "region": "region",
    "federation": "federation",
    "gender": "gender",
    "age": "age_band",
    "authority": "authority",
}
"""How each dimension is read from an answer."""

_BATCH = ".parquet"
_FAULTS_A_COLUMN = 5
_SAID = 40
"""So many characters of a wrong value are said."""


@dataclass(frozen=True)
class TrueCell:
    """The true counts of one cell: stays on the safe side.

    ``codes`` says which people: category code by dimension. ``key_sum`` is the sum of their
    record keys mod 2⁶⁴; ``counts`` holds the true count by label.
    """

    codes: Mapping[str, str]
    fill_count: str
    key_sum: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """How the answers differ from those of the last release, in the smallest group ever shown.

    That is a federation's first-time forms, or with ``federation`` None the whole country's
    repeat forms. ``new`` answers have come and ``gone`` ones are no longer there.
    """

    federation: str | None
    new: int
    gone: int

    def enters(self, rules: Rules) -> bool:
        """Whether so many change that no single one of them can be told from the difference."""
        return max(self.new, self.gone) >= rules.batch


def batches(folder: Path) -> list[Path]:
    """The batches of answers that count, oldest name first; none where there is no folder."""
    return current(folder)


def strangers(folder: Path) -> Iterator[str]:
    """What else the folder holds, in Swedish: answers in it would vanish without a word."""
    for path in shown(folder):
        if path.suffix not in (_BATCH, ".json"):
            yield (
                f"{path.name}: läses inte, för svar läses bara ur filer vars namn slutar på "
                f"{_BATCH}, i själva mappen. Byt namn på den eller flytta den."
            )


def faults(files: Sequence[Path], federations: Sequence[str]) -> Iterator[str]:
    """What is wrong with the batches, in Swedish: file, row, column, value and what to do."""
    whole = []
    with _connected() as connection:
        for file in files:
            try:
                found = _columns(connection, file)
            except duckdb.Error:
                yield f"{file.name}: filen går inte att läsa som Parquet. Hämta den på nytt."
                continue
            wrong = list(_wrong_columns(found))
            if wrong:
                yield from (f"{file.name}: {message}" for message in wrong)
                continue
            try:
                yield from _wrong_values(connection, file, federations)
            except duckdb.Error:
                yield (
                    f"{file.name}: värdena går inte att läsa. Filen är skadad, eller har text som "
                    "inte är i UTF-8. Hämta den på nytt."
                )
            else:
                whole.append(file)
        if whole:
            yield from _repeated_ids(connection, whole)


def kinds_of_data(files: Sequence[Path]) -> set[str]:
    """ "synthetic" and/or "real", as the answers say themselves."""
    with _connected() as connection:
        rows = connection.execute(
            "SELECT DISTINCT data FROM read_parquet(?, hive_partitioning=false)", [_names(files)]
        )
        return {kind for (kind,) in rows.fetchall()}


def changes(files: Sequence[Path], last: Path | None, year: int) -> list[Change]:
    """What has changed since the last release, a row for each group that has.

    ``last`` holds the answers of that release; ``year`` is not yet closed, nor those after it.
    """
    with _connected() as connection:
        rows = connection.execute(
            f"""
            SELECT coalesce(closed.unit, entered.unit) AS unit,
                   count_if(entered.response_id IS NULL) AS new,
                   count_if(closed.response_id IS NULL) AS gone
            FROM ({_CLOSED}) closed
            FULL JOIN ({_entered(last)}) entered USING (response_id)
            GROUP BY ALL HAVING new + gone > 0 ORDER BY unit
            """,
            [_names(files), year, *([_name(last)] if last else ())],
        ).fetchall()
    return [Change(unit or None, new, gone) for unit, new, gone in rows]


def altered(files: Sequence[Path], last: Path) -> Iterator[str]:
    """Answers that say something else than in the last release under the same id, in Swedish.

    The noise would stay what it was, for the people are the same: the difference between the two
    releases would be the answer itself. A correction is a new answer with an id of its own.
    """
    same = " AND ".join(
        f"now.{column.name} IS NOT DISTINCT FROM entered.{column.name}"
        for column in responses.COLUMNS
    )
    with _connected() as connection:
        rows = connection.execute(
            f"""
            SELECT now.response_id, parse_filename(now.filename)
            FROM read_parquet(?, hive_partitioning=false, filename=true) now
            JOIN ({_entered(last)}) entered USING (response_id)
            WHERE NOT ({same}) ORDER BY 1 LIMIT {_FAULTS_A_COLUMN}
            """,
            [_names(files), _name(last)],
        ).fetchall()
    for response_id, name in rows:
        yield (
            f"{name}: svaret {response_id} är ändrat sedan förra utgåvan men har kvar sitt id. "
            "En rättelse ska ha ett nytt id; läs in formuläret på nytt."
        )


def freeze(
    target: Path,
    files: Sequence[Path],
    last: Path | None,
    year: int,
    enter: Sequence[str | None] = (),
    erase: Sequence[str] = (),
) -> None:
    """Write the answers that the next release is made of, as one file.

    The groups that ``enter`` (see Change) are taken as they are now, the others as they were in
    the last release; but what is gone of the federations in ``erase`` is left out of those.
    """
    columns = ", ".join(column.name for column in responses.COLUMNS)
    units = [unit or "" for unit in enter]
    query = f"""
        COPY (
            SELECT {columns} FROM ({_CLOSED}) WHERE list_contains(?, unit)
            UNION ALL
            SELECT {columns} FROM ({_entered(last)}) WHERE NOT list_contains(?, unit)
            AND (NOT list_contains(?, federation) OR response_id IN (
                SELECT response_id FROM read_parquet(?, hive_partitioning=false)
            ))
            ORDER BY response_id
        ) TO ? (FORMAT parquet, COMPRESSION zstd)
    """
    parameters = [
        *(_names(files), year, units),
        *([_name(last)] if last else ()),
        *(units, list(erase), _names(files), str(target)),
    ]
    with _connected() as connection:
        connection.execute(query, parameters)


def still_open(files: Sequence[Path], year: int) -> Mapping[int, int]:
    """Answers by year, of ``year`` and later: they wait until their year is closed."""
    with _connected() as connection:
        rows = connection.execute(
            "SELECT year, count(*) FROM read_parquet(?, hive_partitioning=false) "
            "WHERE year >= ? GROUP BY year ORDER BY year",
            [_names(files), year],
        ).fetchall()
    return dict(rows)


_UNIT = f"CASE WHEN fill_count = '{form.FIRST_TIME.code}' THEN federation ELSE '' END AS unit"
_CLOSED = f"SELECT *, {_UNIT} FROM read_parquet(?, hive_partitioning=false) WHERE year < ?"


def _entered(last: Path | None) -> str:
    """The answers of the last release; none before the first."""
    columns = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in responses.COLUMNS)
    source = (
        "read_parquet(?, hive_partitioning=false)" if last else f"(SELECT {columns}) WHERE false"
    )
    return f"SELECT *, {_UNIT} FROM {source}"


def count(
    files: Sequence[Path],
    tables: Sequence[tuple[str, ...]],
    regions: Mapping[str, str],
) -> Iterator[TrueCell]:
    """Every cell of the tables, in one query that reads the answers once.

    A table is a tuple of dimensions; ``regions`` gives a federation's region. The tables count
    first-time forms (unique persons); the total is also given by fill count. The order is that
    of the codes, so that the same answers make the same release, byte for byte.
    """
    used = [d for d in (*DIMENSIONS, LATEST) if any(d in table for table in tables)]
    expressions = dict(_expressions())
    counted = [f'{sql} AS "{label}"' for label, sql in expressions.items()]
    added = [f'sum("{label}")' for label in expressions]
    dimensions = [f"{RESPONSE_COLUMN[dimension]} AS {dimension}" for dimension in DIMENSIONS]
    grouping_sets = [f"({', '.join(('fill_count', *table))})" for table in tables]
    # No value of an answer is empty, so an empty category means all.
    total = " AND ".join(f"{dimension} IS NULL" for dimension in used) or "true"
    query = f"""
        WITH smallest_cells AS (
            SELECT {", ".join(dimensions)}, fill_count,
                   sum(CAST(md5_number_lower(response_id) AS HUGEINT)) AS key_sum,
                   {", ".join(counted)}
            FROM read_parquet(?, hive_partitioning=false)
            JOIN (SELECT unnest(?) AS federation, unnest(?) AS region) USING (federation)
            GROUP BY ALL
        ), cells AS (
            SELECT *, CASE WHEN period = max(period) FILTER (fill_count = ?) OVER ()
                      THEN '{LATEST}' ELSE '{EARLIER}' END AS {LATEST}
            FROM smallest_cells
        )
        SELECT {", ".join(("fill_count", *used))},
               CAST(sum(key_sum) % 18446744073709551616 AS UBIGINT),
               {", ".join(added)}
        FROM cells
        GROUP BY GROUPING SETS ({", ".join(grouping_sets)})
        HAVING fill_count = ? OR ({total})
        ORDER BY {", ".join(f"{name} NULLS FIRST" for name in ("fill_count", *used))}
    """  # every name in it is declared in this package; every value is bound
    first_time = form.FIRST_TIME.code
    parameters = [_names(files), [*regions], [*regions.values()], first_time, first_time]
    with _connected() as connection:
        cursor = connection.execute(query, parameters)
        while row := cursor.fetchone():
            fill_count, *codes = row[: 1 + len(used)]
            key_sum, *counts = row[1 + len(used) :]
            yield TrueCell(
                {d: code for d, code in zip(used, codes, strict=True) if code is not None},
                fill_count,
                key_sum,
                dict(zip(expressions, counts, strict=True)),
            )


def _expressions() -> Iterator[tuple[str, str]]:
    """Label → SQL of its true count."""

    def answered(*codes: str) -> str:
        return " AND ".join(f"{code} <> '{form.BLANK}'" for code in codes)

    def yes(*codes: str) -> str:
        return " AND ".join(f"{code} = '{form.YES}'" for code in codes)

    def number_of(condition: str) -> str:
        return f"count_if({condition})"

    yield measures.ALL, "count(*)"
    for question in form.QUESTIONS:
        yield measures.answered(question.code), number_of(answered(question.code))
        yield measures.yes(question.code), number_of(yes(question.code))
    for first, second in (*measures.ASSOCIATIONS, *measures.PAIRS):
        n, both = measures.together(first, second)
        yield n, number_of(answered(first, second))
        yield both, number_of(yes(first, second))
    for several, questions in measures.SEVERAL.items():
        codes = [question.code for question in questions]
        met = " + ".join(f"CAST({yes(code)} AS INTEGER)" for code in codes)
        yield measures.answered_all(several), number_of(answered(*codes))
        yield measures.yes_any(several), number_of(f"{answered(*codes)} AND {met} > 0")
        if several == measures.KINDS_SET:
            for kinds in measures.KINDS_MET:
                yield measures.kinds(kinds), number_of(f"{answered(*codes)} AND {met} = {kinds}")


def _said(text: object) -> str:
    """A value as a fault says it, cut short if it is long."""
    said = str(text)
    return said if len(said) <= _SAID else f"{said[:_SAID]}…"


def _names(files: Sequence[Path]) -> list[str]:
    return [_name(file) for file in files]


def _name(file: Path) -> str:
    """A file as the database is told its name, for it takes [, * and ? for patterns."""
    return glob.escape(str(file))


@contextmanager
def _connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that puts nothing aside on the disk, where answers would be left.

    Raises OSError where files cannot be read or written or memory does not suffice.
    """
    with duckdb.connect(config={"temp_directory": ""}) as connection:
        try:
            yield connection
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise OSError(str(error)) from None


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    rows = connection.execute(
        "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning=false)", [_name(file)]
    ).fetchall()
    return {name: kind for name, kind, *_ in rows}


def _wrong_columns(found: Mapping[str, str]) -> Iterator[str]:
    for column in responses.COLUMNS:
        if column.name not in found:
            yield f"kolumnen {column.name} saknas. Läs in filen på nytt från källan."
        elif found[column.name] != column.type:
            yield (
                f"kolumnen {column.name} har typen {_said(found[column.name])} men ska ha "
                f"{column.type}. Läs in filen på nytt från källan."
            )
    for name in sorted(found.keys() - {column.name for column in responses.COLUMNS}):
        yield f"kolumnen {_said(name)} hör inte till ett svar och får inte finnas. Ta bort den."


def _wrong_values(
    connection: duckdb.DuckDBPyConnection, file: Path, federations: Sequence[str]
) -> Iterator[str]:
    for column in responses.COLUMNS:
        name = column.name
        tests, expected = [f"{name} IS NULL"], []
        bound: list[object] = []
        allowed = tuple(federations) if name == "federation" else column.values
        if allowed:
            tests.append(f"NOT list_contains(?, {name})")
            bound.append(list(allowed))
            if name == "federation":
                expected.append("ett förbund i registret")
            else:
                expected.append(f"något av {', '.join(allowed)}")
        elif column.pattern:
            tests.append(f"NOT regexp_full_match({name}, ?)")
            bound.append(column.pattern)
            expected.append(f"på formen {column.pattern}")
        if column.minimum is not None and column.maximum is not None:
            tests.append(f"{name} NOT BETWEEN ? AND ?")
            bound += [column.minimum, column.maximum]
            expected.append(f"{column.minimum}–{column.maximum}")
        rows = connection.execute(
            f"SELECT file_row_number + 1, {name} "
            "FROM read_parquet(?, hive_partitioning=false, file_row_number=true) "
            f"WHERE {' OR '.join(tests)} ORDER BY 1 LIMIT {_FAULTS_A_COLUMN}",
            [_name(file), *bound],
        )
        for row, value in rows.fetchall():
            said = "inget värde" if value is None else f"”{_said(value)}”"
            yield (
                f"{file.name}, rad {row}, kolumn {name}: {said} går inte att använda."
                f" Det ska vara {' '.join(expected)}."
            )


def _repeated_ids(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Iterator[str]:
    rows = connection.execute(
        "SELECT response_id, list(DISTINCT parse_filename(filename)) "
        "FROM read_parquet(?, hive_partitioning=false, filename=true) "
        "WHERE response_id IS NOT NULL GROUP BY response_id HAVING count(*) > 1 "
        f"ORDER BY 1 LIMIT {_FAULTS_A_COLUMN}",
        [_names(files)],
    )
    for response_id, names in rows.fetchall():
        yield (
            f"{', '.join(sorted(names))}: response_id {_said(response_id)} finns mer än en gång."
            " Ta bort den fil som är inläst två gånger."
        )
