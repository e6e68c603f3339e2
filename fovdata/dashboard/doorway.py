"""What readers see at the door: how to sign in, and why they are not let in."""

from html import escape

from starlette.responses import HTMLResponse, Response

from fovdata.dashboard.document import plain
from fovdata.dashboard.frame import CONTENT_NOTE
from fovdata.dashboard.navigation import SITE

CLOSED = "Du är inte inloggad, eller inte längre. Ladda om sidan och logga in."
"""To whatever is no page."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


def sign_in(address: str) -> Response:
    """At the address of any page: ``address`` leads to the provider and back to it."""
    words = (
        f"<p>{SITE} visas för dem som har fått tillgång. {CONTENT_NOTE}</p>"
        f"{_link('Logga in', address)}"
    )
    return _page("Logga in", words, 401)


def signed_out(address: str) -> Response:
    """After signing out; ``address`` leads in again."""
    words = (
        "<p>Är datorn inte din egen: logga också ut från det konto du loggade in med, eller stäng "
        f"webbläsaren.</p>{_link('Logga in igen', address)}"
    )
    return _page("Du är utloggad", words, 200)


def not_allowed(account: str, address: str) -> Response:
    """To somebody whose account is not on the list; ``account`` is empty if it has no address."""
    who = (
        f"Du är inloggad som <strong>{escape(account)}</strong>, som inte finns bland dem"
        if account
        else "Kontot har ingen bekräftad e-postadress, och finns därför inte bland dem"
    )
    words = (
        f"<p>{who} som får se sidorna. Fråga den som sköter tjänsten, eller logga in med ett annat "
        f"konto.</p>{_link('Logga in med ett annat konto', address)}"
    )
    return _page("Kontot får inte komma in", words, 403)


def not_through(address: str) -> Response:
    """Where a sign-in was broken off, or is too old, or is not what was asked for."""
    words = (
        f"<p>Den avbröts eller tog för lång tid. Börja om härifrån.</p>{_link('Logga in', address)}"
    )
    return _page("Inloggningen blev inte klar", words, 400)


def down() -> Response:
    """Where the provider does not answer."""
    words = (
        "<p>Den tjänst som man loggar in med svarar inte just nu. Försök igen om en stund. "
        "Hjälper det inte: säg till den som sköter tjänsten.</p>"
    )
    return _page("Det går inte att logga in just nu", words, 503)


def misset() -> Response:
    """Where the list of accounts cannot be used any more; the log says why."""
    words = (
        "<p>Inloggningen är inte rätt inställd. Säg till den som sköter tjänsten: varför står i "
        "serverns logg.</p>"
    )
    return _page("Det går inte att logga in just nu", words, 503)


def _link(words: str, address: str) -> str:
    return f'<p><a class="button" href="{escape(address)}">{words}</a></p>'


def _page(title: str, words: str, status: int) -> Response:
    return HTMLResponse(plain(title, words), status, {"Content-Security-Policy": _POLICY})
