"""The report in Chinese: every text is translated, and English stays as it is."""

import ast
import string
import tomllib
from pathlib import Path

import jinja2
import pytest
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

import helpers
from helpers.own_shop import messages
from helpers.own_shop.messages import pluralize, say, speaking

HELPERS = Path(helpers.__file__).parent
CODE = [*HELPERS.rglob("*.py"), HELPERS.parent / "tools" / "report.py"]
TEMPLATES = [*(HELPERS / "report").glob("*.html")]
CATALOG = messages.LOCALE / messages.CATALOGS["zh"]


def calls(function):
    """Yield the arguments of all calls of a function in the code, with their place."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function:
                yield f"{file.name}:{node.lineno}", node.args


def literals(node):
    """Return the texts that an argument can be: a literal, or one of several."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) else []


def said_directly():
    """Return all texts that the code and the templates say, in English."""
    texts = {text for _, arguments in calls("say") for text in literals(arguments[0])}
    for _, (_, noun) in calls("pluralize"):
        texts |= {f"{{number}} {one}{ending}" for one in literals(noun) for ending in ("", "s")}
    for file in TEMPLATES:
        tree = jinja2.Environment().parse(file.read_text("utf-8"))
        texts |= {one if isinstance(one, str) else one[0] for *_, one in extract_from_ast(tree, ["say"])}
    return texts


def all_constants():
    """Return all texts in the code and its data, some of which are said by their name."""
    nodes = (node for file in CODE for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    names = tomllib.loads((HELPERS / "own_shop" / "names.toml").read_text("utf-8"))
    return constants | {role["meaning"] for role in names["roles"].values()}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
