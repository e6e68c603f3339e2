"""What is kept of a form: what COLUMNS declares, an id that says nothing, and no order."""

import io
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from fovdata import questionnaire as form
from fovdata import registry as registries
from fovdata import responses
from fovdata import settings as places
from fovdata.batches import SCHEMA
from fovdata.intake import anonymising, checking, reading
from fovdata.registry import Registry

TODAY = date(2023, 3, 1)
SECRET = bytes(range(32))
HEADINGS = {
    "date": "Datum",
    "place": "Ort",
    "gender": "Kön",
    "age": "Ålder",
    "fill_count": "Antal gånger",
    "federation": "Samordningsförbund",
    "authority": "Myndighet",
    "activity": "Verksamhet",
    **{question.code: f"Fråga {question.number}" for question in form.QUESTIONS},
}
REGISTRY = registries.load(places.ROOT / "data" / "registry")

Form = dict[str, str]

FORMS = st.fixed_dictionaries(
    {
        "date": st.dates(date(2022, 1, 1), date(2022, 12, 31)).map(str),
        "place": st.sampled_from(["Zinkgruvan", "Qvarnforsen", "Xyloby"]),
        "gender": st.sampled_from(["Kvinna", "Man", "Vill inte svara"]),
        "age": st.integers(16, 64).map(str),
        "fill_count": st.sampled_from(["1", "2", "3"]),
        "federation": st.sampled_from(["Skaraborg", "Halland", "Väst"]),
        "authority": st.sampled_from(["FK", "AF", "kommun", "region"]),
        "activity": st.sampled_from(["Zebraprojektet", "Qvistbruket", ""]),
        **dict.fromkeys(form.BY_CODE, st.sampled_from(["Ja", "Nej", ""])),
    }
)
SHEETS = st.lists(FORMS, min_size=1, max_size=12)

A = {
    **{"date": "2022-05-14", "place": "Skara", "gender": "Kvinna", "age": "34"},
    **{"fill_count": "1", "federation": "Skaraborg", "authority": "FK", "activity": "IPS"},
    **dict.fromkeys(form.BY_CODE, "Nej"),
}
B = {**A, "gender": "Man", "q1": "Ja"}
C = {**A, "age": "35"}


def csv(forms: list[Form], columns: list[str] | None = None) -> bytes:
    columns = columns or list(HEADINGS)
    lines = [[HEADINGS.get(code, code) for code in columns]]
    lines += [[one.get(code, "") for code in columns] for one in forms]
    return "\n".join(";".join(line) for line in lines).encode()


def answers(content: bytes | list[Form], secret: bytes = SECRET) -> pd.DataFrame:
    content = content if isinstance(content, bytes) else csv(content)
    table = reading.read(content, "svar")
    checked = checking.check(table, REGISTRY, secret, responses.REAL, TODAY)
    assert not checked.blocked, checked.findings
    return checked.answers


def ids(content: bytes | list[Form], secret: bytes = SECRET) -> set[str]:
    return set(answers(content, secret)["response_id"])


def written(kept: pd.DataFrame) -> tuple[bytes, bytes]:
    """The answers as Parquet, without compression that would hide a text, and as CSV."""
    parquet, text = io.BytesIO(), io.BytesIO()
    table = pa.Table.from_pandas(kept, schema=SCHEMA, preserve_index=False)
    pq.write_table(table, parquet, compression="none", use_dictionary=False)
    kept.to_csv(text, index=False)
    return parquet.getvalue(), text.getvalue()


@given(SHEETS)
@settings(max_examples=40, deadline=None)
def test_an_answer_is_what_is_declared_and_nothing_else(sheet: list[Form]) -> None:
    kept = answers(sheet)
    assert list(kept.columns) == [column.name for column in responses.COLUMNS]
    assert len(kept) == len(sheet)
    for column in responses.COLUMNS:
        values = kept[column.name]
        assert not values.isna().any()
        if column.values:
            assert set(values) <= set(column.values)
        if column.pattern:
            assert values.str.fullmatch(column.pattern).all()
        if column.minimum is not None and column.maximum is not None:
            assert values.between(column.minimum, column.maximum).all()
        assert not column.unique or values.is_unique


