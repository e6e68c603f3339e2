"""What is in an Office file: its texts, and the points of its charts."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any


def parts(office: bytes) -> Iterator[str]:
    """Every part of a file that is text, those of its workbook too."""
    with zipfile.ZipFile(io.BytesIO(office)) as file:
        for name in file.namelist():
            content = file.read(name)
            if name.endswith((".xml", ".rels")):
                yield content.decode()
            elif name.endswith(".xlsx"):
                yield from parts(content)


def texts(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def points(series: Any) -> list[tuple[int, float]]:
    """The points that are drawn: those of a gap are not there."""
    values = []
    for of in ("xVal", "yVal"):
        cells = series._element.find(f"{{*}}{of}").iter("{*}pt")
        values.append([float(next(cell.iter("{*}v")).text) for cell in cells])
    return [(int(x), y) for x, y in zip(*values, strict=True)]
