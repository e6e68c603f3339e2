"""Workbooks opened in a process of their own, which may harm itself and nobody else.

A workbook may be made to harm: a few kilobytes that unpack to gigabytes, a sheet that claims
every cell there is. So a child process reads it under limits of time and memory, with the workbook
on its standard input and rows of CSV on its standard output. Nothing is computed, nothing linked
is fetched and nothing is written to disk; whatever becomes of the child, here it is a FileFault.
"""

import io
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, BinaryIO, TextIO

from fovdata.intake import workbooks
from fovdata.intake.columns import FileFault
from fovdata.settings import ROOT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True)
class Limits:
    """What a file may be, and cost: bytes, rows of answers, seconds, and bytes of memory."""

    bytes: int
    rows: int
    seconds: int
    memory: int


_SLOW, _LONG = -signal.SIGXCPU, 0
_FAULTS: Mapping[int, str] = MappingProxyType(
    {
        workbooks.DAMAGED: "Arbetsboken är skadad och kan inte läsas. Öppna den i Excel eller "
        "LibreOffice, spara den som en ny arbetsbok (.xlsx) och försök igen.",
        workbooks.LOCKED: "Arbetsboken är skyddad med lösenord. Ta bort lösenordet, spara och "
        "försök igen.",
        workbooks.FOREIGN: "Filen är ingen arbetsbok som kan läsas (.xlsx, .xls, .ods). Är den "
        "gjord i Word, Numbers eller ett annat program: öppna den där och spara eller exportera "
        "svaren som Excel-arbetsbok (.xlsx).",
        workbooks.LARGE: "Arbetsboken tar mer minne att läsa än de {memory} MB som är tillåtna. "
        "Kanske står något i en cell långt bort från svaren: kopiera svaren till en ny arbetsbok. "
        "Är svaren många: dela upp dem, eller spara dem som CSV.",
        workbooks.ERRORS: "Arbetsboken har celler där en formel har gått fel, som #REF! eller "
        "#VÄRDE!. Rätta dem, eller spara arbetsboken som .xlsx för att få veta vilka de är.",
        _SLOW: "Arbetsboken tar längre tid att läsa än de {seconds} sekunder som är tillåtna. "
        "Dela upp den, eller spara den som CSV.",
        _LONG: "Arbetsboken rymmer mer än {bytes} MB text, som är det mesta som tas emot. Dela "
        "upp den i flera.",
    }
)
"""The child's exit code → what the person is told."""
_SAME = MappingProxyType({-signal.SIGABRT: workbooks.LARGE, -signal.SIGKILL: workbooks.LARGE})
"""A library that gets no memory ends so, and a process that the machine has none for."""


@contextmanager
def opened(source: BinaryIO, limits: Limits, what: str, sheet: int = -1) -> Iterator[TextIO]:
    """What ``workbooks`` writes of a workbook, or of the sheet with that number.

    Reading raises FileFault for whatever is wrong with the workbook, at its end at the latest.
    """
    source.seek(0)
    most = (str(limits.seconds), str(limits.memory))
    with subprocess.Popen(
        [sys.executable, "-m", workbooks.__name__, *most, what, str(sheet)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdin
        assert child.stdout
        feeder = threading.Thread(target=_feed, args=(source, child.stdin), daemon=True)
        feeder.start()
        try:
            output = _Output(child, child.stdout, limits)
            yield io.TextIOWrapper(io.BufferedReader(output, 1 << 20), "utf-8", newline="")
        finally:
            child.kill()
            feeder.join()


def _feed(source: BinaryIO, to: IO[bytes]) -> None:
    # A child that has ended takes no more, and says by its code why.
    with suppress(OSError), to:
        shutil.copyfileobj(source, to, 1 << 20)


class _Output(io.RawIOBase):
    """What the child writes. Waits for it ``seconds`` in all, however long the reader takes."""

    def __init__(self, child: subprocess.Popen[bytes], output: IO[bytes], limits: Limits) -> None:
        self._child, self._limits = child, limits
        self._left, self._read = float(limits.seconds), 0
        self._descriptor = output.fileno()
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        began = time.monotonic()
        ready = self._poll.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - began
        if not ready:
            raise self._fault(_SLOW)
        count = os.readv(self._descriptor, [buffer])
        # A text of some kilobytes may stand in every cell, and be kept but once.
        self._read += count
        if self._read > self._limits.bytes:
            raise self._fault(_LONG)
        if not count and (code := self._child.wait()):
            raise self._fault(code)
        return count

    def _fault(self, code: int) -> FileFault:
        told = _FAULTS.get(_SAME.get(code, code), _FAULTS[workbooks.DAMAGED])
        megabytes = {"memory": self._limits.memory // 10**6, "bytes": self._limits.bytes // 10**6}
        return FileFault(told.format(seconds=self._limits.seconds, **megabytes))
