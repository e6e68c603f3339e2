"""A release: choose the answers, count them, protect every count, write a numbered folder.

A release is ``release.json`` and ``counts.parquet`` in a folder named by its number. It holds
protected counts only and is written whole or not at all.
"""

import datetime
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fovdata import batches, keys, measures, responses, settings
from fovdata import questionnaire as form
from fovdata.registry import Registry
from fovdata.release import counting, ledger
from fovdata.release.counting import Change
from fovdata.release.ledger import Entry
from fovdata.release.noise import Noise
from fovdata.rules import RULES, Rules
from fovdata.selection import DIMENSIONS, LATEST

_TYPES = {"VARCHAR": pa.string(), "INTEGER": pa.int32()}
_SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in measures.COUNTS_COLUMNS.items()])


CHECK, CHOOSE, COUNT, WRITE = STEPS = (
    "Kontrollerar svaren",
    "Väljer vilka som tas in",
    "Räknar och skyddar",
    "Skriver utgåvan",
)
"""What ``build`` does, in order, for whoever shows how far it has come."""


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


@dataclass(frozen=True)
class Made:
    """A release that was made: its folder, and in Swedish what it changed and what waits."""

    folder: Path
    entered: Sequence[str]
    waiting: Sequence[str]


def build(
    answers: Path,
    releases: Path,
    ledger_folder: Path,
    registry: Registry,
    key: Path | None = None,
    rules: Rules = RULES,
    today: datetime.date | None = None,
    erase: Sequence[str] = (),
    started: Callable[[str], object] = lambda _: None,
) -> Made:
    """Make the next release of the answers in ``answers``.

    An answer enters when its year is closed and its federation has none, or ``rules.batch`` or
    more, new answers since the last release; what is gone leaves likewise. With federations in
    ``erase`` nothing enters: what is gone of theirs leaves at once, however little it is.
    ``started`` is called with each of STEPS as it begins.

    Raises ReleaseFault when the answers cannot be used, LedgerFault when the record of the last
    release cannot, and KeyFault when the key cannot.
    """
    today = today or datetime.date.today()
    started(CHECK)
    try:
        with batches.held(answers):
            files, data = checked(answers, registry)
            _apart(answers, ledger_folder, releases, data)
            secret = keys.SYNTHETIC_KEY if data == responses.SYNTHETIC else keys.read(key, releases)
            with ledger.opened(ledger_folder, releases) as last:
                _goes_on(last, data, secret, releases, today)
                number = last.number + 1 if last else 1
                with ledger.written(ledger_folder, releases, number) as entry:
                    frozen = entry / ledger.ANSWERS
                    started(CHOOSE)
                    entered, waiting = _freeze(frozen, files, last, rules, registry, today, erase)
                    started(COUNT)
                    protected = protect(frozen, data, registry, secret, rules)
                    started(WRITE)
                    about = {
                        "number": number,
                        "date": today.isoformat(),
                        "data": data,
                        "key": keys.fingerprint(secret),
                        "entered": entered,
                        "waiting": waiting,
                    }
                    describe = partial(ledger.describe, entry, about)
                    folder = _write(protected, releases, number, rules, today, describe)
    except batches.StoreFault as fault:
        raise ReleaseFault(f"{fault} Ingen utgåva gjordes.") from None
    except OSError:
        raise ReleaseFault(
            f"Utgåvan kunde inte skrivas i {releases} eller liggaren i {ledger_folder}. Se efter "
            "att det är mappar, att du får skriva i dem och att disk och minne räcker. Tidigare "
            "utgåvor är orörda."
        ) from None
    return Made(folder, entered, waiting)


