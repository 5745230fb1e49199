"""One table of routes drives both Flask and the OpenAPI description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from pydantic import BaseModel

from web import guard
from web.service import Service
from web.shapes import ProblemJson
from web.wire import check


@dataclass(frozen=True)
class Route:
    """A route: its view gets the service, the checked body and query where it has any, and the path's parts."""

    method: str
    path: str  # as OpenAPI writes it: /api/v1/documents/{document_id}
    view: Callable[..., Response]
    summary: str
    replies: type | None = None  # a shape of `web.shapes`, None for no content
    status: int = 200
    body: type[BaseModel] | None = None
    body_may_be_empty: bool = False
    body_bytes: int = guard.JSON_BYTES
    query: type[BaseModel] | None = None
    events: tuple[tuple[str, type], ...] = ()  # what it streams when asked to
    files: bool = False  # takes multipart files: besides JSON where it has a body, else alone
    media: tuple[str, ...] = ()  # media types that it replies with besides JSON
    idempotent_by_key: bool = False
    errors: tuple[str, ...] = ()
    needs_library: bool = True
    refuses: type = ProblemJson

    @property
    def name(self) -> str:
        return self.view.__name__

    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def install(app: Flask, service: Service, routes: tuple[Route, ...]) -> None:
    """Every route of the table into the app."""
    for route in routes:
        app.add_url_rule(
            re.sub(r"{(\w+)}", r"<\1>", route.path),
            endpoint=f"api.{route.name}",
            view_func=_bound(service, route),
            methods=[route.method],
            provide_automatic_options=False,
        )


def _bound(service: Service, route: Route) -> Callable[..., Response]:
    """The view with its arguments parsed."""

    def call(**parts: str) -> Response:
        if route.needs_library:
            service.check_open()  # first: whoever waits need not hear what is wrong with the request
        arguments: dict[str, object] = dict(parts)
        if route.query is not None:
            arguments["query"] = check(route.query, request.args.to_dict())
        if route.body is not None and not route.files:
            arguments["body"] = check(route.body, _body(route))
        return route.view(service, **arguments)

    return call


def _body(route: Route) -> dict[str, object]:
    if route.body_may_be_empty and not request.content_length and "Transfer-Encoding" not in request.headers:
        return {}
    return guard.read_json(request, route.body_bytes)
