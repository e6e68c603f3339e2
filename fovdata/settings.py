"""Where things are: one environment variable each, with the demonstration as its default."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
"""The synthetic demo answers."""

API = "/api/v1"
"""Where the API answers: its address below the server's, and its version."""

_DOOR = "FOV_DOOR"
"""Set by the door: the process that it stands in."""


def _folder(variable: str, default: Path) -> Path:
    return Path(os.environ.get(variable) or default)


def _file(variable: str) -> Path | None:
    return Path(value) if (value := os.environ.get(variable)) else None


def responses() -> Path:
    """FOV_RESPONSES: the folder of batches of answers (safe side). Default: the demo answers."""
    return _folder("FOV_RESPONSES", DEMO)


def practice() -> Path:
    """FOV_PRACTICE: the folder of what is read in for practice (safe side)."""
    return _folder("FOV_PRACTICE", ROOT / "practice")


def releases() -> Path:
    """FOV_RELEASE: the folder of numbered releases."""
    return _folder("FOV_RELEASE", ROOT / "releases")


def ledger() -> Path:
    """FOV_LEDGER: the folder of what each release was made of (safe side). For real
    answers it must lie elsewhere than in the project, where it is for the demonstration.
    """
    return _folder("FOV_LEDGER", ROOT / "ledger")


def registry() -> Path:
    """FOV_REGISTRY: the folder of the registry's tables."""
    return _folder("FOV_REGISTRY", ROOT / "data" / "registry")


def key() -> Path | None:
    """FOV_KEY: the file of the secret key (safe side). No default: real answers need one."""
    return _file("FOV_KEY")


def sign_in() -> Path | None:
    """FOV_SIGN_IN: the file that says how one signs in to the dashboard. Unsaid, it is open."""
    return _file("FOV_SIGN_IN")


def accounts() -> Path | None:
    """FOV_ACCOUNTS: the file of who may see the dashboard where one signs in to it."""
    return _file("FOV_ACCOUNTS")


def address() -> str:
    """FOV_ADDRESS: where readers find the dashboard, without a last slash; empty if unsaid."""
    said = os.environ.get("FOV_ADDRESS", "").rstrip("/")
    return said if not said or "://" in said else f"https://{said}"


def log_is_json() -> bool:
    """FOV_LOG: "json" where a program reads the log; plain text otherwise."""
    return os.environ.get("FOV_LOG") == "json"


def shut() -> bool:
    """Whether one has to sign in to the dashboard, but no door of this process asks for it."""
    return bool(sign_in() or accounts()) and os.environ.get(_DOOR) != str(os.getpid())


def door_stands() -> None:
    """Say that this process has a door."""
    os.environ[_DOOR] = str(os.getpid())
