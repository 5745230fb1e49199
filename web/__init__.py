"""The HTTP edge: routes, page, errors and streams over one pipeline. Holds no rule about documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from qa.config import Settings
from web import api, errors, guard, keys, metrics, pages, routing
from web.service import PARTS, Service

if TYPE_CHECKING:
    from qa.pipeline import Pipeline


def create_app(pipeline: Pipeline | None, settings: Settings, service: Service | None = None) -> Flask:
    """The WSGI application. With a pipeline it is ready at once; with None, `service.attach` comes later.

    The service is kept as `app.extensions["yinju"]`.
    """
    service = service or Service(settings)
    app = Flask(__name__, static_folder=None)
    app.extensions["yinju"] = service
    metrics.install(app)
    guard.install(app, settings)
    keys.install(app, settings)
    errors.install(app)
    routing.install(app, service, api.ROUTES)
    pages.install(app, api.ROUTES)
    if pipeline is not None:
        service.attach(pipeline)
        service.arrived(*PARTS)
    return app
