"""Counting: a survey small enough to add up by hand, and batches that say what is wrong."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from conftest import WriteAnswers

from fovdata import measures
from fovdata.registry import Registry
from fovdata.release import building, counting
from fovdata.rules import Rules

SURVEY = """
federation year gender age_band authority fill_count q1  q2  q3  q4  q5  q6  q7
halland    2021 kvinna 16-24    fk        1          ja  ja  nej nej -   ja  nej
halland    2021 kvinna 25-34    fk        1          ja  nej nej ja  ja  ja  nej
halland    2021 kvinna 25-34    fk        1          nej nej nej nej nej nej nej
halland    2021 man    16-24    af        1          nej nej nej nej nej nej nej
halland    2022 man    25-34    af        1          ja  ja  nej nej nej -   ja
halland    2022 annat  25-34    kommun    1          ja  ja  ja  ja  ja  ja  ja
halland    2022 kvinna ovrig    kommun    1          -   nej nej nej nej nej nej
hoganas    2022 kvinna 16-24    fk        1          ja  -   nej ja  nej ja  nej
hoganas    2022 kvinna 16-24    fk        1          nej nej nej nej nej nej nej
hoganas    2022 man    25-34    region    1          nej ja  nej nej nej ja  nej
falun      2022 man    25-34    region    1          -   -   -   -   -   -   -
falun      2022 man    25-34    region    1          nej nej nej nej nej ja  ja
borlange   2022 kvinna 25-34    af        1          ja  ja  ja  nej nej nej nej
halland    2022 kvinna 16-24    fk        2          ja  ja  nej nej nej ja  nej
halland    2022 kvinna 25-34    fk        2          ja  nej nej nej nej ja  nej
hoganas    2022 man    25-34    region    3+         nej nej -   nej nej ja  nej
"""
"""13 people and 3 repeat forms. Falun and Borlänge lie in the same region, 20."""

REGIONS = {"halland": "13", "hoganas": "12", "falun": "20", "borlange": "20"}


def count(folder: Path, *tables: tuple[str, ...]) -> Mapping[tuple[str, ...], counting.TrueCell]:
    """The cells by their codes; repeat forms by their fill count."""
    with counting.counted(counting.batches(folder), REGIONS) as counter:
        return {
            (*cell.codes.values(), *([] if cell.fill_count == "1" else [cell.fill_count])): cell
            for cell in counter(tables)
        }


def test_the_country_adds_up(write_answers: WriteAnswers) -> None:
    counts = count(write_answers(SURVEY), ())[()].counts
    assert counts["n|all"] == 13
    assert [counts[f"n|q{k}"] for k in range(1, 8)] == [11, 11, 12, 12, 11, 11, 12]
    assert [counts[f"y|q{k}"] for k in range(1, 8)] == [6, 5, 2, 3, 2, 6, 3]


def test_two_questions_count_those_who_answered_both(write_answers: WriteAnswers) -> None:
    counts = count(write_answers(SURVEY), ())[()].counts
    # Ten answered 1 and 6; six of them Ja to 6, five Ja to 1, four to both.
    assert [counts[label] for label in measures.together("q6", "q1")] == [10, 4]
    assert [counts[label] for label in measures.together("q6", "q7")] == [11, 2]
    assert [counts[label] for label in measures.together("q1", "q2")] == [10, 4]


def test_the_labels_of_two_questions_are_those_of_the_rule() -> None:
    assert measures.together("q6", "q1") == ("n|q6|q1", "j|q6|q1")
    assert {first for first, _ in measures.ASSOCIATIONS} == {"q6"}
    assert [second for _, second in measures.ASSOCIATIONS] == ["q1", "q2", "q3", "q4", "q5", "q7"]
    assert measures.PAIRS == (
        ("q1", "q2"),
        ("q1", "q3"),
        ("q1", "q4"),
        ("q2", "q3"),
        ("q2", "q4"),
        ("q3", "q4"),
    )


def test_several_questions_count_those_who_answered_all(write_answers: WriteAnswers) -> None:
    counts = count(write_answers(SURVEY), ())[()].counts
    # Ten answered 1–4: the kinds they met, row by row, are 2 2 0 0 2 4 0 1 0 3.
    assert counts["n|q1-q4"] == 10
    assert [counts[f"y|q1-q4|{kinds}"] for kinds in range(5)] == [4, 1, 3, 1, 1]
    assert counts["y|q1-q4|any"] == 6
    # The first person left 5 blank; the fifth 6 besides.
    assert (counts["n|q1-q5"], counts["y|q1-q5|any"]) == (9, 5)
    assert (counts["n|q1-q7"], counts["y|q1-q7|any"]) == (8, 5)


@pytest.mark.parametrize(
    ("table", "people"),
    [
        (("period",), {("2021",): 4, ("2022",): 9}),
        (("region",), {("13",): 7, ("12",): 3, ("20",): 3}),
        (("federation",), {("halland",): 7, ("hoganas",): 3, ("falun",): 2, ("borlange",): 1}),
        (("gender",), {("kvinna",): 7, ("man",): 5, ("annat",): 1}),
        (("age",), {("16-24",): 4, ("25-34",): 8, ("ovrig",): 1}),
        (("authority",), {("fk",): 5, ("af",): 3, ("kommun",): 2, ("region",): 3}),
        (
            ("period", "gender"),
            {
                ("2021", "kvinna"): 3,
                ("2021", "man"): 1,
                ("2022", "kvinna"): 4,
                ("2022", "man"): 4,
                ("2022", "annat"): 1,
            },
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "people",
)
def test_every_table_adds_up(
    table: tuple[str, ...], people: Mapping[tuple[str, ...], int], write_answers: WriteAnswers
) -> None:
    cells = count(write_answers(SURVEY), table)
    assert {codes: cell.counts["n|all"] for codes, cell in cells.items()} == people


def test_repeat_forms_stand_in_a_table_of_their_own_and_only_there(
    write_answers: WriteAnswers,
) -> None:
    cells = count(write_answers(SURVEY), (), ("gender",), ("federation",))
    repeats = {codes: cell for codes, cell in cells.items() if cell.fill_count != "1"}
    assert {codes: cell.counts["n|all"] for codes, cell in repeats.items()} == {
        ("2",): 2,
        ("3+",): 1,
    }
    assert (repeats["2",].counts["y|q1"], repeats["2",].counts["y|q2"]) == (2, 1)
    assert repeats["3+",].counts["n|q3"] == 0
    # The parts of the people, not of the forms, add up to the people.
    assert sum(cells[gender,].counts["n|all"] for gender in ("kvinna", "man", "annat")) == 13


def test_the_sum_of_keys_is_over_all_in_the_cell(write_answers: WriteAnswers) -> None:
    cells = count(write_answers(SURVEY), (), ("gender",), ("region",), ("federation",))
    country = cells[()].key_sum
    assert sum(cells[g,].key_sum for g in ("kvinna", "man", "annat")) % 2**64 == country
    assert sum(cells[r,].key_sum for r in ("12", "13", "20")) % 2**64 == country
    assert cells["12",].key_sum == cells["hoganas",].key_sum
    assert len({cell.key_sum for cell in cells.values()}) == len(cells) - 2  # 12 and 13 stand alone


def test_a_record_key_is_the_last_half_of_the_md5_of_the_id(write_answers: WriteAnswers) -> None:
    # Another key would give every figure of every release other noise.
    folder = write_answers(SURVEY)
    table = pq.read_table(folder / "svar.parquet").to_pandas()
    ids = table[table["fill_count"] == "1"]["response_id"]
    keys = [int.from_bytes(hashlib.md5(one.encode()).digest()[8:], "little") for one in ids]
    assert count(folder, ())[()].key_sum == sum(keys) % 2**64


def test_the_cells_come_in_the_order_of_their_codes(write_answers: WriteAnswers) -> None:
    # A database hands groups out in any order, another one each time.
    files = counting.batches(write_answers(SURVEY))
    with counting.counted(files, REGIONS) as counter:
        cells = list(counter([(), ("federation",), ("gender",), ("gender", "age")]))
    used = ("federation", "gender", "age")
    found = [(cell.fill_count, *(cell.codes.get(d, "") for d in used)) for cell in cells]
    assert len(found) == 16  # 1 + 4 + 3 + 6, and 2 of repeat forms
    assert found == sorted(found)


def test_people_who_say_the_same_are_each_counted(write_answers: WriteAnswers) -> None:
    counts = count(write_answers("times q1\n30 ja\n12 nej\n5 -"), ())[()].counts
    assert [counts[label] for label in ("n|all", "n|q1", "y|q1")] == [47, 42, 30]


def test_two_batches_count_as_one(write_answers: WriteAnswers) -> None:
    header, *lines = SURVEY.strip().splitlines()
    write_answers("\n".join([header, *lines[:9]]), "a.parquet")
    folder = write_answers("\n".join([header, *lines[9:]]), "b.parquet")
    assert [file.name for file in counting.batches(folder)] == ["a.parquet", "b.parquet"]
    counts = count(folder, ())[()].counts
    assert (counts["n|all"], counts["y|q1"], counts["j|q6|q1"]) == (13, 6, 4)


def test_what_is_hidden_or_json_is_left_alone(write_answers: WriteAnswers) -> None:
    folder = write_answers(SURVEY)
    for name in (".svar.parquet", ".DS_Store", "svar.json"):
        (folder / name).write_text("inte svar")
    assert [file.name for file in counting.batches(folder)] == ["svar.parquet"]
    assert list(counting.strangers(folder)) == []


# Faults: each is named by file, row and column, and nothing is written.

Damage = Callable[[pa.Table], pa.Table]


def replaced(table: pa.Table, name: str, values: object) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


def with_value(name: str, row: int, value: object) -> Damage:
    """One value written over; rows are counted from 1."""

    def damage(table: pa.Table) -> pa.Table:
        values = table[name].to_pylist()
        values[row - 1] = value
        return replaced(table, name, pa.array(values, table.schema.field(name).type))

    return damage


def refusal(folder: Path, registry: Registry, tmp_path: Path) -> str:
    """What making a release of the folder says; nothing may be written."""
    releases = tmp_path / "utgåvor"
    with pytest.raises(building.ReleaseFault) as refused:
        building.build(folder, releases, tmp_path / "liggare", registry, rules=Rules(mean_cell_2=1))
    assert not releases.exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (with_value("gender", 3, "female"), "rad 3, kolumn gender: ”female”"),
        (with_value("gender", 3, None), "rad 3, kolumn gender: inget värde"),
        (with_value("q1", 16, "kanske"), "rad 16, kolumn q1: ”kanske”"),
        (with_value("q7", 1, None), "rad 1, kolumn q7: inget värde"),
        (with_value("q7", 1, ""), "rad 1, kolumn q7: ””"),
        (with_value("year", 2, 2018), "rad 2, kolumn year: ”2018”"),
        (with_value("half_year", 2, 3), "rad 2, kolumn half_year: ”3”"),
        (with_value("age_band", 4, "17"), "rad 4, kolumn age_band: ”17”"),
        (with_value("federation", 5, "malmo"), "rad 5, kolumn federation: ”malmo”"),
        (with_value("federation", 5, "Halland"), "rad 5, kolumn federation: ”Halland”"),
        (with_value("response_id", 6, "Anna"), "rad 6, kolumn response_id: ”Anna”"),
        (with_value("response_id", 6, None), "rad 6, kolumn response_id: inget värde"),
        (with_value("data", 7, "test"), "rad 7, kolumn data: ”test”"),
        (lambda table: table.drop_columns("q4"), "kolumnen q4 saknas"),
        (
            lambda table: table.append_column("ort", pa.array(["Lund"] * 16)),
            "kolumnen ort hör inte till ett svar och får inte finnas",
        ),
        (
            lambda table: replaced(table, "year", table["year"].cast(pa.string())),
            "kolumnen year har typen VARCHAR men ska ha SMALLINT",
        ),
        (
            lambda table: replaced(table, "q1", pc.equal(table["q1"], "ja")),
            "kolumnen q1 har typen BOOLEAN men ska ha VARCHAR",
        ),
    ],
)
def test_a_fault_is_named_by_file_row_and_column(
    damage: Damage,
    message: str,
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
) -> None:
    folder = write_answers(SURVEY, "hel.parquet")
    file = write_answers(SURVEY, "skadad.parquet") / "skadad.parquet"
    pq.write_table(damage(pq.read_table(file)), file)
    title, *faults = refusal(folder, registry, tmp_path).splitlines()
    assert title == "Svaren har fel, ingen utgåva gjordes:"
    (fault,) = faults
    assert fault.startswith("skadad.parquet")
    assert message in fault
    assert fault.endswith(".")


@pytest.mark.parametrize("name", ["svar.PARQUET", "svar.csv", "svar", "2023"])
@pytest.mark.parametrize("alone", [True, False])
def test_what_would_not_be_counted_is_said(
    name: str, alone: bool, write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY)
    if name == "2023":
        (folder / name).mkdir()
    else:
        (folder / name).write_bytes((folder / "svar.parquet").read_bytes())
    if alone:
        (folder / "svar.parquet").unlink()
    _, fault = refusal(folder, registry, tmp_path).splitlines()
    assert fault.startswith(f"{name}: läses inte")
    assert fault.endswith("Byt namn på den eller flytta den.")


def test_a_folder_of_answers_that_cannot_be_listed_is_said(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "svar.parquet").touch()
    said = refusal(tmp_path / "svar.parquet", registry, tmp_path)
    assert "går inte att läsa. Se efter att det är en mapp" in said


def not_utf_8(file: Path) -> None:
    table = pq.read_table(file)
    raw = [value.encode() for value in table["authority"].to_pylist()]
    raw[4] = "få".encode("latin-1")
    buffers = pa.array(raw, pa.binary()).buffers()
    text = pa.Array.from_buffers(pa.string(), len(raw), buffers)
    pq.write_table(replaced(table, "authority", text), file)


def torn(file: Path) -> None:
    """The first pages of values, compressed, are written over; the table's description is not."""
    content = bytearray(file.read_bytes())
    content[30:330] = b"\xaa" * 300
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [not_utf_8, torn])
def test_values_that_cannot_be_read_are_said_by_file(
    damage: Callable[[Path], None],
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
) -> None:
    folder = write_answers(SURVEY, "skadad.parquet")
    damage(folder / "skadad.parquet")
    write_answers(SURVEY, "sedan.parquet")
    sound = pq.read_table(folder / "sedan.parquet")
    pq.write_table(with_value("q1", 2, "x")(sound), folder / "sedan.parquet")
    _, first, second = refusal(folder, registry, tmp_path).splitlines()
    assert first.startswith("sedan.parquet, rad 2, kolumn q1")
    assert second == (
        "skadad.parquet: värdena går inte att läsa. Filen är skadad, eller har text som inte är "
        "i UTF-8. Hämta den på nytt."
    )


