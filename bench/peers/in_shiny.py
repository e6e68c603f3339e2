"""The four charts in Shiny, each a widget of Altair's: python -m bench.peers.in_shiny PORT.

Altair's own bundle of Vega is served by the app, as it is told to where there is no network.
"""

import sys

import altair
from shiny import App, Inputs, Outputs, Session, reactive, run_app, ui
from shinywidgets import output_widget, register_widget

from bench.peers.charts import FOLLOWING, OPTIONS, charts

altair.JupyterChart.enable_offline()
NAMES = [f"chart_{place}" for place in range(len(charts()))]
AROUND = 60
"""Pixels that axes and legend take beside a chart's own height."""

page = ui.page_sidebar(
    ui.sidebar(ui.input_selectize("region", "Region", OPTIONS, multiple=True), width=332),
    *[
        output_widget(name, height=f"{chart['height'] + AROUND}px")
        for name, chart in zip(NAMES, charts(), strict=True)
    ],
)


def server(given: Inputs, _output: Outputs, _session: Session) -> None:
    """What a visitor gets: widgets of their own, which follow the filter."""
    widgets = [
        altair.JupyterChart(
            altair.Chart.from_dict(chart),
            embed_options={"actions": False},
            layout={"width": "100%"},
        )
        for chart in charts()
    ]
    for name, widget in zip(NAMES, widgets, strict=True):
        register_widget(name, widget)

    @reactive.effect
    @reactive.event(given.region, ignore_init=True)
    def _follow() -> None:
        for place in FOLLOWING:
            widgets[place].spec = charts(given.region())[place]


run_app(App(page, server), host="localhost", port=int(sys.argv[1]))
