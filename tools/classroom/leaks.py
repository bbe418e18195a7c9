"""Search what students get for solutions, however they are written down.

A solution is found by its text, whatever the spaces; by its docstring, which compiled code keeps;
and by its form, which stays the same under other names. Notebooks are searched with their prose
and outputs, and archives are opened. What is not found is a solution written in another way: to
this search it is another function.
"""

import ast
import gzip
import io
import json
import lzma
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from exercises.engine.exercise import Exercise

_FENCED = re.compile(r"(?ms)^```.*?$(.*?)^```")


def find(files: Mapping[str, bytes], exercises: Mapping[str, Exercise]) -> list[str]:
    """Return a sentence for each solution that stands in a file: its id and the file.

    Parameters
    ----------
    files : name of a file → its content.
    exercises : id → exercise, with its solution.
    """
    signs = {id: set(_signs(each)) for id, each in exercises.items()}
    forms = {id: _form(_function(each)) for id, each in exercises.items() if not each.options}
    found = []
    for name, content in _opened(files):
        texts = list(_texts(name, content))
        squeezed = [_squeezed(text) for text in texts]
        there = set().union(*map(_forms, _code(name, texts)))
        found += [
            f"The solution of {id} stands in {name}."
            for id in exercises
            if forms.get(id) in there
            or any(sign in text for sign in signs[id] for text in squeezed)
        ]
    return found


def _signs(exercise: Exercise) -> Iterator[bytes]:
    """Yield texts that give a solution away, without their spaces."""
    if exercise.options:
        for quote in "'\"":
            call = f"check({quote}{exercise.id}{quote},{quote}{exercise.solution}{quote})"
            yield _squeezed(call.encode())
        yield _squeezed(f"The solution is {exercise.solution_text}".encode())
    else:
        function = _function(exercise)
        lines = exercise.solution_text.splitlines()
        if docstring := ast.get_docstring(function, clean=False):
            yield _squeezed(docstring.encode())
        yield _squeezed("\n".join(lines[_body(function)[0].lineno - 1 :]).encode())


def _function(exercise: Exercise) -> ast.FunctionDef:
    return ast.parse(exercise.solution_text).body[0]


def _body(function: ast.FunctionDef | ast.Lambda) -> list[ast.stmt]:
    if isinstance(function, ast.Lambda):
        return [ast.Return(function.body)]
    return function.body[ast.get_docstring(function, clean=False) is not None :]


def _squeezed(text: bytes) -> bytes:
    return text.translate(None, b" \t\r\n")


def _opened(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file, and of those that it holds if it is an archive."""
    for name, content in files.items():
        yield name, content
        if content.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {each: archive.read(each) for each in archive.namelist()}
        elif content.startswith(b"\xfd7zXZ\0"):
            inside = {"content": lzma.decompress(content)}
        elif content.startswith(b"\x1f\x8b"):
            inside = {"content": gzip.decompress(content)}
        else:
            continue
        yield from _opened({f"{name}/{inner}": data for inner, data in inside.items()})


def _texts(name: str, content: bytes) -> Iterator[bytes]:
    """Yield the texts of a notebook, each whole; any other file as it is."""
    try:
        yield from _strings(json.loads(content)) if name.endswith(".ipynb") else [content]
    except ValueError:  # a notebook in name only
        yield content


def _strings(node: Any) -> Iterator[bytes]:
    """Yield every text in JSON; in notebooks a list of texts is one text, line by line."""
    if isinstance(node, str):
        yield node.encode()
    elif isinstance(node, list) and all(isinstance(each, str) for each in node):
        yield "".join(node).encode()
    elif isinstance(node, list | dict):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _strings(each)


def _code(name: str, texts: list[bytes]) -> Iterator[ast.Module]:
    """Yield what can be read as Python: programs, cells, and what stands between fences."""
    if name.endswith((".py", ".ipynb", ".md")):
        for text in (text.decode(errors="replace") for text in texts):
            for source in (text, *_FENCED.findall(text)):
                try:
                    with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
                        tree = ast.parse(source)  # an image as text gives odd Python
                except (SyntaxError, ValueError):
                    continue
                yield tree


def _forms(tree: ast.Module) -> set[tuple]:
    functions = (ast.FunctionDef, ast.Lambda)
    return {_form(node) for node in ast.walk(tree) if isinstance(node, functions)}


def _form(function: ast.FunctionDef | ast.Lambda) -> tuple:
    """Write down what a function does, with numbers for all names that are its own."""
    nodes = [node for statement in _body(function) for node in ast.walk(statement)]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    order = dict.fromkeys(name.id for name in names if name.id in own)
    numbers = {name: number for number, name in enumerate(order)}
    return tuple(_word(node, numbers) for node in nodes)


def _word(node: ast.AST, numbers: Mapping[str, int]) -> Any:
    match node:
        case ast.Name(name):
            return numbers.get(name, name)
        case ast.Attribute(_, name) | ast.keyword(name):
            return name
        case ast.Constant(value):
            return repr(value)
    return type(node)
