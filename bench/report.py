"""What a measurement says: a chapter of docs/benchmarks.md, and its lines in the first table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A goal, what was found, and whether that reaches it; ``because`` says what stands between."""

    what: str
    goal: str
    found: str
    reached: bool
    because: str = ""


@dataclass(frozen=True)
class Chapter:
    """``how`` is a paragraph on what was measured against what, ``body`` what was found."""

    title: str
    how: str
    body: str
    goals: Sequence[Goal] = ()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def page(head: str, chapters: Sequence[Chapter]) -> str:
    """The whole page: the goals by their names first, then what was measured and how."""
    goals = sorted(
        (goal for chapter in chapters for goal in chapter.goals), key=lambda goal: goal.what
    )
    verdict = table(
        ("", "goal", "found", "reached"),
        [(one.what, one.goal, one.found, "yes" if one.reached else "**no**") for one in goals],
    )
    why = [f"- {one.what}: {one.because}" for one in goals if one.because]
    texts = [f"## {one.title}\n\n{one.how}\n\n{one.body}" for one in chapters]
    return "\n\n".join((head, verdict, *(["\n".join(why)] if why else []), *texts)) + "\n"