def checked(answers: Path, registry: Registry) -> tuple[list[Path], str]:
    """The batches in a folder and what kind of answers they hold. Raises ReleaseFault."""
    try:
        files, strangers = counting.batches(answers), list(counting.strangers(answers))
    except OSError:
        raise ReleaseFault(
            f"{answers} går inte att läsa. Se efter att det är en mapp och att du får läsa den."
        ) from None
    if not files and not strangers:
        raise ReleaseFault(f"Inga svar i {answers}. Ange en mapp med Parquetfiler i FOV_RESPONSES.")
    federations = [federation.slug for federation in registry.federations]
    if found := [*strangers, *counting.faults(files, federations)]:
        raise ReleaseFault("Svaren har fel, ingen utgåva gjordes:\n" + "\n".join(found))
    kinds = counting.kinds_of_data(files)
    if len(kinds) != 1:
        raise ReleaseFault(
            f"{answers} blandar verkliga och syntetiska svar (eller är tom). "
            "Lägg dem i skilda mappar."
        )
    return files, kinds.pop()


def _apart(answers: Path, ledger_folder: Path, releases: Path, data: str) -> None:
    """Refuse answers, releases and a ledger that would be copied along with one another.

    Real answers must lie outside the program too.
    """
    places = [(ledger_folder, releases), (answers, releases), (ledger_folder, answers)]
    places += [(outer, inner) for inner, outer in places]
    if data == responses.REAL:
        places += [(answers, settings.ROOT), (ledger_folder, settings.ROOT)]
    for inner, outer in places:
        if inner.resolve().is_relative_to(outer.resolve()):
            raise ReleaseFault(
                f"{inner} får inte ligga i {outer}: svar och liggare följer då med när mappen "
                "kopieras. Ange skilda mappar i FOV_RESPONSES, FOV_LEDGER och FOV_RELEASE. "
                "Ingen utgåva gjordes."
            )


def _goes_on(
    last: Entry | None, data: str, secret: bytes, releases: Path, today: datetime.date
) -> None:
    """Refuse to go on from releases of other answers, of another key or of a later day."""
    if last and today < last.date:
        raise ReleaseFault(
            f"Datorns klocka säger {today}, men utgåva {last.number} gjordes {last.date}. Vilka år "
            "som är slut beror på dagen. Ställ klockan rätt. Ingen utgåva gjordes."
        )
    if last and last.data != data:
        raise ReleaseFault(
            f"Utgåvorna i {releases} är gjorda av svar av annat slag (verkliga eller syntetiska). "
            "Ange egna mappar för de här svaren i FOV_RELEASE och FOV_LEDGER. Ingen utgåva gjordes."
        )
    if last and last.key != keys.fingerprint(secret):
        raise keys.KeyFault(
            f"Nyckeln är en annan än den som utgåva {last.number} gjordes med. Med en ny nyckel "
            "får samma svar nya siffror, och skyddet går att räkna bort. Ange den rätta i FOV_KEY."
        )


def _freeze(
    frozen: Path,
    files: Sequence[Path],
    last: Entry | None,
    rules: Rules,
    registry: Registry,
    today: datetime.date,
    erase: Sequence[str],
) -> tuple[list[str], list[str]]:
    """Write the answers that the release is made of; say what that changes and what waits."""
    before = last.answers if last else None
    if before and (found := list(counting.altered(files, before))):
        raise ReleaseFault("Svaren har fel, ingen utgåva gjordes:\n" + "\n".join(found))
    names = {federation.slug: federation.name for federation in registry.federations}
    changes = counting.changes(files, before, today.year)
    for unknown in {one.federation for one in changes if one.federation} - names.keys():
        raise ReleaseFault(
            f"Förbundet {unknown} har svar i förra utgåvan men finns inte i registret. Ett förbund "
            "som har lämnat eller bytt namn ska stå kvar där under samma beteckning, med valid_to "
            "på sina medlemskap. Ingen utgåva gjordes."
        )
    entered = [] if erase else [one for one in changes if one.enters(rules)]
    enter = [one.federation for one in entered]
    counting.freeze(frozen, files, before, today.year, enter, erase)
    left = [one for one in changes if one not in entered]
    if erase:  # which takes a part of what has changed in a group
        entered = counting.changes([frozen], before, today.year)
        left = counting.changes(files, frozen, today.year)
        if not entered:
            raise ReleaseFault("Det finns inget att radera: alla svar i förra utgåvan finns kvar.")

    def said(change: Change) -> str:
        who = names[change.federation] if change.federation else "Upprepade formulär, hela landet"
        came, went = f"{change.new} nya svar", f"{change.gone} borttagna svar"
        return f"{who}: {', '.join([came] * bool(change.new) + [went] * bool(change.gone))}"

    waiting = [f"{said(one)}, tas in när de är minst {rules.batch}" for one in left]
    waiting += [
        f"{year}: {answers} svar, tas in när året är slut"
        for year, answers in counting.still_open(files, today.year).items()
    ]
    return [said(one) for one in entered], waiting


