"""The little HTML of our own on a page, where Streamlit's elements take longer to draw.

The only place that shows HTML; every text in it goes through ``in_html``.
"""

from collections.abc import Iterable

import streamlit as st

from fovdata.markup import in_html


def unseen(text: str) -> None:
    """What a chart shows, in words for who does not see it."""
    st.html(f'<p class="unseen">{in_html(text)}</p>')


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
