"""A release: count the answers, protect every count, write them as a numbered folder.

A release is ``release.json`` and ``counts.parquet`` in a folder named by its number. It holds
protected counts only and is written whole or not at all.
"""

import datetime
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fovdata import measures, responses
from fovdata import questionnaire as form
from fovdata.registry import Registry
from fovdata.release import counting, keys
from fovdata.release.noise import Noise
from fovdata.rules import RULES, Rules
from fovdata.selection import DIMENSIONS

_TYPES = {"VARCHAR": pa.string(), "INTEGER": pa.int32()}
_SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in measures.COUNTS_COLUMNS.items()])


class ReleaseFault(Exception):
    """No release could be made; says in Swedish why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Protected:
    """A release before it is written: protected counts and what they cover."""

    data: str
    total: int
    categories: Mapping[str, Sequence[str]]
    region_of: Mapping[str, str]
    tables: Sequence[tuple[str, ...]]
    rows: Sequence[Mapping[str, str | int | None]]


def build(
    answers: Path,
    releases: Path,
    registry: Registry,
    key: Path | None = None,
    rules: Rules = RULES,
) -> Path:
    """Make the next release of the answers in ``answers`` and return its folder.

    Raises ReleaseFault when the answers cannot be used and KeyFault when the key cannot.
    """
    protected = protect(answers, registry, key, rules)
    try:
        return _write(protected, releases, rules)
    except OSError:
        raise ReleaseFault(
            f"Utgåvan kunde inte skrivas i {releases}. Se efter att det är en mapp, att du får "
            "skriva i den och att disken har plats. Tidigare utgåvor är orörda."
        ) from None


def protect(answers: Path, registry: Registry, key: Path | None, rules: Rules) -> Protected:
    """Check, count and protect; nothing is written."""
    try:
        files, strangers = counting.batches(answers), list(counting.strangers(answers))
    except OSError:
        raise ReleaseFault(
            f"{answers} går inte att läsa. Se efter att det är en mapp och att du får läsa den."
        ) from None
    if not files and not strangers:
        raise ReleaseFault(f"Inga svar i {answers}. Ange en mapp med Parquetfiler i FOV_RESPONSES.")
    regions = {federation.slug: federation.region for federation in registry.federations}
    if found := [*strangers, *counting.faults(files, tuple(regions))]:
        raise ReleaseFault("Svaren har fel, ingen utgåva gjordes:\n" + "\n".join(found))
    kinds = counting.kinds_of_data(files)
    if len(kinds) != 1:
        raise ReleaseFault(
            f"{answers} blandar verkliga och syntetiska svar (eller är tom). "
            "Lägg dem i skilda mappar."
        )
    (data,) = kinds
    secret = keys.SYNTHETIC_KEY if data == responses.SYNTHETIC else keys.read(key)
    noise = Noise(secret, rules)

    cells = list(counting.count(files, [(), ("period",)], regions))
    total = sum(
        _noised(cell, measures.ALL, noise)
        for cell in cells
        if not cell.codes and cell.fill_count == form.FIRST_TIME.code
    )
    if total < rules.mean_cell_2:
        raise ReleaseFault(
            "Svaren är för få för en utgåva: inte ens hela landet når "
            f"{rules.mean_cell_2} unika personer. Vänta tills fler har svarat."
        )
    categories = {
        "period": sorted(cell.codes["period"] for cell in cells if cell.codes),
        "region": [region.code for region in registry.regions if region.joined],
        "federation": list(regions),
        "gender": [form.WOMEN.code, form.MEN.code],
        "age": [band.code for band in form.AGE_BANDS],
        "authority": [authority.code for authority in form.AUTHORITIES],
    }
    tables = rules.offered(total, {d: len(categories[d]) for d in DIMENSIONS})
    rows = [
        row
        for cell in counting.count(files, tables, regions)
        if _is_released(cell, categories)
        for row in _rows(cell, noise, rules)
    ]
    return Protected(data, total, categories, regions, tables, rows)


def _is_released(cell: counting.TrueCell, categories: Mapping[str, Sequence[str]]) -> bool:
    """Other ages are part of totals only; the third gender answer has its national cell."""
    if cell.codes == {"gender": form.OTHER_GENDER.code}:
        return True
    return all(code in categories[dimension] for dimension, code in cell.codes.items())


def _noised(cell: counting.TrueCell, label: str, noise: Noise) -> int:
    return cell.counts[label] + noise.draw(label, cell.counts[measures.ALL], cell.key_sum)


def _rows(
    cell: counting.TrueCell, noise: Noise, rules: Rules
) -> Iterator[Mapping[str, str | int | None]]:
    """The protected counts of a cell that the rules let out."""
    first_time = cell.fill_count == form.FIRST_TIME.code
    for label in _labels(cell, first_time, noise, rules):
        yield {
            "dimensions": ",".join(cell.codes) if first_time else "fill_count",
            **{dimension: cell.codes.get(dimension) for dimension in DIMENSIONS},
            "fill_count": None if first_time else cell.fill_count,
            "label": label,
            "value": _noised(cell, label, noise),
        }


def _labels(cell: counting.TrueCell, first_time: bool, noise: Noise, rules: Rules) -> Iterator[str]:
    """Which labels a cell carries: two questions together by one filter, several by gender.

    No page shows the third gender answer's several questions together, so none are released.
    """
    yield from measures.SINGLE
    if not first_time:
        return
    national = not cell.codes
    pairs = (
        *(measures.ASSOCIATIONS if len(cell.codes) <= 1 else ()),
        *(measures.PAIRS if national else ()),
    )
    for first, second in pairs:
        labels = measures.together(first, second)
        if _noised(cell, labels[0], noise) >= rules.association:
            yield from labels
    if national or cell.codes in ({"gender": form.WOMEN.code}, {"gender": form.MEN.code}):
        yield from measures.SEVERAL_TOGETHER


def _write(protected: Protected, releases: Path, rules: Rules) -> Path:
    """Into a folder of another name, then renamed: a reader never sees a part of a release."""
    releases.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=releases))
    try:
        counts = draft / "counts.parquet"
        pq.write_table(pa.Table.from_pylist(list(protected.rows), _SCHEMA), counts)
        digest = hashlib.sha256(counts.read_bytes()).hexdigest()
        numbers = (int(path.name) for path in releases.iterdir() if path.name.isdecimal())
        number = max(numbers, default=0) + 1
        while True:
            metadata = {
                "format": measures.RELEASE_FORMAT,
                "number": number,
                "date": datetime.date.today().isoformat(),
                "data": protected.data,
                "total": protected.total,
                "rules": asdict(rules),
                "categories": protected.categories,
                "region_of": protected.region_of,
                "tables": protected.tables,
                "counts_sha256": digest,
            }
            text = json.dumps(metadata, ensure_ascii=False, indent=1)
            (draft / "release.json").write_text(text, encoding="utf-8")
            _readable(draft)
            try:
                draft.rename(releases / str(number))
            except OSError:
                if not (releases / str(number)).exists():
                    raise
                number += 1  # somebody else released meanwhile
            else:
                return releases / str(number)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _readable(release: Path) -> None:
    """Let a server that runs as somebody else read the release."""
    release.chmod(0o755)
    for file in release.iterdir():
        file.chmod(0o644)
