"""The OpenAPI 3.1 description, generated from the table of routes and the code's own types."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from qa import __version__
from web.errors import PROBLEMS, RETRY_AFTER_S, openai_status
from web.routing import Route
from web.shapes import ProblemJson

REF = "#/components/schemas/{model}"
ALWAYS = ("not_allowed", "internal")
WITH_BODY = ("bad_json", "too_large", "unsupported_media_type", "invalid_field")

Schema = dict[str, object]
_FILES: Schema = {"type": "array", "minItems": 1, "items": {"type": "string", "contentMediaType": "text/plain"}}
_FORM: Schema = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": _FILES},
            "required": ["file"],
            "additionalProperties": False,
        }
    }
}


@cache
def describe(routes: tuple[Route, ...]) -> Schema:
    """The whole description, ready to be sent."""
    shapes = _shapes(routes)
    refs, definitions = TypeAdapter.json_schemas(
        [(shape, _mode(shape), TypeAdapter(shape)) for shape in shapes], ref_template=REF
    )
    schema_of = {shape: refs[(shape, _mode(shape))] for shape in shapes}
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "引据", "version": __version__, "description": "回答都有出处的资料问答。"},
        "paths": paths,
        "components": {"schemas": definitions.get("$defs", {})},
        "x-problems": {code: {"status": status, "title": title} for code, (status, title) in PROBLEMS.items()},
    }


def _shapes(routes: tuple[Route, ...]) -> list[type]:
    shapes: dict[type, None] = {ProblemJson: None}
    for route in routes:
        streamed = [shape for _, shape in route.events]
        shapes |= {shape: None for shape in (route.replies, route.body, route.refuses, *streamed) if shape is not None}
    return list(shapes)


def _mode(shape: type) -> Literal["validation", "serialization"]:
    return "validation" if issubclass(shape, BaseModel) else "serialization"


def _operation(route: Route, schema_of: dict[type, Schema]) -> Schema:
    operation: Schema = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {str(route.status): _success(route, schema_of), **_refusals(route, schema_of[route.refuses])},
    }
    if route.body is not None:
        operation["requestBody"] = _request_body(route, schema_of[route.body])
    elif route.files:
        operation["requestBody"] = {"required": True, "content": _FORM}
    return operation


def _parameters(route: Route) -> list[Schema]:
    parameters: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in route.parameters()
    ]
    if route.query is not None:
        query = route.query.model_json_schema()
        needed = query.get("required", ())
        parameters += [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
            for name, schema in query["properties"].items()
        ]
    if route.idempotent_by_key:
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"}
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": schema})
    return parameters


def _request_body(route: Route, schema: Schema) -> Schema:
    content: Schema = {"application/json": {"schema": schema}}
    if route.files:
        content |= _FORM
    return {"required": not route.body_may_be_empty, "content": content}


def _success(route: Route, schema_of: dict[type, Schema]) -> Schema:
    reply: Schema = {"description": route.summary, "headers": {"X-Request-ID": {"schema": {"type": "string"}}}}
    if route.replies is None and not route.media:
        return reply
    content: Schema = {} if route.replies is None else {"application/json": {"schema": schema_of[route.replies]}}
    content |= {media: {"schema": {"type": "string"}} for media in route.media}
    if route.events:
        # 3.1 has no words for event streams; the shapes of their data stand where readers and programs look.
        content["text/event-stream"] = {
            "schema": {"type": "string"},
            "x-events": {**{name: schema_of[shape] for name, shape in route.events}, "error": schema_of[route.refuses]},
        }
    return {**reply, "content": content}


def _refusals(route: Route, problem: Schema) -> Schema:
    by_status: dict[int, list[str]] = {}
    for code in _codes(route):
        status = PROBLEMS[code][0] if route.refuses is ProblemJson else openai_status(PROBLEMS[code][0])
        by_status.setdefault(status, []).append(code)
    return {str(status): _refusal(route, codes, problem) for status, codes in sorted(by_status.items())}


def _codes(route: Route) -> list[str]:
    codes = [*ALWAYS, *route.errors]
    if route.body is not None or route.files:
        codes += WITH_BODY
    if route.query is not None or route.idempotent_by_key:
        codes.append("invalid_field")
    if route.parameters():
        codes.append("not_found")
    if route.needs_library:
        codes.append("not_ready")
    return list(dict.fromkeys(codes))


def _refusal(route: Route, codes: list[str], problem: Schema) -> Schema:
    media = "application/problem+json" if route.refuses is ProblemJson else "application/json"
    titles = "；".join(f"{code}：{PROBLEMS[code][1]}" for code in codes)
    reply: Schema = {"description": titles, "content": {media: {"schema": problem}}}
    if any(code in RETRY_AFTER_S for code in codes):
        reply["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return reply
