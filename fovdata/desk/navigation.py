"""The desk's pages, each declared once."""

from dataclasses import dataclass
from pathlib import Path

DESK = "Mottagningen"


@dataclass(frozen=True)
class Task:
    """A page of the desk."""

    file: str
    title: str
    url: str

    @property
    def path(self) -> Path:
        """The page's script."""
        return Path(__file__).parent / "tasks" / self.file


READ, REGISTER, DONE = TASKS = (
    Task("read.py", "Läs in en fil", ""),
    Task("register.py", "Registrera formulär", "registrera"),
    Task("done.py", "Inläst", "inlast"),
)
"""In the order of the menu; the first is the start page."""
