"""Which answers are read in, and where to: real ones, or ones made up for practice.

The two never meet: real answers need the secret key and a folder outside the project, and what
is read in for practice is marked synthetic and lies apart, under the key that protects nobody.
"""

from dataclasses import dataclass
from pathlib import Path

from fovdata import keys, responses, settings


class PlaceFault(Exception):
    """Real answers have nowhere to go; says in Swedish what to do."""


@dataclass(frozen=True)
class Place:
    """A folder of batches, the key of the answers' ids, and the kind of answers kept there."""

    folder: Path
    secret: bytes
    data: str

    @property
    def practice(self) -> bool:
        """Whether what is read in is marked synthetic."""
        return self.data == responses.SYNTHETIC


def practice() -> Place:
    """Where anybody can try the way out with forms that are made up."""
    return Place(settings.practice(), keys.SYNTHETIC_KEY, responses.SYNTHETIC)


def real() -> Place:
    """Where real answers go: FOV_RESPONSES, under the key in FOV_KEY.

    Raises PlaceFault where the folder is not named, or lies where it would be copied along with
    the program or a release, and KeyFault where the key cannot be used.
    """
    folder = settings.responses()
    if folder == settings.DEMO:
        raise PlaceFault(
            "Ange mappen för verkliga svar i FOV_RESPONSES. För att öva med påhittade svar: "
            "--practice"
        )
    for outer in (settings.ROOT, settings.releases()):
        if folder.resolve().is_relative_to(outer.resolve()):
            raise PlaceFault(
                f"Svaren får inte ligga i {outer}: de följer då med när mappen kopieras. "
                "Ange en mapp för sig i FOV_RESPONSES."
            )
    return Place(folder, keys.read(settings.key(), settings.releases()), responses.REAL)
