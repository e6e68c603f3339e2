"""Every element of a recorded page, ready-made: what Streamlit needs with no program behind it."""

from base64 import b64decode
from collections.abc import Sequence
from functools import cache

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from bench import bare

SIDEBAR = 1
"""What a place on the page begins with there."""

found = bare.recording()


@cache
def sent(option: str) -> Sequence[ForwardMsg]:
    """The messages that draw the page, below the filter if there is one."""
    messages = [ForwardMsg.FromString(b64decode(one)) for one in found.messages[option]]
    for message in messages:
        place = [*message.metadata.delta_path]
        if place[0] == SIDEBAR and len(place) > 1:
            place[1] += bool(found.label)
        message.metadata.delta_path[:] = place
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("multiselect", "selectbox") and getattr(element, kind).label == found.label:
            element.empty.SetInParent()
    return messages


st.set_page_config(layout="wide")
with st.sidebar:
    chosen = bare.ask(found)
context = get_script_run_ctx()
assert context
for ready in sent(chosen):
    message = ForwardMsg()
    message.CopyFrom(ready)
    message.metadata.active_script_hash = ThreadState.get().active_script_hash
    context.enqueue(message)
