"""What the API answers to ten thousand requests of every kind."""

import asyncio
import os
import random
import string
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

import httpx
import pytest
from starlette.applications import Starlette

from fovdata import api
from fovdata.api.calls import CALLS
from fovdata.figures.release import Release

pytestmark = pytest.mark.long

REQUESTS = 10_000
METHODS = ("GET",) * 30 + ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOV")
JUNK = (
    "",
    "0",
    "-1",
    "null",
    "17,18",
    "' OR 1=1 --",
    "../..",
    "<b>",
    "å",
    "\N{GRINNING FACE}",
    "%00",
)
HEADERS = {
    "Accept": ("*/*", "text/csv", "nonsense", "q=0"),
    "Accept-Language": ("sv", "en", "x" * 1000),
    "Content-Type": ("application/json", "multipart/form-data", "?"),
    "Content-Length": ("0",),
    "Host": ("localhost", "example.org", "[::1]"),
    "X-Forwarded-For": ("127.0.0.1", "'"),
    "Range": ("bytes=0-10", "bytes=-"),
}


def test_ten_thousand_requests_end_in_figures_or_in_a_refusal(
    recorded: Callable[[str, str], None], releases: Path, release: Release
) -> None:
    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        found = asyncio.run(answers(release))
    statuses = sorted({status for _, status in found})
    head = "| path | " + " | ".join(map(str, statuses)) + " |"
    lines = [
        f"| {path} | " + " | ".join(f"{found[path, status]:,}" for status in statuses) + " |"
        for path in (*(call.path for call in CALLS), "openapi.json", "an unknown address")
    ]
    recorded(
        "What the API answers",
        f"{REQUESTS:,} random requests, by path and status code: known and unknown parameters and "
        "values, every method, odd headers. None was answered with a fault of the server.\n\n"
        + "\n".join([head, "|---" * (1 + len(statuses)) + "|", *lines]),
    )
    assert set(statuses) == {200, 404, 405, 414, 422}


async def answers(release: Release) -> Counter[tuple[str, int]]:
    """Send the requests; how many of each path were answered with each status code."""
    rng = random.Random(1998)
    found: Counter[tuple[str, int]] = Counter()
    transport = httpx.ASGITransport(Starlette(routes=api.ROUTES), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for _ in range(REQUESTS):
            path, known = a_path(rng)
            method = rng.choice(METHODS)
            answer = await client.request(
                method,
                f"/api/v1/{path}",
                params=asked(rng, release),
                headers={name: rng.choice(HEADERS[name]) for name in some(rng, [*HEADERS])},
            )
            assert answer.status_code < 500, answer.request.url
            if answer.status_code != 200 and method != "HEAD":
                assert {"error", "message"} <= answer.json().keys()
            found[path if known else "an unknown address", answer.status_code] += 1
    return found


def a_path(rng: random.Random) -> tuple[str, bool]:
    """A path under the API's address, and whether it is one of its own."""
    if rng.random() < 0.9:
        return rng.choice([*(call.path for call in CALLS), "openapi.json"]), True
    letters = string.ascii_letters + string.digits + "/-_~åäö %"
    return "x" + "".join(rng.choices(letters, k=rng.randrange(40))), False


def asked(rng: random.Random, release: Release) -> tuple[tuple[str, str], ...]:
    """Parameters of a request: mostly such as exist, mostly with values that do."""
    parameters = {
        parameter.name: [*(parameter.codes or release.categories[parameter.name])]
        for call in CALLS
        for parameter in call.parameters
    }
    if rng.random() < 0.01:
        return (("region", "17"),) * rng.randrange(2, 3000)
    return tuple(
        (
            name if rng.random() < 0.97 else rng.choice(JUNK),
            rng.choice(parameters[name] if rng.random() < 0.95 else JUNK),
        )
        for name in some(rng, [*parameters])
        for _ in range(1 if rng.random() < 0.9 else rng.randrange(1, 4))
    )


def some(rng: random.Random, names: Sequence[str]) -> Sequence[str]:
    """None, one or several of the names."""
    return rng.sample(names, rng.choice((0, 0, 1, 1, 1, 2, 3)))
