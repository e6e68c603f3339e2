"""Who may come to the intake desk: nobody, unless it is said how it was started and to whom."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from streamlit import config
from streamlit.testing.v1 import AppTest

from fovdata import settings
from fovdata.desk import entrance, server, serving
from fovdata.desk.entrance import CLOSED, Mode
from fovdata.desk.navigation import TASKS
from fovdata.desk.serving import ServeFault
from fovdata.signing_in import AT_MOST, SignInFault

DESK = settings.ROOT / "fovdata" / "desk"
SCRIPTS = (DESK / "main.py", *(task.path for task in TASKS))

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGN_IN = {
    "redirect_uri": "https://mottagningen.example/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "mottagningen",
    "client_secret": "hemlig",
    "server_metadata_url": "https://inloggning.example/.well-known/openid-configuration",
}


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (
        entrance.MODE,
        entrance.PRACTICE,
        entrance.ACCOUNTS,
        entrance.SIGN_IN,
        serving.ADDRESS,
    ):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write the list of accounts and say where it is."""

    def write(text: str) -> Path:
        file = tmp_path / "konton.txt"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        monkeypatch.setenv(entrance.ACCOUNTS, str(file))
        return file

    return write


@pytest.fixture
def sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write how one signs in and say where that is; a setting that is None is left out."""

    def write(**changed: str | None) -> Path:
        file = tmp_path / "inloggning.toml"
        lines = [f'{name} = "{said}"' for name, said in {**SIGN_IN, **changed}.items() if said]
        file.write_text("\n".join(["[auth]", *lines]), encoding="utf-8")
        monkeypatch.setenv(entrance.SIGN_IN, str(file))
        return file

    return write


# The door: what is answered at all


def _is_open(host: str = "localhost:8502", client: str = "127.0.0.1", **headers: str) -> bool:
    """Whether a page and a socket are answered; never one without the other."""
    reached: list[str] = []
    sent: list[Message] = []

    async def behind(scope: Scope, _: Receive, __: Send) -> None:
        reached.append(scope["type"])

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"host": host, **{name.replace("_", "-"): said for name, said in headers.items()}}
    raw = [(name.encode(), said.encode()) for name, said in given.items()]
    door = server.Door(behind)
    for kind in ("http", "websocket"):
        scope = {"type": kind, "path": "/", "headers": raw, "client": (client, 50000)}
        asyncio.run(door(scope, receive, send))
    if reached == ["http", "websocket"]:
        return True
    assert not reached
    assert [m.get("status", m.get("code")) for m in sent] == [403, None, 1008]
    assert sent[1]["body"].decode() == CLOSED
    return False


def test_nobody_is_answered_when_nobody_has_said_how_the_desk_was_started() -> None:
    assert not _is_open()


def test_an_unknown_way_to_start_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(entrance.MODE, "open")
    assert not _is_open()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({}, True),
        ({"host": "127.0.0.1:8502"}, True),
        ({"client": "::1"}, True),
        ({"client": "192.168.1.7"}, False),
        ({"host": "fov.example:8502"}, False),  # a name that leads here, from another site
        ({"x_forwarded_for": "203.0.113.9"}, False),  # a proxy lets others in
        ({"forwarded": "for=203.0.113.9"}, False),
    ],
)
def test_at_one_s_own_machine_only_that_machine_is_answered(
    asked: Mapping[str, str], answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(entrance.MODE, Mode.OWN_MACHINE)
    assert _is_open(**asked) is answered


def test_a_service_is_answered_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(entrance.MODE, Mode.SERVICE)
    assert _is_open("mottagningen.example", "203.0.113.9")


# The scripts: what is shown, whoever started them and however


def _shows_nothing(script: Path) -> AppTest:
    seen = AppTest.from_file(str(script), default_timeout=20).run()
    assert not seen.exception
    assert not seen.get("file_uploader")
    assert not seen.get("table")
    assert not seen.get("text_input")
    return seen


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_shows_anything_unless_it_is_said_how_the_desk_was_started(script: Path) -> None:
    assert [error.value for error in _shows_nothing(script).error] == [CLOSED]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_shows_anything_on_another_address_without_signing_in(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(entrance.MODE, Mode.OWN_MACHINE)
    monkeypatch.setenv(entrance.PRACTICE, "1")
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        assert [error.value for error in _shows_nothing(script).error] == [CLOSED]
    finally:
        config.set_option("server.address", before)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_service_shows_how_to_sign_in_and_nothing_else(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(entrance.MODE, Mode.SERVICE)
    monkeypatch.setenv(entrance.PRACTICE, "1")
    seen = _shows_nothing(script)
    assert [title.value for title in seen.title] == ["Logga in"]
    assert [button.label for button in seen.button] == ["Logga in"]


def test_streamlit_runs_no_script_of_the_desk_by_its_address_alone() -> None:
    # It does so with whatever lies in a folder called pages beside the main script.
    assert not (DESK / "pages").exists()


# Who is let in


def _claims(**changed: object) -> Mapping[str, object]:
    usual = {"is_logged_in": True, "iat": NOW.timestamp() - 60, "email": "anna@forbund.example"}
    return {**usual, **changed}


@pytest.mark.parametrize(
    ("claims", "signed_in"),
    [
        (_claims(), True),
        ({}, False),
        (_claims(is_logged_in=False), False),
        (_claims(is_logged_in="true"), False),  # what a header could say
        (_claims(iat=None), False),
        (_claims(iat=(NOW - AT_MOST + timedelta(minutes=1)).timestamp()), True),
        (_claims(iat=(NOW - AT_MOST).timestamp()), False),
    ],
)
def test_a_sign_in_is_good_for_half_a_day(claims: Mapping[str, object], signed_in: bool) -> None:
    assert entrance.signed_in(claims, NOW) is signed_in


@pytest.mark.parametrize(
    ("claims", "allowed"),
    [
        (_claims(), True),
        (_claims(email="Anna@Forbund.example"), True),
        (_claims(email_verified=True), True),
        (_claims(email_verified=False), False),
        (_claims(email_verified="false"), False),
        (_claims(email_verified=None), False),
        (_claims(email="eva@forbund.example"), False),
        (_claims(email="anna@forbund.example.org"), False),
        (_claims(email=None), False),
        ({"is_logged_in": True}, False),
    ],
)
def test_an_account_is_let_in_by_its_verified_address_on_the_list(
    claims: Mapping[str, object], allowed: bool
) -> None:
    assert entrance.is_allowed(claims, frozenset({"anna@forbund.example"})) is allowed


def test_the_list_of_accounts_is_one_address_a_line(accounts: Callable[[str], Path]) -> None:
    accounts("Anna@forbund.example\n\n# Kontaktpersoner\n  eva@nns.example  \n")
    assert entrance.accounts() == {"anna@forbund.example", "eva@nns.example"}


def test_a_list_without_anybody_lets_nobody_in(accounts: Callable[[str], Path]) -> None:
    accounts("# ännu ingen\n")
    with pytest.raises(SignInFault, match="är tom"):
        entrance.accounts()


def test_a_list_that_others_can_change_is_not_used(accounts: Callable[[str], Path]) -> None:
    accounts("anna@forbund.example").chmod(0o666)
    with pytest.raises(SignInFault, match="kan ändras av andra"):
        entrance.accounts()


# Starting


@pytest.mark.parametrize(
    ("changed", "said"),
    [({name: None}, f"saknas: {name}") for name in SIGN_IN]
    + [
        ({"cookie_secret": "kort"}, "för kort"),
        ({"redirect_uri": "http://mottagningen.example/oauth2callback"}, "https"),
    ],
)
def test_a_service_does_not_start_without_all_that_signing_in_takes(
    changed: Mapping[str, str | None],
    said: str,
    sign_in: Callable[..., Path],
    accounts: Callable[[str], Path],
) -> None:
    accounts("anna@forbund.example")
    sign_in(**changed)
    with pytest.raises(ServeFault, match=said):
        serving.serve(0, practice=True, service=True)


def test_a_service_does_not_start_without_anybody_to_let_in(sign_in: Callable[..., Path]) -> None:
    sign_in()
    with pytest.raises(ServeFault, match=entrance.ACCOUNTS):
        serving.serve(0, practice=True, service=True)


def test_a_service_does_not_start_without_a_way_to_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(entrance.SIGN_IN, str(tmp_path / "finns inte.toml"))
    with pytest.raises(ServeFault, match="går inte att läsa"):
        serving.serve(0, practice=True, service=True)


def test_another_address_than_this_machine_s_makes_it_a_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(serving.ADDRESS, "0.0.0.0")
    with pytest.raises(ServeFault, match="för andra än dig"):
        serving.serve(0, practice=True, service=False)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, Mapping[str, str]]]:
    """The commands that were started, with their environment; none really is."""
    commands: list[tuple[str, Mapping[str, str]]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        os, "execve", lambda _, command, variables: commands.append((" ".join(command), variables))
    )
    return commands


def test_the_server_listens_to_this_machine_and_keeps_the_framework_quiet(
    started: list[tuple[str, Mapping[str, str]]],
) -> None:
    serving.serve(0, practice=True, service=False)
    ((command, variables),) = started
    for option in (
        "server.address localhost",
        "server.maxUploadSize 20",
        "server.enableXsrfProtection true",
        "server.enableAgentApi false",
        "browser.gatherUsageStats false",
        "client.showErrorDetails none",
    ):
        assert f"--{option}" in command
    assert variables[entrance.MODE] == Mode.OWN_MACHINE
    assert variables[entrance.PRACTICE] == "1"
    assert Path.cwd() == settings.ROOT  # where the theme is


def test_a_service_that_may_start_knows_how_one_signs_in(
    started: list[tuple[str, Mapping[str, str]]],
    sign_in: Callable[..., Path],
    accounts: Callable[[str], Path],
) -> None:
    file = sign_in()
    accounts("anna@forbund.example")
    serving.serve(0, practice=False, service=True)
    ((command, variables),) = started
    assert f"--secrets.files {file}" in command
    assert variables[entrance.MODE] == Mode.SERVICE
    assert variables[entrance.PRACTICE] == ""


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with (
        socket.create_server(("localhost", 0)) as taken,
        pytest.raises(ServeFault, match="upptagen"),
    ):
        serving.serve(taken.getsockname()[1], practice=True, service=False)


# What is sent in stays in memory


def test_a_large_file_that_is_sent_in_is_never_on_disk() -> None:
    content = b"svar;" * 3_000_000
    body = b"\r\n".join(
        (
            b"--gr",
            b'Content-Disposition: form-data; name="fil"; filename="svar.csv"',
            b"Content-Type: text/csv",
            b"",
            content,
            b"--gr--",
            b"",
        )
    )
    headers = [(b"content-type", b"multipart/form-data; boundary=gr")]

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def rolled() -> bool:
        request = Request({"type": "http", "method": "PUT", "headers": headers}, receive)
        async with request.form() as sent:
            upload = sent["fil"]
            assert not isinstance(upload, str)
            assert upload.size == len(content)
            return bool(upload.file._rolled)  # type: ignore[attr-defined]

    assert MultiPartParser.spool_max_size > len(content)
    assert not asyncio.run(rolled())
