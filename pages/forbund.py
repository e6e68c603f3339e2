"""How are we doing here, beside region and country?"""

from dataclasses import replace

import streamlit as st

from fovdata import api
from fovdata.charts import comparison, gender, respondents
from fovdata.dashboard import elements, federations, filters, forms, show, taking_away, views
from fovdata.figures import comparisons, shares, summary
from fovdata.markup import plain

country = views.country(sections=True)
st.title("Förbund")
st.markdown("Hur har vi det hos oss, bredvid regionen och landet – och är skillnaden verklig?")


def selected(start: views.View) -> None:
    """The federation that is chosen, and what stands beside it."""
    chosen = federations.ask(start)
    view, slug = chosen.view, chosen.federation.slug
    release, rules = view.release, view.release.rules
    found = comparisons.of_federation(release, slug)

    federations.head(chosen)
    elements.key_figures(federations.key_figures(chosen, found))
    if chosen.n is None:
        federations.missing(chosen)
    sentences = summary.of_federation(release, slug, view.registry)
    st.markdown("\n".join(f"- {plain(one)}" for one in sentences))
    taking_away.report(view, chosen.federation)

    st.header("Bredvid region och land", anchor=False)
    genders = filters.ask_gender(release)
    selection = replace(view.selection, gender=genders)
    of_genders = comparisons.of_federation(release, slug, genders) if genders else found
    whom = federations.whom(chosen, of_genders, genders)
    show.answers_card(
        "jamforelse",
        comparison.beside(of_genders, whom, view.theme, rules),
        replace(view, selection=selection),
        selection,
        comparison.note(of_genders, whom),
        call=api.address("comparison", selection),
    )
    if chosen.n is not None:
        of_gender = shares.women_and_men(release, view.selection)
        exhibit = gender.dumbbells(of_gender, view.theme, selection=whom.federation)
        show.answers_card(
            "kvinnor-och-man-har",
            replace(exhibit, alone=True),
            view,
            view.selection,
            "Punkt: andelen Ja. Streck: 95 % intervall.",
            call=api.address("women-and-men", view.selection),
        )

    st.header("Vilka har svarat?", anchor=False)
    show.answers_card(
        "svarande",
        respondents.who_answered(federations.respondents_beside(chosen), view.theme),
        view,
        view.selection,
        respondents.NOTE,
    )

    st.header("Hur många svar behövs?", anchor=False)
    st.markdown(federations.openings(chosen))
    federations.precision_card(chosen)


views.followed(selected, country)
forms.first_and_repeat(country)
show.standing_note()
