"""What is not shown explains itself: by a button for everybody, and in a chart by a click."""

from collections.abc import Mapping, Sequence

import streamlit as st

from fovdata.charts.exhibit import Exhibit, Withheld
from fovdata.figures import explanations
from fovdata.figures.explanations import Explanation
from fovdata.markup import plain
from fovdata.rules import Rules
from fovdata.selection import Selection


def popover(label: str, explained: Mapping[str, Explanation]) -> None:
    """A button that opens the explanations of what is not shown, by what it is.

    Enter opens it and Esc closes it, and unlike a dialog it leaves the quick way out open.
    """
    with st.popover(label, icon=":material/help:"):
        st.markdown(said(explained))


def said(explained: Mapping[str, Explanation]) -> str:
    """What is not shown, each with its explanation, as Markdown."""
    return "\n\n".join(f"**{plain(what)}**  \n{in_full(one)}" for what, one in explained.items())


def in_full(explanation: Explanation) -> str:
    """The rule and what would show it, as Markdown."""
    return f"{explanation.why}  \n*Så kan det visas:* {explanation.opens}"


def of_values(
    values: Sequence[Withheld], exhibit: Exhibit, rules: Rules, selection: Selection
) -> Mapping[str, Explanation]:
    """Withheld values of an exhibit of ``selection``; those with one explanation together."""
    groups: dict[Explanation, list[Withheld]] = {}
    for value in values:
        groups.setdefault(_of_value(value, exhibit, rules, selection), []).append(value)
    return {_named(group, exhibit): explanation for explanation, group in groups.items()}


def _of_value(value: Withheld, exhibit: Exhibit, rules: Rules, selection: Selection) -> Explanation:
    if value.limit:
        return explanations.coded(value.limit, rules, selection)
    return explanations.hidden(rules, selection, exhibit.reason)


def _named(group: Sequence[Withheld], exhibit: Exhibit) -> str:
    """Values by what stands in their place: "För få svar: Fysiskt våld (Kvinnor, Män)"."""
    if len(group) == len(exhibit.table.file_rows):
        return "Alla värden i kortet"
    lines = []
    for said in dict.fromkeys(one.said for one in group):
        rows: dict[str, list[str]] = {}
        for row, *others in (one.names for one in group if one.said == said):
            rows.setdefault(row, []).extend(others)
        named = [f"{row} ({', '.join(others)})" if others else row for row, others in rows.items()]
        lines.append(f"{said[0].upper()}{said[1:]}: {', '.join(named)}")
    return "  \n".join(lines)