def test_a_long_value_is_cut_short(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY)
    file, long = folder / "svar.parquet", "x" * 100_000
    table = pq.read_table(file)
    for column in ("gender", "federation", "response_id"):
        for row in (1, 2):
            table = with_value(column, row, long)(table)
    pq.write_table(table, file)
    _, *faults = refusal(folder, registry, tmp_path).splitlines()
    assert len(faults) == 7  # six values, and the id that stands twice
    assert all("x" * 40 + "…" in fault for fault in faults)
    assert max(map(len, faults)) < 250
    pq.write_table(table.append_column(long, table["q1"]), file)
    _, fault = refusal(folder, registry, tmp_path).splitlines()
    assert len(fault) < 250


def test_what_a_value_should_have_been_is_said(
    write_answers: WriteAnswers, registry: Registry
) -> None:
    folder = write_answers(SURVEY, gender="kvinna")
    file = folder / "svar.parquet"
    pq.write_table(with_value("gender", 1, "F")(pq.read_table(file)), file)
    (fault,) = counting.faults([file], [federation.slug for federation in registry.federations])
    assert "Det ska vara något av kvinna, man, annat" in fault
    pq.write_table(with_value("gender", 1, "man")(pq.read_table(file)), file)
    (fault, *_) = counting.faults([file], ["falun"])
    assert "Det ska vara ett förbund i registret" in fault


