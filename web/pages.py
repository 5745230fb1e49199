"""The page: one template for every address of it, its files, and the page that shows the API."""

from __future__ import annotations

from flask import Flask, Response, render_template, send_from_directory

from qa import __version__
from web.openapi import describe
from web.rendering import reply
from web.routing import Route


def install(app: Flask, routes: tuple[Route, ...]) -> None:
    """The page's addresses and the description of the API."""

    def page(document_id: str = "") -> str:
        return render_template("index.html", version=__version__)

    def api_docs() -> str:
        return render_template("api_docs.html", version=__version__)

    def openapi() -> Response:
        return reply(describe(routes))

    def static(filename: str) -> Response:
        found = send_from_directory(app.root_path + "/static", filename, conditional=True)
        found.headers["Cache-Control"] = "no-cache"  # asked again each time, sent again only when changed
        return found

    for path, view in (
        ("/", page),
        ("/documents/<document_id>", page),
        ("/api/docs", api_docs),
        ("/api/v1/openapi.json", openapi),
        ("/static/<path:filename>", static),
    ):
        app.add_url_rule(path, endpoint=f"{view.__name__}:{path}", view_func=view, provide_automatic_options=False)
