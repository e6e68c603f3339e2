"""What the server shows: the release, the registry and the typeface."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from fovdata import registry as registries
from fovdata import responses, settings, wording
from fovdata.commands.checkup import Finding, fault, good, remark

if TYPE_CHECKING:
    from fovdata.figures.release import Release

FONTS = {
    "fovdata/dashboard/fonts/source-sans-3-5.3.0.woff2": b"wOF2",
    "fovdata/dashboard/fonts/icons.woff2": b"wOF2",
    "fovdata/dashboard/fonts/signs.woff2": b"wOF2",
    "fovdata/export/fonts/SourceSans3-Regular.otf": b"OTTO",
    "fovdata/export/fonts/SourceSans3-Semibold.otf": b"OTTO",
    "fovdata/export/fonts/SourceSans3-It.otf": b"OTTO",
}
"""The files of the typeface and what they begin with: some are served, the others draw."""

OLD = 400
"""Days after which a release is remarked upon: answers enter once a year."""


def release() -> Iterator[Finding]:
    """That there is a release that may be shown, which, of which kind, and how old."""
    from fovdata.figures.release import ReleaseUnreadable, current, numbered, open_release

    try:
        served = current(settings.releases())
        number, newest = [*numbered(settings.releases()).items()][-1]
    except ReleaseUnreadable as unreadable:
        yield fault(str(unreadable), "Utan en hel utgåva visar servern ingenting.")
        return
    kind = "syntetiska svar" if served.data == responses.SYNTHETIC else "verkliga svar"
    yield good(
        f"Utgåva {served.number} från {wording.day(served.date)} visas: hel, {kind}, gjord efter "
        "regler som inte är svagare än programmets."
    )
    if served.number != number:
        try:
            open_release(newest)
        except ReleaseUnreadable as unreadable:
            yield remark(
                f"Den nyaste utgåvan visas inte. {unreadable}", "Till dess visas den före."
            )
    if (days := (date.today() - served.date).days) > OLD:
        yield remark(
            f"Utgåvan är {wording.number(days)} dagar gammal.",
            "Se efter på den betrodda datorn om det finns en nyare att hämta hit.",
        )


def registry() -> Iterator[Finding]:
    """That the registry can be used, and knows the federations of the release."""
    from fovdata.figures.release import ReleaseUnreadable

    if faults := registries.check():
        yield fault(
            f"{len(faults)} fel i registret. Det första: {faults[0]}",
            "Se alla med: python -m fovdata registry check",
        )
        return
    members = registries.load()
    yield good(f"Registret är helt: {len(members.federations)} förbund.")
    try:
        asked = _served().categories["federation"]
    except ReleaseUnreadable:
        return
    if unknown := sorted(set(asked) - {one.slug for one in members.federations}):
        yield fault(
            f"Utgåvan har förbund som inte finns i registret: {', '.join(unknown)}.",
            "Låt FOV_REGISTRY peka på det register som utgåvan är gjord med.",
        )


def clock() -> Iterator[Finding]:
    """That the machine's day is not before the day of the release that is shown."""
    from fovdata.figures.release import ReleaseUnreadable

    today = date.today()
    try:
        made = _served().date
    except ReleaseUnreadable:
        yield remark(
            f"Datorns dag är {today}. Det finns ingen utgåva att jämföra med.",
            "Jämför med en klocka som går rätt.",
        )
        return
    if today < made:
        yield fault(
            f"Datorns dag är {today}, före utgåvans {made}.",
            "Ställ klockan, helst efter en tidsserver.",
        )
    else:
        yield good(f"Datorns dag är {today}, inte före utgåvans.")


def fonts() -> Iterator[Finding]:
    """That the typeface is there, for pages and for what is drawn."""
    wrong = []
    for name, first in FONTS.items():
        try:
            with (settings.ROOT / name).open("rb") as file:
                sound = file.read(len(first)) == first
        except OSError:
            sound = False
        if not sound:
            wrong.append(name)
    if wrong:
        yield fault(
            f"Typsnitt saknas eller är skadade: {', '.join(wrong)}.",
            "Hämta filerna på nytt ur programmet.",
        )
    else:
        yield good("Typsnittet finns, för sidor, bilder och PDF.")


def _served() -> "Release":
    from fovdata.figures.release import current

    return current(settings.releases())
