"""Fuzzing of the intake: python -m tests.messy.fuzzing --minutes 20 (or `make fuzz`).

Starts from the messy files and spoils them at random: bytes, pieces, the parts of a workbook,
cells. Whatever comes of it, the intake gives a fault in words or a checked file, soon and without
much memory. Writes docs/fuzzing.md.
"""

import argparse
import csv
import datetime
import io
import json
import os
import resource
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fovdata import registry as registries
from fovdata.intake import marking, places, printed, receiving
from fovdata.intake.reading import FileFault, Limits
from fovdata.settings import ROOT

from .making import FILES

LIMITS = Limits(bytes=2_000_000, rows=20_000, seconds=20, memory=1_000_000_000)
SECONDS = 30
"""Nothing may take longer."""
PAGE = ROOT / "docs" / "fuzzing.md"

NASTY = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\u202eFEP\u202c",
    "\ud7ff\ufffd",
    "\x00",
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "1e308",
    "-0",
    "٣٤",
    "9" * 400,
    "0" * 40,
    "nan",
    "∞",
    "2022-13-45",
    "29/2 1900",
    "0000-00-00",
    "９９",
    "%s%n{0}",
    "é" * 1000,
    "\u200b",
    "JA\u0301",
)
"""Cells that programs stumble over."""


@dataclass(frozen=True)
class Spoiled:
    """A file as it comes in."""

    name: str
    content: bytes


def originals() -> Sequence[Path]:
    """The messy files, the zip bomb aside: it takes seconds each time."""
    return sorted(
        path for path in FILES.iterdir() if path.suffix != ".json" and "bomb" not in path.name
    )


@st.composite
def spoiled_files(draw: st.DrawFn) -> Spoiled:
    """A messy file, spoiled in one of several ways, up to some times."""
    path = draw(st.sampled_from(originals()))
    content = path.read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        ways = [_bytes_changed, _piece_moved, _cut_off]
        if content.startswith(b"PK"):
            ways += [_part_changed] * 4
        else:
            ways += [_cell_changed] * 4
        content = draw(st.sampled_from(ways))(draw, content)
    suffix = draw(st.sampled_from((path.suffix, path.suffix, ".csv", ".xlsx", ".ods", "")))
    return Spoiled(f"fil{suffix}", content)


def _bytes_changed(draw: st.DrawFn, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 8))):
        if changed:
            changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed)


def _piece_moved(draw: st.DrawFn, content: bytes) -> bytes:
    """A piece taken out, doubled, or put elsewhere."""
    a, b, c = sorted(draw(st.integers(0, len(content))) for _ in range(3))
    piece = content[a:b] * draw(st.sampled_from((0, 1, 2, 30)))
    return content[:a] + content[b:c] + piece + content[c:]


def _cut_off(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _part_changed(draw: st.DrawFn, content: bytes) -> bytes:
    """One part of a workbook changed, and the workbook packed again so that it opens."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = {info.filename: source.read(info) for info in source.infolist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        return _bytes_changed(draw, content)
    if not parts:
        return content
    name = draw(st.sampled_from(sorted(parts)))
    way = draw(st.sampled_from((_bytes_changed, _piece_moved, _cut_off, _word_changed)))
    parts[name] = way(draw, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part, inside in parts.items():
            target.writestr(part, inside)
    return out.getvalue()


def _word_changed(draw: st.DrawFn, content: bytes) -> bytes:
    """A number or a reference of the XML changed for an absurd one."""
    wrong = (b"4294967295", b"-1", b"XFD1048576", b"A0", b"1e999", b"", b"&#0;", b"&lol9;")
    old = draw(st.sampled_from((b"A1", b'"1"', b'"0"', b"2", b"s=", b"t=", b"Ja", b"v>")))
    return content.replace(old, draw(st.sampled_from(wrong)), draw(st.integers(1, 3)))


def _cell_changed(draw: st.DrawFn, content: bytes) -> bytes:
    """One cell of a text file changed for a nasty one."""
    encoding = draw(st.sampled_from(("utf-8", "cp1252", "utf-16")))
    delimiter = draw(st.sampled_from((";", ",", "\t")))
    try:
        table = list(
            csv.reader(io.StringIO(content.decode(encoding, "ignore")), delimiter=delimiter)
        )
    except csv.Error:
        return content
    filled = [i for i, row in enumerate(table) if row]
    if not filled:
        return content
    row = table[draw(st.sampled_from(filled))]
    row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(NASTY) | st.text(max_size=30))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table)
    return out.getvalue().encode(encoding, "replace")


def come_in(file: Spoiled, folder: Path) -> str:
    """Let a file in as the command line does, and say what became of it."""
    place = places.Place(folder, b"\x01" * 32, "synthetic")
    members = registries.load(ROOT / "data" / "registry")
    today = datetime.date(2026, 11, 22)
    try:
        received = receiving.receive(
            io.BytesIO(file.content), file.name, place, members, None, LIMITS, today
        )
    except FileFault as fault:
        return "refused" if str(fault).strip() else "refused without a word"
    json.dumps(printed.received(received).data)
    marking.marked(received.checked, file.name)
    if received.blocked:
        assert received.checked.answers.empty
        return "to be mended"
    return "could be added"


def main() -> None:
    """Fuzz for so many minutes, print what was seen and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    found: Counter[str] = Counter()
    slowest = 0.0
    start, first = time.monotonic(), int.from_bytes(os.urandom(4))
    end, rounds = start + 60 * minutes, 0
    while time.monotonic() < end:

        @seed(first + rounds)
        @settings(
            max_examples=200,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        )
        @given(spoiled_files())
        def never_fails(file: Spoiled) -> None:
            nonlocal slowest
            begun = time.monotonic()
            if begun < end:
                found[come_in(file, Path("/nonexistent"))] += 1
                slowest = max(slowest, time.monotonic() - begun)
                assert slowest < SECONDS

        never_fails()
        rounds += 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    outcomes = "; ".join(f"{count:,} {what}" for what, count in sorted(found.items()))
    said = (
        f"{minutes:g} minutes, {sum(found.values()):,} spoiled files, seed {first}: {outcomes}. "
        f"0 stack traces; the slowest took {slowest:.1f} s; peak memory {memory} MB, of the "
        f"process that opens workbooks {child} MB."
    )
    print(said)
    today = datetime.datetime.now(datetime.UTC).date()
    head = f"# Fuzzing the intake\n\nMade by `make fuzz` on {today}.\n\n"
    PAGE.write_text(f"{head}{said}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
