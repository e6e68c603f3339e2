"""What the server runs on: memory, Python and its libraries, the port."""

import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from fovdata import settings, wording
from fovdata.commands.checkup import Finding, fault, good, remark, streamlit_option

NEEDED = 1024
"""MB free that a server wants before it starts; docs/soak.md says what it takes."""
WHY = (
    "servern tar ungefär en halv gigabyte i drift, och bilder, PDF och PowerPoint lika mycket till "
    "medan de görs"
)
PYTHON = (3, 11)

_MEMINFO = Path("/proc/meminfo")
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current")
_PATIENCE = 5
"""Seconds that whatever answers on the port may take."""


def memory() -> Iterator[Finding]:
    """That there is memory for the server and what it makes for readers."""
    free = _free()
    if free is None:
        yield remark(
            "Hur mycket minne som är ledigt går inte att se här.",
            f"Se till att {NEEDED} MB är lediga: {WHY}.",
        )
    elif free < NEEDED:
        yield fault(
            f"{free} MB minne är lediga; det behövs {NEEDED}: {WHY}.",
            "Avsluta annat, eller ge maskinen eller behållaren mer minne. Kör servern redan här "
            "räknas dess eget minne som upptaget.",
        )
    else:
        yield good(f"{wording.number(free)} MB minne är lediga; det behövs {NEEDED}: {WHY}.")


def _free() -> int | None:
    """MB that are free on the machine, or within the container's limit; None if unknown."""
    try:
        lines = dict(line.split(":") for line in _MEMINFO.read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) // 1024
    except (OSError, ValueError, KeyError):
        return None
    try:
        most, taken = (int(Path(file).read_text()) for file in _LIMITS)
    except (OSError, ValueError):  # no limit, or not on this system
        return free
    return min(free, (most - taken) // 2**20)


def libraries() -> Iterator[Finding]:
    """That Python and the libraries are those that the tests pass on."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield fault(f"Python är {running}, men 3.11 eller nyare behövs.", "Installera en nyare.")
    else:
        yield good(f"Python är {running}.")
    try:
        wanted = _requirements()
    except (OSError, InvalidRequirement):
        yield fault("requirements.txt går inte att läsa.", "Hämta filen på nytt ur programmet.")
        return
    wrong = [f"{one} (här: {there})" for one in wanted if (there := _not_as_wanted(one))]
    if wrong:
        yield fault(
            f"Bibliotek utanför det som är prövat: {', '.join(wrong)}.",
            "Installera dem: pip install --require-hashes -r deploy/requirements.lock",
        )
    else:
        yield good(f"Alla {len(wanted)} bibliotek är av versioner som är prövade.")


def _requirements() -> list[Requirement]:
    lines = (settings.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def _not_as_wanted(wanted: Requirement) -> str | None:
    """The version that is there and should not be, or that there is none; None if all is well."""
    try:
        there = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return "saknas"
    return None if wanted.specifier.contains(there) else there


def port() -> Iterator[Finding]:
    """That the server's port is free, or that a dashboard answers there."""
    try:
        host = str(streamlit_option("server.address", "localhost"))
        number = int(streamlit_option("server.port", 8501))
    except (OSError, ValueError):
        yield fault("Serverns port går inte att läsa ut.", "Skriv server.port som ett heltal.")
        return
    if not 0 < number < 2**16:
        yield fault(f"Port {number} finns inte.", "Välj en mellan 1 och 65535 i server.port.")
        return
    where = f"{number} på {host}"
    try:
        with socket.create_server((host, number)):
            yield good(f"Port {where} är ledig.")
            return
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "okänt skäl"
    status, answer = _asked(host, number)
    if status == 200 and answer.get("status") == "ok":
        yield good(f"På port {where} svarar en instrumentpanel, med utgåva {answer['release']}.")
    elif status == 503 and "error" in answer:
        yield fault(
            f"På port {where} svarar en instrumentpanel som inte har något att visa.",
            "Se vad som sägs om utgåva och register.",
        )
    else:
        yield fault(
            f"Port {where} går inte att använda ({reason}), och ingen instrumentpanel svarar där.",
            "Avsluta det som använder porten, eller välj en annan i server.port.",
        )


def _asked(host: str, number: int) -> tuple[int, dict[str, object]]:
    """What the API's health call answers: the HTTP status and what it says; 0 if nothing."""
    connection = http.client.HTTPConnection(host, number, timeout=_PATIENCE)
    try:
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        said = json.loads(answer.read(10_000))
        return answer.status, said if isinstance(said, dict) else {}
    except (OSError, ValueError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()
