"""The landing page and two guides, drawn from the README and the page of the report.

Those of the Chinese edition are in ``notebooks/zh/``, with the same sections in Chinese.
"""

import re
from pathlib import Path

from exercises.engine.course import TRACKS
from helpers.language import current, say
from tools import copies
from tools.env import ROOT
from tools.translation import sidecar

SECTIONS = {  # of the README, by language
    "en": {
        "start": "## Start",
        "lessons": "## The lessons",
        "work": "## How to work with the lessons",
    },
    "zh": {
        "start": "## 开始",
        "lessons": "## 课程目录",
        "work": "## 怎样使用这些课程",
    },
}
CONTENTS = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def landing(teacher: bool) -> str:
    """Return the first page: what the course is, its lessons with their questions, the contents."""
    heads = SECTIONS[current()]
    opening = readme().partition(f"\n{heads['start']}\n")[0]
    if teacher:
        opening += "\n\n**This is the teacher's book**: each exercise shows its solution.\n"
    paths = [path.with_suffix("").as_posix() for path in copies.lessons()]
    contents = {
        say("Lessons"): [path for path in paths if "/" not in path],
        say("Case studies"): [path for path in paths if "/" in path],
        say("Guides"): ["how_to_work", "own_data", "replications"],
        say("Reference"): ["glossary", "bibliography", "genindex"],
    }
    if current() == "en":
        contents[say("Guides")].append("teaching/index")
        contents[say("Reference")].append("api/index")
    trees = [
        CONTENTS.format(caption=caption, pages="\n".join(pages))
        for caption, pages in contents.items()
    ]
    return "\n\n".join([opening, read_or_work(), section(heads["lessons"]), *trees])


def read_or_work() -> str:
    """Return what the book is, and how to go on from reading."""
    command = "make lab" if current() == "en" else f"make lab LANG={current()}"
    parts = [
        f"## {say('Read, or work')}",
        say(
            "This book has everything that the notebooks have: text, code, results and figures. To "
            "run the code, change it, and have your answers checked, get the course's folder and "
            "type"
        ),
        f"```bash\n{command}\n```",
        say(
            "[How to work with the lessons](how_to_work.md) tells more; [your own "
            "data](own_data.md) shows how to make a report on a shop's file of orders with one "
            "command."
        ),
    ]
    return "\n\n".join(parts)


def how_to_work() -> str:
    """Return the guide for learners."""
    heads = SECTIONS[current()]
    title = heads["work"].replace("##", "#")
    return "\n\n".join([title, section(heads["start"]), section(heads["work"]).partition("\n")[2]])


def own_data() -> str:
    """Return the guide to the report on one's own file."""
    written = {"en": ROOT / "apps/report/README.md", "zh": sidecar.FOLDER / "own_data.md"}
    return for_the_book(written[current()])


def tracks_map() -> str:
    """Return the picture of the tracks."""
    picture = (copies.LESSONS / "tracks.svg").read_text(encoding="utf-8")
    if current() == "en":
        return picture
    picture = picture.replace("Six ways through the course. ", "")
    for name in TRACKS:
        picture = re.sub(f"{name}(?=[<:])", say(name), picture)
    for path in copies.lessons():
        if path.parent == Path() and (first := next(iter(sidecar.read(path).values()), None)):
            title = first.text.partition("\n")[0].removeprefix("# ")
            picture = re.sub(f">{title.partition(' · ')[0]} · [^<]*<", f">{title}<", picture)
    return picture


def readme() -> str:
    """Return the README in the language of the book."""
    return for_the_book(ROOT / "README.md" if current() == "en" else sidecar.FOLDER / "README.md")


def for_the_book(page: Path) -> str:
    """Return a page without its pictures and its menu; its links lead to pages of the book."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(?s)<picture>.*?</picture>\n*", "", text)
    text = re.sub(r"(?ms)^\[\w+\]\(#.*?\n\n", "", text)
    text = re.sub(r"\((?:\.\./|notebooks/)+", "(", text)
    return re.sub(r"\((\d\w+|case_studies/\w+|capstone)\.md\)", r"(\1.ipynb)", text)


def section(heading: str) -> str:
    """Return a section of the README: from its heading to the next of the same level or above."""
    text = readme()
    start = text.index(f"{heading}\n")
    level = len(heading.split()[0])
    end = re.search(rf"(?m)^#{{1,{level}}} ", text[start + len(heading) :])
    return text[start : start + len(heading) + end.start()] if end else text[start:]
