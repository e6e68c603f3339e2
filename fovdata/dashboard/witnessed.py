"""The exposure page's section on violence witnessed while growing up."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from fovdata import api, published
from fovdata import questionnaire as form
from fovdata.charts import exposure, hundred, ratios
from fovdata.dashboard import show
from fovdata.dashboard.views import View
from fovdata.figures import together
from fovdata.figures.release import Release
from fovdata.figures.together import Witnessed
from fovdata.selection import Selection


def section(view: View) -> None:
    """The cards that follow the filters; the whole country's where a selection is too small."""
    rules = view.release.rules
    st.header("Bevittnat våld under uppväxten", anchor=False)
    st.markdown(exposure.WITNESSED_LEAD)
    followed, found = together.witnessed_where_shown(view.release, view.selection)
    if followed != view.selection:
        show.too_few_together(view)
    else:
        st.empty()
    name, call = followed.short(view.registry), api.address("association", followed)
    card = partial(show.answers_card, view=view, selection=followed, call=call)
    exhibit = exposure.witnessed(found, view.theme, rules, published.association(), name)
    card("bevittnat", exhibit, note=exposure.witnessed_note(rules))

    of_question = {str(one.question): one for one in found}
    show.of_question(
        hundred.CHOOSE,
        "fraga",
        lambda question: card(
            "hundra",
            hundred.witnessed(of_question[question], view.theme, rules, name),
            note=hundred.note(of_question[question]),
        ),
        of_question,
    )
    exhibit = exposure.difference(found, view.theme, rules, name)
    card("skillnad-bevittnat", exhibit, note=exposure.DIFFERENCE_NOTE)

    adjusted, beside = together.adjusted(view.release), found if followed.chosen else ()
    exhibit = ratios.witnessed(
        adjusted, *women_and_men(view.release), view.theme, rules, beside, name
    )
    followed = followed if exhibit.beside else Selection()
    note = ratios.note(adjusted, followed.short(view.registry))
    card("kvot", exhibit, selection=followed, note=note, call=api.address("association", followed))


def women_and_men(release: Release) -> tuple[Sequence[Witnessed], Sequence[Witnessed]]:
    """The whole country's women and men, each by question."""
    found = together.witnessed(release, Selection(), by_gender=True)
    women, men = ([o for o in found if o.gender == g.code] for g in (form.WOMEN, form.MEN))
    return women, men
