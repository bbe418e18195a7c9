"""What Sphinx reads: a folder with the notebooks as the book shows them, and the pages around them.

There is no second source. Everything is drawn from the notebooks, the README, the handbook, the
glossary, the references and the docstrings each time the book is made.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from helpers.language import current
from tools import copies
from tools.book import api, front, glossary_page, lesson_pages, references, replications_page
from tools.classroom import handbook
from tools.translation import edition, sidecar

TEACHERS_CONTENTS = """
```{toctree}
:hidden:
:glob:

lesson_*
*
```
"""


def write(folder: Path, front_page: str, teacher: bool = False) -> None:
    """Make the folder what `pages` say; a file that is right stays untouched, so Sphinx skips it.

    Parameters
    ----------
    folder : where the sources go; what else is there is removed.
    front_page : the first page, with the contents.
    teacher : whether solutions and answers belong into the book.
    """
    wanted = dict(pages(teacher)) | {"index.md": front_page.encode()}
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def pages(teacher: bool) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the sources: its name and what is in it."""
    library = references.load()
    for path in copies.lessons():
        page = lesson_pages.page(notebook(path), path.name, library, solutions=teacher)
        yield path.as_posix(), page.encode()
    pictures = copies.LESSONS if current() == "en" else sidecar.FOLDER
    for path in pictures.glob("*.svg"):
        yield path.name, path.read_bytes()
    for path in copies.LESSONS.glob("pictures/exercise*.png"):
        yield f"pictures/{path.name}", path.read_bytes()
    texts = {
        "how_to_work.md": front.how_to_work(),
        "own_data.md": front.own_data(),
        "glossary.md": glossary_page.page(),
        "replications.md": replications_page.page(),
        "bibliography.md": references.page(),
    }
    texts |= api.pages() | teaching(teacher)
    for name, text in texts.items():
        yield name, text.encode()


def notebook(path: Path) -> dict:
    """Return a lesson in the language of the book."""
    if current() == "en":
        return json.loads((copies.LESSONS / path).read_text(encoding="utf-8"))
    return edition.notebook(path)


def teaching(teacher: bool) -> dict[str, str]:
    """Return the handbook: its guide for everybody, its answers only for the teacher."""
    if teacher:
        written = handbook.pages()
        del written["handbook.html"]
        written["index.md"] = written.pop("README.md") + TEACHERS_CONTENTS
        return {f"teaching/{name}": text for name, text in written.items()}
    guide = handbook.guide()
    for path in copies.lessons():
        guide = guide.replace(f"(lesson_{copies.short_name(path)}.md)", f"(../{path})")
    return {"teaching/index.md": guide}
