"""The API's routes: every call, and the description of them all."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from fovdata.api import formats, json_stat
from fovdata.api.answers import Health
from fovdata.api.calls import CALLS, Call
from fovdata.api.description import CSV, description
from fovdata.api.parameters import LONGEST, ROOT, Asked, Parameter, asked
from fovdata.api.refusals import FRESH, HANDLERS, STATUSES, Reason, Refused


def _asked(request: Request, parameters: Sequence[Parameter]) -> Asked:
    if len(request.scope["query_string"]) > LONGEST:
        raise Refused(Reason.TOO_LONG, STATUSES[414], status=414)
    return asked(request.query_params, parameters)


def _endpoint(call: Call) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        wanted = _asked(request, call.parameters)
        found = call.answer(wanted)
        if isinstance(found, Health) or wanted.format == "json":
            return JSONResponse(formats.as_json(found), headers=FRESH)
        if wanted.format == "csv":
            return Response(
                formats.as_csv(found), headers=FRESH, media_type=f"{CSV}; charset=utf-8"
            )
        return JSONResponse(json_stat.as_json_stat(found), headers=FRESH)

    return answer


def _description(request: Request) -> Response:
    return JSONResponse(description(_asked(request, ()).release), headers=FRESH)


_API = Starlette(
    routes=[
        *(Route(f"/{call.path}", _endpoint(call)) for call in CALLS),
        Route("/openapi.json", _description),
    ],
    exception_handlers=HANDLERS,
)
# An address with a slash too many is unknown, in Swedish, rather than sent on.
_API.router.redirect_slashes = False

ROUTES = [Mount(ROOT, app=_API)]
