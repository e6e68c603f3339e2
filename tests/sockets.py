"""What the server sends over its socket to a browser that opens a page."""

from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from fovdata.dashboard.navigation import Page


def opened(address: str, page: Page, **chosen: str) -> str:
    """Everything that the server sends to a browser which opens a page, as one text."""
    where = f"ws://{address}/_stcore/stream"
    with connect(where, subprotocols=[Subprotocol("streamlit")], max_size=None) as browser:
        return drawn(browser, page, **chosen)


def drawn(browser: ClientConnection, page: Page, **chosen: str) -> str:
    """The same over a socket that is open."""
    asked = BackMsg()
    asked.rerun_script.page_name = page.url
    asked.rerun_script.query_string = urlencode(chosen)
    browser.send(asked.SerializeToString())
    sent: list[str] = []
    while True:
        message = ForwardMsg.FromString(browser.recv(timeout=30))
        # Letters beyond ASCII are written as the bytes of UTF-8, in octal.
        octal = repr(message).encode().decode("unicode_escape")
        sent.append(octal.encode("latin-1").decode(errors="replace"))
        if message.WhichOneof("type") == "script_finished":
            return "\n".join(sent)
