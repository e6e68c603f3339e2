"""What adding a file would do, said before it is done; the button that does it; the receipt."""

from collections.abc import Sequence

import streamlit as st

from fovdata import batches, wording
from fovdata.batches import Batch, Comparison, Missing
from fovdata.desk import frame, state
from fovdata.desk.state import Receipt
from fovdata.intake import receiving
from fovdata.intake.places import Place
from fovdata.intake.receiving import Received
from fovdata.rules import RULES

ANYWAY = "Jag vill läsa in den äldre ändå"


def said(one: Received, place: Place) -> bool:
    """Say at the top what adding a faultless file would do; whether there is more to decide.

    An older version of a file, and a file that holds nothing new, go no further by themselves.
    Raises StoreFault.
    """
    comparison = one.comparison
    if comparison is None:
        return False
    forms = f"{wording.number(one.checked.rows)} formulär. Inga fel."
    if newer := replaced_by(comparison, batches.listed(place.folder)):
        day = wording.day(newer.about.made.astimezone().date())
        st.warning(
            "**Den här filen är en äldre version:** den lästes in som nummer "
            f"{comparison.source_known} och ersattes av nummer {newer.number} den {day}. Har du "
            "valt fel fil? Välj den nyare."
        )
        return st.checkbox(ANYWAY)
    if _nothing_new(comparison):
        where = f", som nummer {comparison.source_known}" if comparison.source_known else ""
        st.info(f"{forms} **Allt i filen är redan inläst{where}.** Det finns inget att läsa in.")
        return comparison.asks and st.checkbox(
            f"Jag vill ta bort {_earlier(comparison.missing)} som inte finns i filen"
        )
    if comparison.asks:
        st.warning(f"{forms} **{comparison.words}.** Längst ner finns en fråga att svara på först.")
    else:
        st.success(f"{forms} **{comparison.words}.** {_meaning(comparison)}")
    return True


def replaced_by(comparison: Comparison, found: Sequence[Batch]) -> Batch | None:
    """The import that replaced the one that this very file made; None where none did."""
    return next((batch for batch in found if comparison.source_known in batch.replaces), None)


def _nothing_new(comparison: Comparison) -> bool:
    return not comparison.new and not comparison.changed


def _earlier(number: int) -> str:
    """ "30 tidigare svar"."""
    return f"{wording.number(number)} tidigare svar"


def _meaning(comparison: Comparison) -> str:
    if comparison.changed:
        return "Filen är en nyare version av en som är inläst: de ändrade ersätter de gamla."
    return "De som redan är inlästa räknas inte två gånger." if comparison.known else ""


def adding(one: Received, place: Place) -> None:
    """What becomes of earlier answers, who adds the file, and the button. Raises StoreFault."""
    comparison = one.comparison
    if comparison is None:
        return
    st.subheader("Läs in", anchor=False)
    st.markdown(f"**{comparison.words}.** {_meaning(comparison)}")
    missing = _missing(comparison) if comparison.asks else None
    role = frame.role("Vem läser in?")
    # A button of its own for what is shown: a press of one that showed something else is none.
    if st.button(
        button(comparison, missing),
        type="primary",
        disabled=comparison.asks and missing is None,
        key=f"add-{comparison}-{missing}",
    ):
        batch = receiving.add(one, place, role, missing)
        removed = gone(comparison, batch, batches.listed(place.folder))
        state.added(Receipt(batch, comparison, removed))
        st.rerun()


def removing(main: bool) -> None:
    """The way to take the file away; ``main`` where nothing else is left to do."""
    st.button("Ta bort filen", on_click=state.drop_file, type="primary" if main else "secondary")


def button(comparison: Comparison, missing: Missing | None) -> str:
    """What the button does: how many forms come, and how many earlier answers go."""
    forms = comparison.new + comparison.changed
    add = f"Läs in {wording.number(forms)} formulär"
    if missing != "replace":
        return add
    # How many of the earlier ones are like new ones, and go with them, nobody has counted.
    going = _earlier(comparison.missing) if not comparison.alike else "de tidigare svaren"
    return f"{add} och ta bort {going}" if forms else f"Ta bort {going}"


def _missing(comparison: Comparison) -> Missing | None:
    """The answer to what the comparison asks; None until somebody has chosen."""
    earlier = _earlier(comparison.missing)
    if _nothing_new(comparison):  # to take away is all that is left to do with such a file
        st.warning(f"{earlier} tas bort och kommer inte tillbaka härifrån.")
        return "replace"
    st.warning(comparison.question)
    said = comparison.choices
    become = {"replace": f"{earlier} tas bort", "keep": f"{earlier} ligger kvar"}
    return st.radio(
        "Vad ska hända med dem?",
        [*said],
        index=None,
        format_func=lambda code: said[code],
        captions=None if comparison.alike else [become[code] for code in said],
        key=f"missing-{comparison}",
    )


def gone(comparison: Comparison, batch: Batch | None, found: Sequence[Batch]) -> int:
    """How many earlier answers an import took away for good, its corrected ones aside."""
    if batch is None:
        return 0
    before = sum(one.answers for one in found if one.number in batch.replaces)
    came = comparison.new + comparison.changed
    return before - (batch.answers - came) - comparison.changed if batch.replaces else 0


def receipt(done: Receipt, place: Place) -> None:
    """What the file became, and what happens next."""
    if done.batch is None:
        st.info("Ingenting ändrades: allt i filen var redan inläst.")
    else:
        st.success(became(done))
        st.markdown(f"**Vad händer nu?** {what_next(place)}")
    st.button("Läs in en fil till", on_click=state.next_file, type="primary")


def became(done: Receipt) -> str:
    """ "Inläst som nummer 2, som ersätter nummer 1: 10 nya, 1 ändrad, 29 som redan fanns." """
    comparison, batch = done.comparison, done.batch
    assert batch is not None
    counted = [
        (comparison.new, "ny" if comparison.new == 1 else "nya"),
        (comparison.changed, "ändrad" if comparison.changed == 1 else "ändrade"),
        (comparison.known, "som redan fanns"),
    ]
    forms = ", ".join(f"{wording.number(number)} {what}" for number, what in counted if number)
    if not batch.replaces:
        return f"Inläst som **nummer {batch.number}**: {forms}."
    replaced = wording.enumerated([str(number) for number in batch.replaces])
    return (
        f"Inläst som **nummer {batch.number}**, som ersätter nummer {replaced}: {forms}. "
        f"{wording.number(done.removed)} svar togs bort."
    )


def what_next(place: Place) -> str:
    """When the answers enter the figures, and what to do with the file."""
    if place.practice:
        return "Det här var en övning. Svaren kommer inte med i några siffror."
    return (
        "Svaren kommer med i en utgåva när året är slut och förbundet har minst "
        f"{wording.in_words(RULES.batch)} nya svar; annars väntar de. Behåll filen, lika säkert "
        "som formulären, så länge du kan behöva rätta eller fylla på; ta sedan bort den."
    )
