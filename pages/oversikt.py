"""What is this and what does it say?"""

import streamlit as st

from fovdata import api, published, settings, wording
from fovdata import questionnaire as form
from fovdata.charts import gender, growth
from fovdata.dashboard import elements, show, taking_away, views
from fovdata.figures import changes, shares
from fovdata.markup import plain
from fovdata.selection import Selection

view = views.view()
st.title("Frågor om våld")
st.markdown(
    "Samordningsförbund i hela landet lämnar formuläret FOV till sina deltagare: sju frågor om "
    "psykiskt, fysiskt och sexuellt våld. Här är vad svaren säger, och var frågorna ställs."
)

totals = view.registry.totals()
grown = published.growth()
register = published.source("S-REP")
(answers,) = shares.number_of_answers(view.release, Selection())
years = view.release.categories["period"]
figures = (
    ("Samordningsförbund", wording.number(totals.federations), grown[-1].when, register.short),
    (
        "Regioner",
        f"{totals.regions} av {len(view.registry.regions)}",
        grown[-1].when,
        register.short,
    ),
    (
        "Kommuner",
        f"{totals.municipalities} av {len(view.registry.municipalities)}",
        grown[-1].when,
        register.short,
    ),
    (
        "Svar",
        wording.about(answers.n).removesuffix(" svar"),
        f"unika personer {years[0]}–{years[-1]}",
        show.kind_of_answers(view).lower(),
    ),
)
elements.key_figures((label, value, " · ".join(line)) for label, value, *line in figures)
show.loaded(view)
taking_away.report(view, tables=False)
st.caption(plain(changes.since_last(view.release, settings.releases(), view.registry)))

asked = shares.women_and_men(view.release, Selection())
found = [one for one in asked if form.BY_CODE[one.question] in form.KINDS]
show.answers_card(
    "kvinnor-och-man",
    gender.dumbbells(found, view.theme, published.shares(year=2022)),
    view,
    note="Våld av närstående, hela livet hittills. :gray-badge[Publicerad] av NNS för 2022: romb.",
    call=api.address("women-and-men", Selection()),
)
doubled = plain(wording.enumerated([one.name for one in view.registry.in_several]))
show.source_card(
    "tillvaxt",
    growth.growth(grown, view.theme),
    [published.source(one) for one in dict.fromkeys(row.source for row in grown)],
    ":gray-badge[Publicerad] Varje punkt står för sig och räknar som källan gör; ingen linje "
    f"binder ihop dem. {grown[-1].municipalities} är medlemskap: {totals.municipalities} olika "
    f"kommuner, för {doubled} står i två förbund.",
    api.address("published", Selection()),
)
show.source_card(
    "publicerade-svar",
    growth.answers(published.answers(), view.theme),
    [published.source(one) for one in dict.fromkeys(row.source for row in published.answers())],
    ":gray-badge[Publicerad] Talen räknar olika saker och bildar ingen serie; ingen källa stämmer "
    "av dem mot varandra.",
    api.address("published", Selection()),
)
show.standing_note()
