"""placeholder"""

from fovdata.presentation.scene import Deck


def document(deck: Deck) -> bytes:
    """To come."""
    return deck.title.encode()
