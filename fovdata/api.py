"""The read-only API, version 1: the figures of the pages for machines, through the same gate."""

import csv
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from fovdata import published, settings
from fovdata import registry as registries
from fovdata.figures import coverage as coverage_figures
from fovdata.figures import shares as share_figures
from fovdata.figures.release import NotOffered, Release, ReleaseUnreadable, current
from fovdata.rules import NOT_OFFERED, STANDING_NOTE
from fovdata.selection import BACKGROUND, DIMENSIONS, Selection

_log = logging.getLogger(__name__)

FORMATS = ("json", "csv")
NO_SPLIT = "none"

Row = Mapping[str, str | int | float | None]


class Refused(Exception):
    """A request that cannot be answered; becomes an error in Swedish."""

    def __init__(self, error: str, message: str, **details: object) -> None:
        self.body = {"error": error, "message": message, **details}


def health(request: Request) -> Response:
    """Whether the server has a release to serve."""
    _asked(request)
    release = current(settings.releases())
    return JSONResponse({"status": "ok", "release": release.number, "data": release.data})


def shares(request: Request) -> Response:
    """Shares of Ja for a selection, whole or split by one dimension."""
    output = _asked(request, "by", *DIMENSIONS)
    release = current(settings.releases())
    selection = Selection(
        **{dimension: _codes(request, dimension, release) for dimension in DIMENSIONS}
    )
    if selection.region and selection.federation:
        within = release.federations_in(selection.region)
        if outside := [slug for slug in selection.federation if slug not in within]:
            raise Refused(
                "contradictory_selection",
                f"Förbundet {', '.join(outside)} ligger inte i den region som är vald.",
            )
    by = _one_of(request, "by", (NO_SPLIT, *DIMENSIONS))
    split = () if by == NO_SPLIT else (by,)
    found = share_figures.shares(release, selection, split)
    if output == "csv":
        return _csv(
            [
                {
                    "question": row.question,
                    **row.group,
                    **asdict(row.estimate),
                    "data": release.data,
                    "release": release.number,
                }
                for row in found
            ]
        )
    (whole,) = share_figures.number_of_answers(release, selection)
    return JSONResponse(
        {
            "selection": selection.words(registries.load()),
            "data": release.data,
            "release": release.number,
            "note": STANDING_NOTE,
            "n_total": whole.n,
            "rows": [
                {"question": row.question, "group": row.group, **asdict(row.estimate)}
                for row in found
            ],
        }
    )


def coverage(request: Request) -> Response:
    """The registry: federations, memberships, regions, and whether answers can be shown."""
    output = _asked(request)
    registry = registries.load()
    release = current(settings.releases())
    shown = coverage_figures.federations_with_answers(release)
    federations = [
        {
            "federation": federation.slug,
            "name": federation.name,
            "region": federation.region,
            "group": federation.group,
            "year_joined": federation.year_joined,
            "year_certainty": federation.year_certainty,
            "status": "answers_shown" if federation.slug in shown else "joined",
        }
        for federation in registry.taking_part
    ]
    if output == "csv":
        return _csv(federations)
    return JSONResponse(
        {
            "federations": federations,
            "memberships": [
                {
                    "federation": membership.federation,
                    "municipality": membership.municipality,
                    "name_in_source": membership.name_in_source,
                }
                for membership in registry.memberships
                if membership.valid_to is None
            ],
            "regions": [asdict(region) for region in registry.regions],
            "totals": asdict(registry.totals()),
        }
    )


def published_figures(request: Request) -> Response:
    """What NNS has published, with sources; never recomputed."""
    output = _asked(request)
    tables = published.tables()
    if output == "csv":
        return _csv(
            [
                {"table": name, "row": number, "field": field, "value": value}
                for name, rows in tables.items()
                for number, row in enumerate(rows, 1)
                for field, value in row.items()
            ]
        )
    return JSONResponse(tables)


def _asked(request: Request, *known: str) -> str:
    """The format wanted, after every parameter's name has been checked."""
    for name in request.query_params:
        if name not in (*known, "format"):
            raise Refused(
                "unknown_parameter",
                f"Parametern {name} finns inte här.",
                allowed=[*known, "format"],
            )
    return _one_of(request, "format", FORMATS)


def _one_of(request: Request, name: str, allowed: Sequence[str]) -> str:
    """The value of a parameter that may stand once; the first allowed one if it is left out."""
    values = request.query_params.getlist(name) or [allowed[0]]
    if len(values) > 1:
        raise Refused("repeated_parameter", f"Parametern {name} får anges en gång.")
    _known(name, values, allowed)
    return values[0]


def _codes(request: Request, dimension: str, release: Release) -> tuple[str, ...]:
    """The codes of a filter, each once."""
    values = request.query_params.getlist(dimension)
    declared = [category.code for category in BACKGROUND.get(dimension, ())]
    _known(dimension, values, declared or list(release.categories[dimension]))
    return tuple(dict.fromkeys(values))


def _known(name: str, values: Sequence[str], allowed: Sequence[str]) -> None:
    for value in values:
        if value not in allowed:
            raise Refused(
                "unknown_value",
                f"Värdet på {name} är okänt. Tillåtna värden: {', '.join(allowed)}.",
                allowed=list(allowed),
            )


def _csv(rows: Sequence[Row]) -> Response:
    """Rows as CSV; a status column says why a value is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8")


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return JSONResponse(error.body, status_code=422)


def _not_offered(_request: Request, _error: Exception) -> Response:
    body = {"error": "combination_not_offered", "message": f"{NOT_OFFERED}."}
    return JSONResponse(body, status_code=422)


def _unavailable(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "unavailable", "message": str(error)}, status_code=503)


def _failed(_request: Request, error: Exception) -> Response:
    _log.error("A request failed", exc_info=error)
    body = {"error": "failed", "message": "Något gick fel. Försök igen senare."}
    return JSONResponse(body, status_code=500)


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    messages = {404: "Adressen finns inte.", 405: "Här går det bara att läsa (GET)."}
    body = {
        "error": {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "error"),
        "message": messages.get(error.status_code, "Anropet kunde inte besvaras."),
    }
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


ROUTES: list[BaseRoute] = [
    Mount(
        "/api/v1",
        app=Starlette(
            routes=[
                Route("/health", health),
                Route("/shares", shares),
                Route("/coverage", coverage),
                Route("/published", published_figures),
            ],
            exception_handlers={
                Refused: _refused,
                NotOffered: _not_offered,
                ReleaseUnreadable: _unavailable,
                registries.TableError: _unavailable,
                HTTPException: _http,
                Exception: _failed,
            },
        ),
    )
]
