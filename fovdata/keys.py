"""The secret key of the noise: made once, kept outside the repository and the release."""

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from fovdata import settings

SYNTHETIC_KEY = hashlib.sha256(b"FOV: synthetic answers only").digest()
"""The public key of the synthetic answers. It protects nobody, and nobody is in them."""

KEY_BYTES = 32


class KeyFault(Exception):
    """The key cannot be used; says in Swedish what to do."""


def make(path: Path, releases: Path) -> None:
    """Write a new random key that its owner alone can read; never over an old one.

    Raises KeyFault where it cannot be written, or may not lie: in the program or in ``releases``.
    """
    _apart(path, releases)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFault(
            f"{path} finns redan. Nyckeln görs en enda gång och byts aldrig: med en ny nyckel "
            "skulle samma svar få nya siffror, och skyddet gå att räkna bort."
        ) from None
    except OSError:
        raise _not_written(path) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    except OSError:
        path.unlink()  # half a key would stand in the way of a whole one
        raise _not_written(path) from None


def _not_written(path: Path) -> KeyFault:
    return KeyFault(
        f"Nyckeln kunde inte skrivas till {path}. Se efter att mappen finns, att du får "
        "skriva i den och att disken har plats."
    )


def fingerprint(secret: bytes) -> str:
    """What a key is known again by, 16 hex digits; nothing about the key follows from it."""
    return hmac.digest(secret, b"FOV: fingerprint", "sha256").hex()[:16]


def _apart(path: Path, releases: Path) -> None:
    """Refuse a key where it would be copied along with the program or with a release."""
    for folder in (settings.ROOT, releases):
        if path.resolve().is_relative_to(folder.resolve()):
            raise KeyFault(
                f"Nyckeln får inte ligga i {folder}: den följer med när mappen kopieras. "
                "Välj en mapp för sig, som bara du kan läsa."
            )


def read(path: Path | None, releases: Path) -> bytes:
    """The key for real answers, 32 bytes. It may not lie in the program or in ``releases``."""
    if path is None:
        raise KeyFault(
            "Verkliga svar kräver en hemlig nyckel. Ange dess fil i FOV_KEY; "
            "den görs en gång med: python -m fovdata key FIL"
        )
    _apart(path, releases)
    try:
        secret = path.read_bytes() if path.is_file() else b""
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        raise KeyFault(
            f"Nyckeln {path} går inte att läsa. Se efter att filen finns och att du får läsa den."
        ) from None
    if mode & 0o077:
        raise KeyFault(f"Nyckeln {path} kan läsas av andra. Kör: chmod 600 {path}")
    if len(secret) != KEY_BYTES:
        raise KeyFault(f"{path} är ingen nyckel: den ska vara {KEY_BYTES} byte lång.")
    if secret == SYNTHETIC_KEY:
        raise KeyFault("De syntetiska svarens nyckel är offentlig och gäller bara dem.")
    return secret
