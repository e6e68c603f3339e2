"""Can I trust it?"""

import streamlit as st

from fovdata import published
from fovdata import questionnaire as form
from fovdata.charts import growth
from fovdata.dashboard import method, show, views
from fovdata.responses import SYNTHETIC

view = views.view()
rules = view.release.rules
st.title("Metod och data")
st.markdown("Går det att lita på siffrorna? Så är de gjorda, och så kan de läsas.")
show.loaded(view)
if view.release.data == SYNTHETIC:
    st.markdown(method.synthetic())

st.header("Vad som räknas", anchor="definitioner")
st.markdown(method.definitions())

st.header("Svar som saknas", anchor="svar-som-saknas")
st.markdown(method.missing_answers())

st.header("Formuläret FOV", anchor="formular")
st.markdown(f"”{form.OPENING}” Varje fråga besvaras med Ja eller Nej.")
show.table(
    [{"Fråga": q.number, "Formulärets ord": q.wording, "Kort": q.short} for q in form.QUESTIONS]
)

st.header("Röjandekontroll", anchor="rojandekontroll")
st.markdown(f"{method.disclosure(rules)}\n\n{method.offered(view.release)}")
show.table(method.parameters(rules))

st.header("Statistik", anchor="statistik")
st.markdown(f"{method.statistics()}\n\n{method.precision_of_intervals()}")

st.header("Förbund jämförda", anchor="jamforelser")
st.markdown(method.comparisons())

st.header("Källorna, och var de säger emot varandra", anchor="kallor")
for contradiction in method.contradictions(view.registry):
    st.markdown(f"- {contradiction}")
show.table(
    [
        {"Källa": source.title, "Utgivare": source.publisher, "Datum": source.date or "–"}
        for source in published.sources()
    ]
)

st.header("Vad NNS har publicerat om svaren", anchor="publicerat")
st.markdown("Talen räknar olika saker och bildar ingen serie.")
show.table(growth.answers_table(published.answers()).shown.to_dict("records"))
show.table(method.experience())

st.header("Andra undersökningar", anchor="andra")
st.markdown(
    "Ingen av dem frågar som FOV: hela livet, av någon närstående. De går därför inte att jämföra "
    "rakt av; kolumnen Jämförbarhet säger hur långt det räcker."
)
show.table(method.references())

st.header("Stöd", anchor="stod")
show.table(method.support())

st.header("Data att hämta", anchor="data")
st.markdown(
    "Varje kort har en fil i CSV, under Tabell och filer. De flesta siffror finns också för "
    "program: [`/api/v1/shares`](/api/v1/shares), "
    "[`/api/v1/women-and-men`](/api/v1/women-and-men), "
    "[`/api/v1/association`](/api/v1/association), "
    "[`/api/v1/comparison`](/api/v1/comparison), [`/api/v1/coverage`](/api/v1/coverage) och "
    "[`/api/v1/published`](/api/v1/published), som JSON, CSV (`?format=csv`) eller JSON-stat 2.0 "
    "(`?format=json-stat`). [Beskrivningen](/api/v1/openapi.json) följer OpenAPI; där "
    "det finns ett anrop står det under kortets tabell."
)
show.registry_files()

show.standing_note()