def protect(answers: Path, data: str, registry: Registry, secret: bytes, rules: Rules) -> Protected:
    """Count a file of answers and protect the counts. Raises ReleaseFault where they are few."""
    noise = Noise(secret, rules)
    regions = {federation.slug: federation.region for federation in registry.federations}
    with counting.counted([answers], regions) as count:
        cells = list(count([(), ("period",)]))
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
        tables = list(rules.offered(total, {d: len(categories[d]) for d in DIMENSIONS}))
        by_year = ("period", "federation") in tables or len(categories["period"]) < 2
        if not by_year and rules.offers_latest(total, federations=len(regions)):
            tables.append(("federation", LATEST))
        rows = [
            row
            for cell in count(tables)
            if _is_released(cell, categories)
            for row in _rows(cell, noise, rules)
        ]
    return Protected(data, total, categories, regions, tables, rows)


def _is_released(cell: counting.TrueCell, categories: Mapping[str, Sequence[str]]) -> bool:
    """Other ages are part of totals only; the third gender answer has its national cell."""
    if cell.codes == {"gender": form.OTHER_GENDER.code}:
        return True
    return all(
        code in categories[dimension]
        for dimension, code in cell.codes.items()
        if dimension in categories
    )


def _noised(cell: counting.TrueCell, label: str, noise: Noise) -> int:
    return cell.counts[label] + noise.draw(label, cell.counts[measures.ALL], cell.key_sum)


def _rows(
    cell: counting.TrueCell, noise: Noise, rules: Rules
) -> Iterator[Mapping[str, str | int | None]]:
    """The protected counts of a cell that the rules let out."""
    first_time = cell.fill_count == form.FIRST_TIME.code
    about = {
        "dimensions": ",".join(cell.codes) if first_time else "fill_count",
        **dict.fromkeys((*DIMENSIONS, LATEST)),
        **cell.codes,
        "fill_count": None if first_time else cell.fill_count,
    }
    for label in _labels(cell, first_time, noise, rules):
        yield {**about, "label": label, "value": _noised(cell, label, noise)}


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


def _write(
    protected: Protected,
    releases: Path,
    number: int,
    rules: Rules,
    today: datetime.date,
    describe: Callable[[str], object],
) -> Path:
    """Into a folder of another name, then renamed: a reader never sees a part of a release.

    ``describe`` is called with the digest of the counts right before.
    """
    releases.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=releases))
    try:
        counts = draft / "counts.parquet"
        pq.write_table(pa.Table.from_pylist(list(protected.rows), _SCHEMA), counts)
        digest = hashlib.sha256(counts.read_bytes()).hexdigest()
        metadata = {
            "format": measures.RELEASE_FORMAT,
            "number": number,
            "date": today.isoformat(),
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
        describe(digest)
        return draft.rename(releases / str(number))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _readable(release: Path) -> None:
    """Let a server that runs as somebody else read the release."""
    release.chmod(0o755)
    for file in release.iterdir():
        file.chmod(0o644)
