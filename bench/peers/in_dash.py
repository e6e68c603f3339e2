"""The four charts in Dash, drawn by dash-vega-components: python -m bench.peers.in_dash PORT."""

import sys
from typing import Any

import waitress
from dash import Dash, Input, Output, dcc, html
from dash_vega_components import Vega

from bench.peers.charts import FOLLOWING, OPTIONS, charts

app = Dash()
app.layout = html.Div(
    [
        html.Div(dcc.Dropdown(OPTIONS, multi=True, id="region"), style={"width": 300}),
        html.Div(
            [
                Vega(
                    id=f"chart-{place}", spec=chart, opt={"actions": False}, style={"width": "100%"}
                )
                for place, chart in enumerate(charts())
            ],
            style={"flex": 1},
        ),
    ],
    style={"display": "flex", "gap": 32},
)


@app.callback(
    [Output(f"chart-{place}", "spec") for place in FOLLOWING],
    Input("region", "value"),
    prevent_initial_call=True,
)
def follow(chosen: list[str] | None) -> list[dict[str, Any]]:
    """The charts that follow the filter."""
    return [charts(chosen)[place] for place in FOLLOWING]


waitress.serve(app.server, host="localhost", port=int(sys.argv[1]))
