"""The API described for machines, as OpenAPI 3.1: made of what the calls themselves declare."""

from collections.abc import Sequence
from types import NoneType
from typing import Any, get_args, get_type_hints

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.api.answers import MEANINGS, AdjustedRatio, Column, Part, Table, Tables
from fovdata.api.calls import CALLS, Call
from fovdata.api.parameters import FORMS, ROOT, Parameter
from fovdata.api.refusals import SCHEMA, STATUSES
from fovdata.figures.estimates import Difference, Estimate, Ratio
from fovdata.figures.release import Release
from fovdata.rules import STANDING_NOTE, Status
from fovdata.selection import DIMENSIONS

CSV, JSON = "text/csv", "application/json"

Schema = dict[str, Any]
_NAMES = {str: "string", int: "integer", float: "number", NoneType: "null"}
_KINDS = (Estimate, Difference, Ratio, AdjustedRatio)


def description(release: Release) -> Schema:
    """The description, with the codes that the release knows."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Frågor om våld",
            "version": "1",
            "description": f"Samma siffror som sidorna visar, bara läsning. {STANDING_NOTE}",
        },
        "servers": [{"url": ROOT}],
        "paths": {f"/{call.path}": {"get": _operation(call, release)} for call in CALLS},
        "components": {
            "schemas": {
                "Refusal": SCHEMA,
                **{kind.__name__: _figure(kind) for kind in _KINDS},
                "Dataset": _object(_DATASET | {"version": {"const": "2.0"}}, *_OPTIONAL),
                "Item": _object(_DATASET, *_OPTIONAL),
                "Collection": _object(_COLLECTION, *_OPTIONAL),
            }
        },
    }


def _operation(call: Call, release: Release) -> Schema:
    refusal = {"schema": _ref("Refusal")}
    (output,) = (one for one in call.parameters if one.name == "format")
    said: list[Schema] = [_answer(call)]
    if "json-stat" in output.codes:
        said.append(_ref("Collection" if isinstance(call.shape, Tables) else "Dataset"))
    content: dict[str, Schema] = {JSON: {"schema": {"oneOf": said}}}
    if "csv" in output.codes:
        content[CSV] = {"schema": _TEXT}
    return {
        "operationId": call.path,
        "summary": call.summary,
        "description": call.description,
        "parameters": [_parameter(one, release) for one in call.parameters],
        "responses": {
            "200": {"description": call.summary, "content": content},
            **{
                str(status): {"description": why, "content": {JSON: refusal}}
                for status, why in STATUSES.items()
            },
        },
    }


def _parameter(parameter: Parameter, release: Release) -> Schema:
    codes = [*(parameter.codes or release.categories[parameter.name])]
    schema: Schema = {"type": "string", "enum": codes}
    if parameter.several:
        schema = {"type": "array", "items": schema, "maxItems": len(codes)}
    else:
        schema = schema | {"default": codes[0]}
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
    }


def _answer(call: Call) -> Schema:
    """The schema of a call's answer in JSON."""
    if isinstance(call.shape, Tables):
        rows = {table.name: _object(_columns(table)) for table in call.shape.tables}
        return _object(
            {
                name: row if name == call.shape.single else {"type": "array", "items": row}
                for name, row in rows.items()
            }
        )
    if isinstance(call.shape, type):
        return _object({"status": {"const": "ok"}} | _STAMP)
    row = {
        "question": {"type": "string", "enum": [*form.BY_CODE]},
        "group": _object(dict.fromkeys((*DIMENSIONS, FORMS), _TEXT), *DIMENSIONS, FORMS),
    }
    facts = {
        fact.name: {
            "enum": [*fact.codes] if fact.always else [*fact.codes, None],
            "description": fact.label,
        }
        for fact in call.facts
    }
    return _object(
        {
            "selection": _TEXT | {"description": "Urvalet i ord."},
            **_STAMP,
            "note": {"const": STANDING_NOTE},
            "n_total": _COUNT,
            "rows": {"type": "array", "items": _row(row | facts, call.shape)},
        }
    )


def _row(row: Schema, parts: Sequence[Part]) -> Schema:
    """A row: the figures of several parts by name, or those of the only one."""
    if not parts[0].name:
        figure = _figure(parts[0].kind)
        return figure | _object(row | figure["properties"])
    return _object(
        row | {part.name: _ref(part.kind.__name__) for part in parts},
        *(part.name for part in parts if not part.everywhere),
    )


def _figure(kind: type) -> Schema:
    """What the gate may say: nothing but the status where it is hidden."""
    properties = {
        name: _type(hint) | {"description": MEANINGS[name]}
        for name, hint in get_type_hints(kind).items()
    }
    properties |= {"n": _COUNT} if "n" in properties else {}
    nothing = {name: {"type": "null"} for name in properties if name != "status"}
    return _object(properties) | {
        "if": {"properties": {"status": {"const": Status.HIDDEN}}},
        "then": {"properties": nothing},
    }


def _type(hint: Any) -> Schema:
    if hint is Status:
        return {"type": "string", "enum": [*Status]}
    return {"type": [_NAMES[one] for one in get_args(hint)]}


def _columns(table: Table) -> Schema:
    return {column.name: _column(column) for column in table.columns}


def _column(column: Column) -> Schema:
    kinds = [column.type] if column.required else [column.type, "null"]
    said = {"type": kinds, "title": column.label, "description": column.description}
    if not column.codes:
        return said
    return said | {"enum": [*column.codes] if column.required else [*column.codes, None]}


def _object(properties: Schema, *optional: str) -> Schema:
    """An object with these properties and no others, all but some of them always there."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {
    "type": ["integer", "null"],
    "multipleOf": 5,
    "description": MEANINGS["n"],
}
_STAMP: Schema = {
    "data": {"type": "string", "enum": [responses.SYNTHETIC, responses.REAL]},
    "release": {"type": "integer", "description": "Utgåvans nummer."},
}
_DATASET: Schema = {
    "class": {"const": "dataset"},
    "label": _TEXT,
    "id": _list(_TEXT),
    "size": _list({"type": "integer", "minimum": 1}),
    "role": _map(_list(_TEXT)),
    "dimension": _map(
        _object(
            {
                "label": _TEXT,
                "category": _object(
                    {"index": _list(_TEXT), "label": _map(_TEXT), "note": _map(_list(_TEXT))},
                    "note",
                ),
            }
        )
    ),
    "value": _list({"type": ["number", "string", "null"]}),
    "status": _list(_type(Status)),
    "source": _TEXT,
    "updated": {"type": "string", "format": "date"},
    "note": _list(_TEXT),
    "extension": {"type": "object"},
}
_COLLECTION: Schema = {
    "version": {"const": "2.0"},
    "class": {"const": "collection"},
    "label": _TEXT,
    "updated": _DATASET["updated"],
    "link": _object({"item": _list(_ref("Item"))}),
}
_OPTIONAL = ("status", "source", "updated", "note", "extension")
"""What of JSON-stat 2.0 is used here; the rest of it is not."""
