"""The little HTML of our own on a page, where Streamlit's elements take longer to draw.

The only place that shows HTML; every text in it goes through ``in_html``.
"""

from collections.abc import Iterable

import streamlit as st

from fovdata.markup import in_html


def small_print(name: str, mark: str, line: str, shown: str) -> None:
    """A card's line with its mark and the link to the card's view, below a chart.

    Before them, for who does not see the chart, ``shown``: what it shows in words, if anything.
    """
    parts = [f'<p class="unseen">{in_html(shown)}</p>'] if shown else []
    parts.append('<p class="small-print">')
    if mark:
        parts.append(f"<mark>{in_html(mark)}</mark> ")
    parts.append(f'{in_html(line)} · <a href="#{in_html(name)}">Kopiera länk</a></p>')
    st.html("".join(parts))


def key_figures(figures: Iterable[tuple[str, str, str]]) -> None:
    """Large numbers: each with what it counts before it, as of when and from where below."""
    drawn = (
        f"<div><dt>{in_html(label)}</dt><dd>{in_html(value)}</dd><dd>{in_html(line)}</dd></div>"
        for label, value, line in figures
    )
    st.html(f'<dl class="key-figures">{"".join(drawn)}</dl>')


def closed_filter(label: str, value: str, reason: str) -> None:
    """A filter in which nothing can be chosen, greyed out."""
    st.html(
        f'<label class="closed-filter" title="{in_html(reason)}">{in_html(label)}'
        f'<input value="{in_html(value)}" disabled></label>'
    )
