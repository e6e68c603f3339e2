"""The four charts in Panel, each a pane of Vega: python -m bench.peers.in_panel PORT."""

import sys

import panel as pn

from bench.peers.charts import FOLLOWING, OPTIONS, charts

pn.extension("vega")


def page() -> pn.Row:
    """What a visitor gets: widgets and panes of their own."""
    region = pn.widgets.MultiChoice(name="Region", options=OPTIONS, width=300)
    panes = [pn.pane.Vega(chart, sizing_mode="stretch_width") for chart in charts()]

    def follow(chosen: list[str]) -> None:
        for place in FOLLOWING:
            panes[place].object = charts(chosen)[place]

    pn.bind(follow, region, watch=True)
    return pn.Row(region, pn.Column(*panes, sizing_mode="stretch_width"))


pn.serve(page, port=int(sys.argv[1]), show=False)
