"""What the doctor looks at, each in a function that says all it finds, good or not."""

import os
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fovdata import settings


class Verdict(StrEnum):
    """How it stands with what was looked at."""

    GOOD = "bra"
    REMARK = "anmärkning"
    FAULT = "fel"


@dataclass(frozen=True)
class Finding:
    """One line of the examination: how it stands, with what, and what to do to mend it."""

    verdict: Verdict
    what: str
    mend: str = ""


def good(what: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.GOOD, what)


def remark(what: str, mend: str) -> Finding:
    """It works, but look at it."""
    return Finding(Verdict.REMARK, what, mend)


def fault(what: str, mend: str) -> Finding:
    """It does not work, or must not be so."""
    return Finding(Verdict.FAULT, what, mend)


def streamlit_file() -> dict[str, Any]:
    """What .streamlit/config.toml says, by section. Raises OSError and ValueError."""
    file = settings.ROOT / ".streamlit" / "config.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def streamlit_variable(option: str) -> str:
    """The environment variable that goes before the file: server.enableCORS → STREAMLIT_….

    Streamlit names it; it may not be imported here, so a test holds the two together.
    """
    words = "".join(
        f"_{letter}" if letter.isupper() and not before.isupper() else letter
        for before, letter in zip(f".{option}", option, strict=False)
    )
    return f"STREAMLIT_{words.replace('.', '_').upper()}"


def streamlit_option(option: str, usual: Any = None) -> Any:
    """What the server will run with, a text where the environment says it.

    ``usual`` is Streamlit's own default. Raises OSError and ValueError.
    """
    section, name = option.split(".")
    said = os.environ.get(streamlit_variable(option))
    return said if said is not None else streamlit_file().get(section, {}).get(name, usual)
