"""A lesson as a page: captions, folded hints, terms that lead to the glossary, citations."""

import json
import re
import string

from exercises.engine import course
from helpers.language import current, say, say_in_lesson
from tools.book import folds, glossary_page, references

CHECK = re.compile(r"(?m)^check\(\"([\w-]+)\"")
KEYS = re.compile(r"\n\n\*(?:Shift\+Enter runs a cell|按 Shift\+Enter 运行)(?:.|\n(?!\n))*")
PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")  # Markdown escapes no other
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
OPEN = """\
```{{admonition}} {title}
:class: tip how-to-open
{text}
```"""


def page(notebook: dict, name: str, library: references.Library, solutions: bool = False) -> str:
    """Return a notebook as Sphinx reads it.

    Parameters
    ----------
    notebook : a lesson or a case study, in the language of the book.
    name : of its file.
    library : the works that are cited.
    solutions : whether each exercise shows its solution.
    """
    terms = glossary_page.terms()
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = KEYS.sub("", source)  # which work in JupyterLab
            source = with_terms(references.cited(source, library), terms)
            cells.append(cell | {"source": source})
            if len(cells) == 1:
                cells.append(markdown("open-this-lesson", how_to_open(name)))
        elif match := CHECK.search(source):
            exercise = course.find(match[1])
            cells.append(cell | {"outputs": []})
            folded = folds.hints(exercise) + (folds.solution(exercise) if solutions else "")
            cells.append(markdown(f"hints-{match[1]}", folded))
        else:
            cells.append(with_caption(with_folded_code(cell)))
    return json.dumps(notebook | {"cells": cells}, ensure_ascii=False, indent=1) + "\n"


def how_to_open(name: str) -> str:
    """Return the box that says how to work through a lesson."""
    text = say(
        "In the course's folder, `{lab}` opens your own copies of the lessons. Open `{name}` there "
        "to run every cell, change it, and have your answers checked.",
        lab="make lab" if current() == "en" else f"make lab LANG={current()}",
        name=name,
    )
    return OPEN.format(title=say("Read it here, work through it in JupyterLab"), text=text)


def markdown(id: str, source: str) -> dict:
    """Return a markdown cell."""
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def with_terms(source: str, terms: dict[str, str]) -> str:
    """Let each term in bold lead to its entry in the glossary.

    The link is bold by its style: between Chinese characters, asterisks around it would be shown.

    Examples
    --------
    >>> with_terms("Called **cohorts**, or a **Cohort**.", {"cohort": "cohort"})
    'Called **cohorts**, or a {term}`Cohort <cohort>`.'
    """

    def link(match: re.Match) -> str:
        term = terms.get(match[1].lower())
        return f"{{term}}`{match[1]} <{term}>`" if term else match[0]

    return BOLD.sub(link, source)


def with_folded_code(cell: dict) -> dict:
    """Fold the code of a drawing as JupyterLab does."""
    if not cell["metadata"].get("jupyter", {}).get("source_hidden"):
        return cell
    tags = [*cell["metadata"].get("tags", []), "hide-input"]
    return cell | {"metadata": cell["metadata"] | {"tags": tags}}


def with_caption(cell: dict) -> dict:
    """Let the words of a figure stand below it, not printed above it."""
    opening = "In words: {text}"  # in English, too, where a lesson could not be run in Chinese
    starts = {text.partition("{text}")[0] for text in (opening, say_in_lesson(opening))}
    words = re.compile(rf"(?m)^(?:{'|'.join(map(re.escape, starts))})(.+)\n?")
    outputs, figure = [], {}
    for output in cell["outputs"]:
        text = "".join(output.get("text", ""))
        if found := words.search(text):
            sentence = found[1][0].upper() + found[1][1:]
            figure = {
                "figure": {"caption": PUNCTUATION.sub(r"\\\g<0>", sentence)},
                "image": {"alt": say("A figure, described below it")},
            }
            output = output | {"text": words.sub("", text)}
        if output.get("text", True):
            outputs.append(output)
    return cell | {"outputs": outputs, "metadata": cell["metadata"] | {"mystnb": figure}}