@given(SHEETS)
@settings(max_examples=40, deadline=None)
def test_no_text_date_or_age_that_is_dropped_is_in_what_is_written(sheet: list[Form]) -> None:
    for content in written(answers(sheet)):
        for one in sheet:
            for dropped in (one["place"], one["activity"], one["date"], one["date"][5:]):
                for text in (dropped, dropped.casefold()):
                    assert not text or text.encode() not in content


def test_an_age_is_kept_as_a_band_and_a_date_as_a_half_year() -> None:
    sheet = [{**A, "age": str(age)} for age in range(10, 111)]
    kept = answers(sheet)
    bands = kept["age_band"].value_counts()
    assert {code: bands[code] for code in ("16-24", "25-34", "35-44", "45-54", "55-64")} == {
        "16-24": 9, **dict.fromkeys(("25-34", "35-44", "45-54", "55-64"), 10)
    }  # fmt: skip
    assert bands["ovrig"] == 101 - 49
    days = [date(2022, 1, 1) + timedelta(number) for number in range(365)]
    kept = answers([{**A, "date": str(day)} for day in days])
    assert kept["half_year"].value_counts().to_dict() == {1: 181, 2: 184}
    months = answers([{**A, "date": "2022-06"}, {**A, "date": "2022-07"}])
    assert sorted(months["half_year"]) == [1, 2]