def test_all_faults_are_said_at_once(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY, "a.parquet")
    write_answers(SURVEY, "b.parquet")
    for name, damage in {
        "a.parquet": with_value("q1", 1, "x"),
        "b.parquet": with_value("q2", 2, "y"),
    }.items():
        pq.write_table(damage(pq.read_table(folder / name)), folder / name)
    (folder / "c.parquet").write_text("inte Parquet")
    said = refusal(folder, registry, tmp_path)
    assert "a.parquet, rad 1, kolumn q1" in said
    assert "b.parquet, rad 2, kolumn q2" in said
    assert "c.parquet: filen går inte att läsa som Parquet" in said


def test_an_answer_in_two_files_is_found(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY, "januari.parquet")
    first = pq.read_table(folder / "januari.parquet").slice(0, 1)
    pq.write_table(first, folder / "igen.parquet")
    said = refusal(folder, registry, tmp_path)
    repeated = first["response_id"][0].as_py()
    assert f"igen.parquet, januari.parquet: response_id {repeated} finns mer än en gång" in said


def test_an_answer_twice_in_a_file_is_found(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY)
    table = pq.read_table(folder / "svar.parquet")
    pq.write_table(pa.concat_tables([table, table.slice(3, 1)]), folder / "svar.parquet")
    assert "finns mer än en gång" in refusal(folder, registry, tmp_path)


