"""Who has been exposed to what, and how does witnessing violence as a child go with it?"""

import streamlit as st

from fovdata import api
from fovdata.charts import exposure, times
from fovdata.dashboard import forms, show, taking_away, views, witnessed
from fovdata.figures import explanations, shares, together
from fovdata.selection import Selection

country = views.country(sections=True)
release, theme = country.release, country.theme
st.title("Utsatthet")
st.markdown("Vem har utsatts för vad, och hur hör det ihop med att ha bevittnat våld som barn?")


def selected(view: views.View) -> None:
    """What follows the filters."""
    show.selection_line(view)

    st.header("De sju frågorna", anchor=False)
    own = shares.shares(view.release, view.selection) if view.selection.chosen else ()
    exhibit = exposure.questions(
        shares.shares(view.release, Selection()), view.theme, own, view.name
    )
    followed = view.selection if exhibit.beside else Selection()
    call = api.address("shares", followed)
    show.answers_card("fragor", exhibit, view, followed, exposure.QUESTIONS_NOTE, call=call)
    if federation := view.one_federation:
        of_years = shares.latest_and_earlier(view.release, federation)
        years, why = view.release.categories["period"], explanations.latest_year(view.release)
        exhibit = times.latest_and_earlier(of_years, years, view.theme, view.name, why)
        show.answers_card("senaste-aret", exhibit, view, view.selection, times.YEARS_NOTE)
    else:
        st.empty()
    witnessed.section(view)


views.followed(selected, country)
for column, of_gender in zip(st.columns(2), witnessed.women_and_men(release), strict=True):
    gender = str(of_gender[0].gender)
    exhibit = exposure.witnessed(of_gender, theme, release.rules)
    with column:
        show.answers_card(f"bevittnat-{gender}", exhibit, country, Selection(gender=(gender,)))

st.header("Flera slag av våld", anchor=False)
exhibit = exposure.any_experience(together.any_experience(release, by_gender=True), theme)
show.answers_card("minst-ett-ja", exhibit, country, note=exposure.ANY_NOTE)
exhibit = exposure.kinds(together.kinds(release, by_gender=True), theme)
show.answers_card("slag", exhibit, country, note=exposure.KINDS_NOTE)
exhibit = exposure.pairs(together.pairs(release), theme, release.rules)
show.answers_card("par", exhibit, country)

forms.first_and_repeat(country)
taking_away.workbook_button(country, "Utsatthet", "utsatthet")
show.standing_note()
