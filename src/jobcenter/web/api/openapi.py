"""The OpenAPI 3.1 document, made from the code, with an example call for every operation.

The examples are kept here as data; a test runs each of them against the real application.
"""

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

CONFIG = OpenAPIConfig(
    title="Jobcenter",
    version="1",
    description=(
        "Orders, gigs, rounds and coach visits. Send a bearer token; bodies are JSON; errors are "
        "problem documents (RFC 9457). Times carry their offset; money is in cents."
    ),
    path="/schema",
    render_plugins=[JsonRenderPlugin(path="/openapi.json")],
    components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
    security=[{"token": []}],
    use_handler_docstrings=True,
)