def test_missing_ids_are_not_taken_for_one_repeated_id(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    folder = write_answers(SURVEY)
    table = pq.read_table(folder / "svar.parquet")
    for row in (1, 2):
        table = with_value("response_id", row, None)(table)
    pq.write_table(table, folder / "svar.parquet")
    said = refusal(folder, registry, tmp_path)
    assert said.count("inget värde") == 2
    assert "mer än en gång" not in said


def test_an_empty_folder_is_said_to_be_empty(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    for folder in (tmp_path / "tom", tmp_path / "finns inte"):
        said = refusal(folder, registry, tmp_path)
        assert f"Inga svar i {folder}" in said
        assert "FOV_RESPONSES" in said


def test_synthetic_and_real_answers_are_not_mixed(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    write_answers(SURVEY, "demo.parquet")
    folder = write_answers(SURVEY, "riktiga.parquet", data="real")
    said = refusal(folder, registry, tmp_path)
    assert "blandar verkliga och syntetiska svar" in said
    assert "Lägg dem i skilda mappar" in said


@pytest.mark.parametrize("times", [0, 5])
def test_too_few_people_make_no_release(
    times: int, write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    # Unique persons count; the forms that they fill in again do not.
    folder = write_answers(f"times fill_count\n{times} 1\n90 2")
    with pytest.raises(building.ReleaseFault, match="Svaren är för få för en utgåva"):
        building.build(folder, tmp_path / "utgåvor", tmp_path / "liggare", registry)
    assert not (tmp_path / "utgåvor").exists()
