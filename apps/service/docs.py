"""The page about the API at /docs, made from its OpenAPI document.

It is plain HTML. The page that FastAPI brings loads its program from another host: it shows nothing
where there is no network, and runs what that host sends.
"""

import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

# For browsers: this page runs no program and loads nothing.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def page(document: dict) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    document : OpenAPI document, as ``app.openapi()`` returns it.
    """
    operations = [
        {
            **operation,
            "method": method.upper(),
            "path": path,
            "body": body_of(operation, document),
            "example": example(method.upper(), path, operation, document),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return template().render(
        document=document, operations=operations, resolve=lambda schema: resolve(schema, document)
    )


@cache
def template() -> Template:
    """Return the template of the page, in which every text is escaped."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(Path(__file__).with_name("docs.html").read_text("utf-8"))


def resolve(schema: dict, document: dict) -> dict:
    """Return a schema's definition where it only refers to one; of an array, that of its items."""
    schema = schema.get("items", schema)
    name = schema.get("$ref", "").rpartition("/")[-1]
    return document["components"]["schemas"][name] if name else schema


def body_of(operation: dict, document: dict) -> dict:
    """Return the schema of the body of a request; an empty one if it has none."""
    content = operation.get("requestBody", {}).get("content", {})
    return resolve(content["application/json"]["schema"], document) if content else {}


def example(method: str, path: str, operation: dict, document: dict) -> str:
    """Return a command that sends an example."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            value = parameter["schema"]["examples"][0]
            path = path.replace(f"{{{parameter['name']}}}", value)
    words = ["curl"]
    if "security" in operation:
        words += ['-H "Authorization: Bearer $TOKEN"']
    if fields := body_of(operation, document).get("properties"):
        body = {
            name: (field.get("examples") or field.get("enum"))[0]
            for name, field in fields.items()
            if "examples" in field or "enum" in field
        }
        words += ["--json", f"'{json.dumps(body)}'"]
    return " ".join([*words, f"http://127.0.0.1:8000{path}"])
