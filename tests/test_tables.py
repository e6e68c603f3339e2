"""Tables are read as declared, and what is wrong in them is told by row and column, in Swedish."""

import datetime
import shutil
from itertools import product
from pathlib import Path

import hypothesis
import pandas as pd
import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from fovdata import tables
from fovdata.tables import DATA, Fault, TableError

HEADERS = {
    "regions.csv": "code,name,county,joined",
    "federations.csv": "slug,name,region,group,year_joined,year_certainty,source",
    "municipalities.csv": "code,name,region",
    "memberships.csv": "federation,municipality,name_in_source,valid_from,valid_to",
}
SMALL = {
    "regions.csv": ["13,Region Halland,Hallands län,true"],
    "federations.csv": ["halland,Halland,13,pilot,2019,stated,S-REP"],
    "municipalities.csv": ["1383,Varberg,13", "1382,Falkenberg,13"],
    "memberships.csv": ["halland,1383,Varberg,2019-10-01,", "halland,1382,Falkenberg,,"],
}
"""A registry of one federation with two municipalities."""


def write(folder: Path, **rows: list[str]) -> Path:
    """The small registry in ``folder``, with other rows under the header of the named tables."""
    folder.mkdir(exist_ok=True)
    for file, header in HEADERS.items():
        lines = rows.get(Path(file).stem, SMALL[file])
        (folder / file).write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return folder


def test_values_have_the_declared_types(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert tables.records("memberships", folder) == (
        {
            "federation": "halland",
            "municipality": "1383",
            "name_in_source": "Varberg",
            "valid_from": datetime.date(2019, 10, 1),
            "valid_to": None,
        },
        {
            "federation": "halland",
            "municipality": "1382",
            "name_in_source": "Falkenberg",
            "valid_from": None,
            "valid_to": None,
        },
    )
    (federation,) = tables.records("federations", folder)
    assert federation["year_joined"] == 2019
    assert isinstance(federation["year_joined"], int)
    (region,) = tables.records("regions", folder)
    assert (region["code"], region["joined"]) == ("13", True)


def test_numbers_can_have_a_decimal_point() -> None:
    (year,) = (row for row in tables.records("references") if row["id"] == "bra-year")
    assert (year["women"], year["men"]) == (15.2, 11.7)


def test_a_frame_is_indexed_by_the_row_of_the_file(tmp_path: Path) -> None:
    rows = ["1383,Varberg,13", ",,", "1382,Falkenberg,13", ""]
    frame = tables.read("municipalities", write(tmp_path, municipalities=rows))
    assert frame["name"].to_dict() == {2: "Varberg", 4: "Falkenberg"}


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    file = write(tmp_path) / "municipalities.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert [row["code"] for row in tables.records("municipalities", tmp_path)] == ["1383", "1382"]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "message"),
    [
        (
            "federations",
            "Halland,Halland,13,pilot,2019,stated,S-REP",
            "slug",
            "Halland",
            "Värdet har fel form. Namnet med små bokstäver a–z, siffror och bindestreck.",
        ),
        (
            "federations",
            ",Halland,13,pilot,2019,stated,S-REP",
            "slug",
            None,
            "Kortnamn saknas. Fyll i ett värde.",
        ),
        (
            "federations",
            "halland,Halland,13,pilot,2018,stated,S-REP",
            "year_joined",
            "2018",
            "Värdet är för lågt. Det ska vara minst 2019.",
        ),
        (
            "federations",
            "halland,Halland,13,pilot,20191,stated,S-REP",
            "year_joined",
            "20191",
            "Värdet är för högt. Det ska vara högst 2100.",
        ),
        (
            "federations",
            "halland,Halland,13,pilot,hösten,stated,S-REP",
            "year_joined",
            "hösten",
            "Skriv ett heltal, till exempel 2022.",
        ),
        (
            "federations",
            "halland,Halland,13,pilot,2019,säkert,S-REP",
            "year_certainty",
            "säkert",
            "Värdet är okänt. Skriv ett av: stated, inferred, unknown.",
        ),
        (
            "federations",
            "halland,Halland,31,pilot,2019,stated,S-REP",
            "region",
            "31",
            "Värdet finns inte i regions.csv. Rätta det eller lägg till det där.",
        ),
        (
            "regions",
            "13,Region Halland,Hallands län,ja",
            "joined",
            "ja",
            "Skriv true eller false.",
        ),
        (
            "municipalities",
            "138,Varberg,13",
            "code",
            "138",
            "Värdet har fel form. Officiell kommunkod: fyra siffror, en inledande nolla ska stå "
            "kvar. De två första är länskoden.",
        ),
        (
            "memberships",
            "halland,1383,Varberg,2019-02-30,",
            "valid_from",
            "2019-02-30",
            "Skriv ett datum som ÅÅÅÅ-MM-DD, till exempel 2022-12-31.",
        ),
    ],
)
def test_a_wrong_value_is_told_by_row_and_column(
    tmp_path: Path, table: str, row: str, column: str, value: str | None, message: str
) -> None:
    write(tmp_path, **{table: [row]})
    assert tables.faults(table, tmp_path) == [Fault(f"{table}.csv", 2, column, value, message)]