@given(SHEETS, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_a_file_is_lost(sheet: list[Form], chance: object) -> None:
    shuffled = sheet.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert written(answers(sheet)) == written(answers(shuffled))


def test_chunks_leave_no_trace(registry: Registry) -> None:
    sheet = [{**A, "age": str(age)} for age in (*range(16, 65), *range(16, 65))]
    table = reading.read(csv(sheet), "svar.csv")
    small = reading.Table(
        **{name: getattr(table, name) for name in table.__dataclass_fields__ if name != "passes"},
        passes=lambda _: table.passes(7),
    )
    both = [checking.check(one, registry, SECRET, "real", TODAY).answers for one in (table, small)]
    assert both[0].equals(both[1])
    assert both[0]["response_id"].is_unique


def xlsx(forms: list[Form]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, list(HEADINGS.values()))
        for row, one in enumerate(forms, 1):
            for at, code in enumerate(HEADINGS):
                if code == "date":
                    sheet.write_datetime(row, at, date.fromisoformat(one[code]), style)
                elif one[code].isdigit():
                    sheet.write_number(row, at, int(one[code]))
                else:
                    sheet.write_string(row, at, one[code])
    return content.getvalue()


def test_the_same_forms_have_the_same_ids_whatever_file_they_come_in() -> None:
    sheet = [A, B, C, A]
    known = ids(sheet)
    assert len(known) == 4
    assert ids(xlsx(sheet)) == known
    assert ids(csv(sheet, [*reversed(HEADINGS)])) == known
    assert (
        ids(csv([{**one, "Anteckning": "rättad"} for one in sheet], [*HEADINGS, "Anteckning"]))
        == known
    )
    for day in ("14/5 2022", "14 maj 2022", "20220514", "44695"):
        assert ids([{**one, "date": day} for one in sheet]) == known
    other_words = {
        **{
            "Kvinna": "K",
            "Man": "män",
            "34": "1988",
            "35": "35 år",
            "1": "1 gång",
            "FK": "f-kassan",
        },
        **{"Skaraborg": "Skaraborgs samordningsförbund", "Nej": "0", "Ja": "x", "Skara": " SKARA"},
    }
    assert (
        ids([{code: other_words.get(text, text) for code, text in one.items()} for one in sheet])
        == known
    )


def test_ten_more_forms_leave_the_old_ids_as_they_were() -> None:
    more = [{**A, "age": str(age)} for age in range(40, 50)]
    assert ids([*more[:5], B, A, *more[5:], C]) > ids([A, B, C])


@pytest.mark.parametrize(
    ("code", "corrected"),
    [
        ("date", "2022-05-15"),
        ("place", "Skövde"),
        ("gender", "Man"),
        ("age", "33"),
        ("fill_count", "2"),
        ("federation", "Väst"),
        ("authority", "AF"),
        ("activity", "Steg 1"),
        *((question.code, "Ja") for question in form.QUESTIONS),
        *((question.code, "") for question in form.QUESTIONS),
    ],
)
def test_a_correction_changes_one_id(code: str, corrected: str) -> None:
    before, after = ids([A, B, C]), ids([{**A, code: corrected}, B, C])
    assert len(before - after) == len(after - before) == 1


def test_a_text_in_another_field_is_another_form() -> None:
    one, other = {**A, "place": "Steg", "activity": ""}, {**A, "place": "", "activity": "Steg"}
    assert ids([one]).isdisjoint(ids([other]))
    one = {**A, "date": "2022-05", "place": "-14 Skara"}
    other = {**A, "date": "2022-05-14", "place": " Skara"}
    assert ids([one]).isdisjoint(ids([other]))
    one, other = {**one, "place": "-14Skara"}, {**other, "place": "Skara"}
    assert ids([one]).isdisjoint(ids([other]))


def test_equal_forms_are_told_apart_by_how_many_came_before() -> None:
    assert ids([A]) < ids([A, A]) < ids([A, B, A, A])
    assert len(ids([A] * 50)) == 50


def test_another_key_gives_other_ids_and_the_same_answers() -> None:
    one, other = answers([A, B, C]), answers([A, B, C], bytes(32))
    assert set(one["response_id"]).isdisjoint(other["response_id"])
    names = [column.name for column in responses.COLUMNS[1:]]
    rows = [sorted(map(tuple, kept[names].astype(str).to_numpy())) for kept in (one, other)]
    assert rows[0] == rows[1]


def test_an_id_is_no_digest_that_can_be_made_without_the_key() -> None:
    found = ids([A]) | ids([A], b"")
    assert len(found) == 2


def test_ids_look_like_chance() -> None:
    federations = ["Skaraborg", "Halland"]
    sheet = [
        {**A, "federation": name, "age": str(age), "q1": answer}
        for name in federations
        for age in range(16, 65)
        for answer in ("Ja", "Nej", "")
    ]
    kept = answers([*sheet, *sheet])
    values = kept["response_id"].map(lambda text: int(text, 16))
    bits = [[value >> bit & 1 for value in values] for bit in range(128)]
    half, spread = len(values) / 2, len(values) ** 0.5 / 2
    assert all(abs(sum(bit) - half) < 5 * spread for bit in bits)
    # Among the first in order there are as many of each federation as anywhere.
    first = kept.head(len(kept) // 2)["federation"].eq("halland").sum()
    assert abs(first - len(kept) / 4) < 5 * len(kept) ** 0.5 / 4


def test_the_kinds_of_data_are_as_given() -> None:
    table = reading.read(csv([A]), "svar.csv")
    for data in (responses.REAL, responses.SYNTHETIC):
        kept = checking.check(table, REGISTRY, SECRET, data, TODAY).answers
        assert kept["data"].tolist() == [data]


def test_a_file_is_known_again_by_a_keyed_digest(tmp_path: Path) -> None:
    content = csv([A, B])
    digest = anonymising.source_digest(SECRET, content)
    assert len(digest) == 32
    assert int(digest, 16)
    path = tmp_path / "svar.csv"
    path.write_bytes(content)
    with path.open("rb") as file:
        file.read(5)
        assert anonymising.source_digest(SECRET, file) == digest
    assert anonymising.source_digest(SECRET, content + b" ") != digest
    assert anonymising.source_digest(bytes(32), content) != digest


def test_the_secret_is_not_in_what_is_printed() -> None:
    assert repr(SECRET) not in repr(anonymising.Anonymiser(REGISTRY, SECRET))
