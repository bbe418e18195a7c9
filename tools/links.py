"""Where links lead.

In every markdown file and notebook, a relative link must lead to a file of the repository, and to a
heading that stands in it. Addresses in the net are looked at, not called.
"""

import difflib
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tools import copies, env
from tools.notebooks import markdown

BESIDE = [copies.LESSONS / file for file in copies.BESIDE]
_ADDRESS = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?|mailto:\S+@\S+")
_DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/\S+")


def pages() -> list[Path]:
    """Return the markdown files at the top and in the course's folders, and the notebooks."""
    folders = ("data", "helpers", "notebooks", "tests", "tools")
    deeper = (path for folder in folders for path in (env.ROOT / folder).rglob("*"))
    paths = [path for path in (*env.ROOT.glob("*"), *deeper) if path.suffix in (".md", ".ipynb")]
    aside = {".ipynb_checkpoints", "zh"}  # translations are held against what they translate
    return sorted(path for path in paths if aside.isdisjoint(path.parts))


def read(page: Path) -> list[str]:
    """Return the markdown of a file: one text, or that of each markdown cell."""
    text = page.read_text(encoding="utf-8")
    if page.suffix != ".ipynb":
        return [text]
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def problems(page: Path, texts: list[str]) -> Iterator[str]:
    """Yield one sentence for each link that leads nowhere.

    Parameters
    ----------
    page : the file in which the links stand.
    texts : its markdown.
    """
    for url in (url for text in texts for url in markdown.links(text)):
        target, _, anchor = unquote(url).partition("#")
        place = (page.parent / target).resolve() if target else page
        if re.match(r"[a-z]+:", url):
            if "doi.org" in url and not _DOI.fullmatch(url):
                yield f"{url} is no DOI. It looks like https://doi.org/10.1287/mksc.1040.0098."
            elif not _ADDRESS.fullmatch(url):
                yield f"{url} is no address. It looks like https://example.org/page."
        elif not place.is_relative_to(env.ROOT) or not place.exists():
            yield f"{url} leads to no file. The path starts at the folder of this page."
        elif page.suffix == ".ipynb" and place.suffix != ".ipynb" and place not in BESIDE:
            yield (
                f"{url} leads out of the lessons, where a learner's copy cannot follow. Link to "
                "notebooks and what is copied with them only, and name other files as code."
            )
        elif anchor:
            known = anchors(place, texts) if place == page else anchors_in(place)
            if anchor not in known:
                nearest = difflib.get_close_matches(anchor, known, n=1, cutoff=0)
                hint = (
                    f"The nearest is #{nearest[0]}." if nearest else "There is none in that file."
                )
                yield f"{url} leads to no heading. {hint}"


@functools.cache
def anchors_in(page: Path) -> list[str]:
    """Return the `anchors` of a file as it stands."""
    return anchors(page, read(page))


def anchors(page: Path, texts: list[str]) -> list[str]:
    """Return what may stand behind ``#``: as JupyterLab makes it of headings, or as GitHub does.

    Examples
    --------
    >>> anchors(Path("a.ipynb"), ["## 1 · Why we divide"])
    ['1-·-Why-we-divide']
    >>> anchors(Path("a.md"), ["## 1 · Why we divide"])
    ['1--why-we-divide']
    """
    headings = [block.text for text in texts for block in markdown.blocks(text) if block.level]
    if page.suffix == ".ipynb":
        return [heading.replace(" ", "-") for heading in headings]
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