def test_a_value_that_must_be_unique_is_told_where_it_is_repeated(tmp_path: Path) -> None:
    write(tmp_path, municipalities=["1383,Varberg,13", "1382,Falkenberg,13", "1383,Hylte,13"])
    assert tables.faults("municipalities", tmp_path) == [
        Fault(
            "municipalities.csv",
            4,
            "code",
            "1383",
            "Värdet står högre upp också. Rätta det eller ta bort den ena raden.",
        )
    ]


def test_a_reference_is_looked_up_in_the_same_folder(tmp_path: Path) -> None:
    write(tmp_path, municipalities=["1399,Nybildad,13"], memberships=["halland,1399,Nybildad,,"])
    assert tables.faults("memberships", tmp_path) == []


def test_a_key_of_two_columns_is_told_once_where_it_is_repeated(tmp_path: Path) -> None:
    write(tmp_path, memberships=["halland,1383,Varberg,,", "halland,1383,Varbergs kommun,,"])
    assert tables.faults("memberships", tmp_path) == [
        Fault(
            "memberships.csv",
            3,
            None,
            None,
            "Samma Förbund och Kommun står högre upp. Ta bort den ena raden.",
        )
    ]


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [
        "halland,9999,Varberg,igår,",
        "skåne,1382,,,",
    ]
    write(tmp_path, memberships=rows)
    assert [(f.row, f.column) for f in tables.faults("memberships", tmp_path)] == [
        (2, "municipality"),
        (2, "valid_from"),
        (3, "federation"),
        (3, "name_in_source"),
    ]


def test_a_fault_says_itself() -> None:
    cell = Fault("federations.csv", 5, "region", "99", "Värdet finns inte.")
    assert str(cell) == "federations.csv, rad 5, kolumn region, ”99”: Värdet finns inte."
    file = Fault("federations.csv", None, None, None, "Filen är tom.")
    assert str(file) == "federations.csv: Filen är tom."


