"""All SQL over answers: checking the batches, choosing what enters a release, and counting.

Plain enough to run elsewhere.
"""

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import duckdb

from fovdata import measures, responses
from fovdata import questionnaire as form
from fovdata.batches import current, shown
from fovdata.rules import Rules
from fovdata.selection import DIMENSIONS, EARLIER, LATEST

RESPONSE_COLUMN = {
    "period": "year",
    "region": "region",
    "federation": "federation",
    "gender": "gender",
    "age": "age_band",
    "authority": "authority",
}
"""Which column of an answer, or of its federation, each dimension is."""

RECORD_KEY = "CAST(md5_number(response_id) >> 64 AS UBIGINT)"
"""An answer's record key. DuckDB's md5_number_lower is the same number, at five times the price."""

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
    with _connected() as connection:
        wrong = {file: list(_column_faults(connection, file)) for file in files}
        whole = [file for file in files if not wrong[file]]
        # Only where something is wrong does it matter which file, row and value it is.
        if not _sound(connection, whole, federations):
            for file in list(whole):
                try:
                    wrong[file] = list(_value_faults(connection, file, federations))
                except duckdb.Error:
                    whole.remove(file)
                    wrong[file] = [
                        f"{file.name}: värdena går inte att läsa. Filen är skadad, eller har text "
                        "som inte är i UTF-8. Hämta den på nytt."
                    ]
        yield from (fault for found in wrong.values() for fault in found)
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
    query = f"SELECT unit, count(*), 0 FROM ({_CLOSED}) GROUP BY unit ORDER BY unit"
    if last:
        query = f"""
            SELECT coalesce(closed.unit, entered.unit) AS unit,
                   count_if(entered.response_id IS NULL) AS new,
                   count_if(closed.response_id IS NULL) AS gone
            FROM ({_CLOSED}) closed
            FULL JOIN ({_entered(last)}) entered USING (response_id)
            GROUP BY ALL HAVING new + gone > 0 ORDER BY unit
        """
    with _connected() as connection:
        parameters = [_names(files), year, *([_name(last)] if last else ())]
        rows = connection.execute(query, parameters).fetchall()
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
    the last release; but what is gone of the federations in ``erase`` is left out of those. They
    stand in the order of a number made of their ids, which are random: that in which they came is
    not in the file.
    """
    columns = ", ".join(map(_small, responses.COLUMNS))
    # A column alone against a list is looked up once for each value that a page declares.
    enters = f"(CASE WHEN {_FIRST_TIME} THEN list_contains(?, federation) ELSE ? END)"
    units = [[unit for unit in enter if unit], None in enter]
    query = f"""
        COPY (
            SELECT {columns} FROM ({_CLOSED}) WHERE {enters}
            UNION ALL
            SELECT {columns} FROM ({_entered(last)}) WHERE NOT {enters}
            AND (NOT list_contains(?, federation) OR response_id IN (
                SELECT response_id FROM read_parquet(?, hive_partitioning=false)
            ))
            ORDER BY hash(response_id)
        ) TO ? (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1)
    """
    parameters = [
        *(_names(files), year, *units),
        *([_name(last)] if last else ()),
        *(*units, list(erase), _names(files), str(target)),
    ]
    with _connected() as connection:
        connection.execute(query, parameters)


def _small(column: responses.Column) -> str:
    """A column as it is sorted and written: a value of a closed set takes a byte, not a text.

    Values are looked up by CASE, which is done once for each that a page of a file declares;
    a CAST would be done for every row, and is left to refuse what is in no set.
    """
    if not column.values:
        return column.name
    values = [f"'{value}'" for value in column.values]
    kind = f"ENUM({', '.join(values)})"
    cases = " ".join(f"WHEN {value} THEN CAST({value} AS {kind})" for value in values)
    return f"CASE {column.name} {cases} ELSE CAST({column.name} AS {kind}) END AS {column.name}"


def still_open(files: Sequence[Path], year: int) -> Mapping[int, int]:
    """Answers by year, of ``year`` and later: they wait until their year is closed."""
    with _connected() as connection:
        rows = connection.execute(
            "SELECT year, count(*) FROM read_parquet(?, hive_partitioning=false) "
            "WHERE year >= ? GROUP BY year ORDER BY year",
            [_names(files), year],
        ).fetchall()
    return dict(rows)


_FIRST_TIME = f"fill_count = '{form.FIRST_TIME.code}'"
_UNIT = f"CASE WHEN {_FIRST_TIME} THEN federation ELSE '' END AS unit"
_CLOSED = f"SELECT *, {_UNIT} FROM read_parquet(?, hive_partitioning=false) WHERE year < ?"


def _entered(last: Path | None) -> str:
    """The answers of the last release; none before the first."""
    columns = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in responses.COLUMNS)
    source = (
        "read_parquet(?, hive_partitioning=false)" if last else f"(SELECT {columns}) WHERE false"
    )
    return f"SELECT *, {_UNIT} FROM {source}"


Count = Callable[[Sequence[tuple[str, ...]]], Iterator[TrueCell]]
"""Tables → every cell of them."""


@contextmanager
def counted(files: Sequence[Path], regions: Mapping[str, str]) -> Iterator[Count]:
    """Read the answers once, and count them for as many tables as are asked for.

    A table is a tuple of dimensions; ``regions`` gives a federation's region. The tables count
    first-time forms (unique persons); the total is also given by fill count. The order is that
    of the codes, so that the same answers make the same release, byte for byte.
    """
    dimensions = [f"CAST({RESPONSE_COLUMN[name]} AS VARCHAR) AS {name}" for name in DIMENSIONS]
    said = [c for c in responses.COLUMNS if c.name not in ("response_id", "data", "half_year")]
    labels = [
        f'coalesce(sum(answers) FILTER ({condition}), 0) AS "{label}"'
        for label, condition in CONDITIONS.items()
    ]
    # Answers that say the same are counted as one first: far fewer are held against every label.
    query = f"""
        CREATE TEMP TABLE cells AS
        WITH alike AS (
            SELECT {", ".join(column.name for column in said)},
                   count(*) AS answers, sum({RECORD_KEY}) AS key_sum
            FROM (
                SELECT response_id, {", ".join(map(_small, said))}
                FROM read_parquet(?, hive_partitioning=false)
            )
            GROUP BY ALL
        ), smallest_cells AS (
            SELECT {", ".join(dimensions)}, CAST(fill_count AS VARCHAR) AS fill_count,
                   sum(key_sum) AS key_sum, {", ".join(labels)}
            FROM alike
            JOIN (SELECT unnest(?) AS federation, unnest(?) AS region) USING (federation)
            GROUP BY ALL
        )
        SELECT *, CASE WHEN period = max(period) FILTER (fill_count = ?) OVER ()
                  THEN '{LATEST}' ELSE '{EARLIER}' END AS {LATEST}
        FROM smallest_cells
    """  # every name in it is declared in this package; every value is bound
    parameters = [_names(files), [*regions], [*regions.values()], form.FIRST_TIME.code]
    with _connected() as connection:
        connection.execute(query, parameters)
        yield partial(_added, connection)


def _added(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, ...]]
) -> Iterator[TrueCell]:
    used = [d for d in (*DIMENSIONS, LATEST) if any(d in table for table in tables)]
    grouping_sets = [f"({', '.join(('fill_count', *table))})" for table in tables]
    # No value of an answer is empty, so an empty category means all.
    total = " AND ".join(f"{dimension} IS NULL" for dimension in used) or "true"
    query = f"""
        SELECT {", ".join(("fill_count", *used))},
               CAST(sum(key_sum) % 18446744073709551616 AS UBIGINT),
               {", ".join(f'CAST(sum("{label}") AS BIGINT)' for label in CONDITIONS)}
        FROM cells
        GROUP BY GROUPING SETS ({", ".join(grouping_sets)})
        HAVING fill_count = ? OR ({total})
        ORDER BY {", ".join(f"{name} NULLS FIRST" for name in ("fill_count", *used))}
    """
    cursor = connection.execute(query, [form.FIRST_TIME.code])
    while row := cursor.fetchone():
        fill_count, *codes = row[: 1 + len(used)]
        key_sum, *counts = row[1 + len(used) :]
        yield TrueCell(
            {d: code for d, code in zip(used, codes, strict=True) if code is not None},
            fill_count,
            key_sum,
            dict(zip(CONDITIONS, counts, strict=True)),
        )


def _conditions() -> Iterator[tuple[str, str]]:
    def answered(*codes: str) -> str:
        return " AND ".join(f"{code} <> '{form.BLANK}'" for code in codes)

    def yes(*codes: str) -> str:
        return " AND ".join(f"{code} = '{form.YES}'" for code in codes)

    yield measures.ALL, "true"
    for question in form.QUESTIONS:
        yield measures.answered(question.code), answered(question.code)
        yield measures.yes(question.code), yes(question.code)
    for first, second in (*measures.ASSOCIATIONS, *measures.PAIRS):
        n, both = measures.together(first, second)
        yield n, answered(first, second)
        yield both, yes(first, second)
    for several, questions in measures.SEVERAL.items():
        codes = [question.code for question in questions]
        met = " + ".join(f"CAST({yes(code)} AS INTEGER)" for code in codes)
        yield measures.answered_all(several), answered(*codes)
        yield measures.yes_any(several), f"{answered(*codes)} AND {met} > 0"
        if several == measures.KINDS_SET:
            for kinds in measures.KINDS_MET:
                yield measures.kinds(kinds), f"{answered(*codes)} AND {met} = {kinds}"


CONDITIONS: Mapping[str, str] = MappingProxyType(dict(_conditions()))
"""Label → what an answer must say to be counted under it, in SQL."""


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


def _column_faults(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[str]:
    try:
        rows = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning=false)", [_name(file)]
        ).fetchall()
    except duckdb.Error:
        yield f"{file.name}: filen går inte att läsa som Parquet. Hämta den på nytt."
        return
    for message in _wrong_columns({name: kind for name, kind, *_ in rows}):
        yield f"{file.name}: {message}"


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


def _wrong(column: responses.Column, federations: Sequence[str]) -> tuple[str, list[object], str]:
    """When a value is wrong, in SQL; what is bound in it; and in Swedish what it should be."""
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
    return " OR ".join(tests), bound, " ".join(expected)


def _sound(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], federations: Sequence[str]
) -> bool:
    """Whether every value can be read and is right."""
    if not files:
        return True
    parts, parameters = [], []
    for column in responses.COLUMNS:
        wrong, bound, _ = _wrong(column, federations)
        # Each value that occurs is looked at once; but ids, which are all different, as they come.
        distinct = "" if column.unique else "DISTINCT"
        parts.append(
            f"EXISTS (FROM (SELECT {distinct} {column.name} "
            f"FROM read_parquet(?, hive_partitioning=false)) WHERE {wrong})"
        )
        parameters += [_names(files), *bound]
    try:
        found = connection.execute(f"SELECT {' OR '.join(parts)}", parameters).fetchone()
    except duckdb.Error:
        return False
    return found == (False,)


def _value_faults(
    connection: duckdb.DuckDBPyConnection, file: Path, federations: Sequence[str]
) -> Iterator[str]:
    for column in responses.COLUMNS:
        wrong, bound, expected = _wrong(column, federations)
        rows = connection.execute(
            f"SELECT file_row_number + 1, {column.name} "
            "FROM read_parquet(?, hive_partitioning=false, file_row_number=true) "
            f"WHERE {wrong} ORDER BY 1 LIMIT {_FAULTS_A_COLUMN}",
            [_name(file), *bound],
        )
        for row, value in rows.fetchall():
            said = "inget värde" if value is None else f"”{_said(value)}”"
            yield (
                f"{file.name}, rad {row}, kolumn {column.name}: {said} går inte att använda."
                f" Det ska vara {expected}."
            )


def _repeated_ids(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Iterator[str]:
    if not files or _all_different(connection, files):
        return
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


def _all_different(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> bool:
    """Whether no id is there twice; in doubt False, for numbers made of the ids are compared."""
    numbers = connection.execute(
        "SELECT hash(response_id) AS number FROM read_parquet(?, hive_partitioning=false) "
        "WHERE response_id IS NOT NULL",
        [_names(files)],
    ).fetchnumpy()["number"]
    numbers.sort()
    return not (numbers[1:] == numbers[:-1]).any()
