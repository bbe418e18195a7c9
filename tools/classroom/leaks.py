"""Search what students get for solutions, however they are written down.

A solution is found by its text, whatever the spaces, and by its docstring, which compiled code
keeps. Notebooks are searched with their prose and outputs, and what is compressed is opened. What
is not found is a solution written in another way, or under other names.
"""

import io
import json
import lzma
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from exercises.engine import mistakes
from exercises.engine.exercise import Exercise


def find(files: Mapping[str, bytes], exercises: Mapping[str, Exercise]) -> list[str]:
    """Return a sentence for each solution that stands in a file: its id and the file.

    Parameters
    ----------
    files : name of a file → its content.
    exercises : id → exercise, with its solution.
    """
    signs = {id: set(_signs(each)) for id, each in exercises.items()}
    found = []
    for name, content in _opened(files):
        texts = [_squeezed(text) for text in _texts(name, content)]
        found += [
            f"The solution of {id} stands in {name}."
            for id in exercises
            if any(sign in text for sign in signs[id] for text in texts)
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
        yield _squeezed(exercise.solution.__doc__.encode())
        _, _, body = mistakes.code(exercise.solution).partition(":\n")
        yield _squeezed(body.encode())


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