@pytest.mark.parametrize(
    ("content", "row", "message"),
    [
        (b"", None, "Filen är tom. Första raden ska vara code,name,region."),
        (b"\n\n", None, "Filen är tom. Första raden ska vara code,name,region."),
        (
            b"code,name,region\n",
            None,
            "Filen har inga rader under den första. Fyll i minst en.",
        ),
        (
            "code,name,region\n1280,Malmö,12\n".encode("cp1252"),
            None,
            "Filen är inte i UTF-8. Spara om den som CSV UTF-8.",
        ),
        (
            b"code;name;region\n1280;Lund;12\n",
            1,
            "Kolumnerna stämmer inte. Första raden ska vara code,name,region, med komman.",
        ),
        (
            b"name,code,region\nLund,1281,12\n",
            1,
            "Kolumnerna stämmer inte. Första raden ska vara code,name,region, med komman.",
        ),
        (
            b'code,name,region\n1281,"Lund,12\n',
            None,
            "Filen är inte en hel CSV-fil. Se efter att varje citattecken har sitt par.",
        ),
        (
            b"code,name,region\n1281,Lund,12\n1280,Malm,,12\n",
            3,
            "Raden har 4 värden men ska ha 3. Sätt ett värde som innehåller komma inom "
            "citattecken.",
        ),
        (
            b"code,name,region\n1281,Lund\n",
            2,
            "Raden har 2 värden men ska ha 3. Sätt ett värde som innehåller komma inom "
            "citattecken.",
        ),
    ],
)
def test_a_file_that_is_no_such_table_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, row: int | None, message: str
) -> None:
    (write(tmp_path) / "municipalities.csv").write_bytes(content)
    (fault,) = tables.faults("municipalities", tmp_path)
    assert (fault.file, fault.row, fault.message) == ("municipalities.csv", row, message)


def test_a_missing_file_is_told_with_where_to_put_it(tmp_path: Path) -> None:
    (write(tmp_path) / "regions.csv").unlink()
    (fault,) = tables.faults("regions", tmp_path)
    place = f"Lägg den i mappen {tmp_path.name}."
    assert str(fault) == f"regions.csv: Filen kan inte öppnas. {place}"
    assert str(tmp_path) not in str(fault)  # a visitor of the server reads it too


def test_a_faulty_table_is_not_read_and_the_error_lists_every_fault(tmp_path: Path) -> None:
    write(tmp_path, municipalities=["138,Varberg,13", "1382,,13"])
    with pytest.raises(TableError) as error:
        tables.read("municipalities", tmp_path)
    assert [fault.row for fault in error.value.faults] == [2, 3]
    assert str(error.value).splitlines()[1] == (
        "municipalities.csv, rad 3, kolumn name: Kommun saknas. Fyll i ett värde."
    )


@pytest.mark.parametrize("file", HEADERS)
def test_cells_are_judged_as_frictionless_judges_them(tmp_path: Path, file: str) -> None:
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    sound = (write(data / "registry") / file).read_text(encoding="utf-8")
    header, row, *rest = sound.splitlines()
    table, columns = Path(file).stem, header.split(",")
    texts = ("", "x", "Å", "13", "0", "-1", "1383", "true", "pilot", "2022-12-31")
    for (number, column), text in product(enumerate(columns), texts):
        cells = row.split(",")
        cells[number] = text
        damaged = "\n".join([header, ",".join(cells), *rest, ""])
        (data / "registry" / file).write_text(damaged, encoding="utf-8")
        found = {fault.column for fault in tables.faults(table, data / "registry")}
        resource = Package(str(data / "datapackage.json")).get_table_resource(table)
        assert found == (set() if resource.validate().valid else {column}), (column, text)


@hypothesis.settings(deadline=None)  # a busy machine is no fault
@given(
    row=st.integers(2, 159),
    column=st.sampled_from(["federation", "municipality", "name_in_source"]),
)
def test_an_emptied_cell_is_found_wherever_it_is(
    tmp_path_factory: pytest.TempPathFactory, row: int, column: str
) -> None:
    folder = tmp_path_factory.mktemp("emptied")
    shutil.copytree(DATA / "registry", folder, dirs_exist_ok=True)
    lines = (folder / "memberships.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[row - 1].split(",")
    cells[lines[0].split(",").index(column)] = ""
    lines[row - 1] = ",".join(cells)
    (folder / "memberships.csv").write_text("\n".join(lines), encoding="utf-8")
    (fault,) = tables.faults("memberships", folder)
    assert (fault.row, fault.column, fault.value) == (row, column, None)


def test_every_declared_csv_can_be_read() -> None:
    for file in DATA.rglob("*.csv"):
        frame = tables.read(file.stem)
        assert isinstance(frame, pd.DataFrame)
        assert len(frame) == len(file.read_text(encoding="utf-8").splitlines()) - 1
