"""The landing page and two guides, drawn from the README and the page of the report.

Those of the Chinese edition are in ``notebooks/zh/``, with the same sections in Chinese.
"""

import json
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
TOPICS = {
    "Know the customers": "00 01 02 03 03b",
    "Recommend": "04 05 06 07 08 09 09b 09c 09d 09e 09f",
    "Find segments, and keep customers": "10 11 11b 11c",
    "Baskets and demand": "12 13 13b",
    "Decide": "14 14b 14c 14d 15 capstone",
    "Run it every day": "16 16b 16c 17 17b 17c",
    "Words, pictures, people": "18 18b 19 20",
}
DESCRIBED = """\
---
myst:
  html_meta:
    description: {}
---"""
CONTENTS = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def landing(teacher: bool) -> str:
    """Return the first page: what the course is, an exercise, the lessons, the contents."""
    title, what, proofs = opening()
    proofs = re.sub(r"!\[.*\]\(replications.svg\)", r"[\g<0>](replications.md)", proofs)
    if teacher:
        what += "\n\n**This is the teacher's book**: each exercise shows its solution."
    parts = [DESCRIBED.format(json.dumps(what)), title, what, buttons(), exercise(), proofs]
    return "\n\n".join([*parts, lessons(), *contents()])


def opening() -> list[str]:
    """Return title, first sentences and the rest of what the README says before its sections."""
    return readme().partition(f"\n{SECTIONS[current()]['start']}\n")[0].split("\n\n", 2)


def buttons() -> str:
    """Return where one goes on: to read, to work, to the other language."""
    other, name = {"en": ("zh", "中文"), "zh": ("en", "English")}[current()]
    return (
        f"[{say('Read lesson 00')}](00_start_here.ipynb){{.button}}\n"
        f"[{say('Work on it')}](how_to_work.md){{.button}}\n"
        f'<a class="button" lang="{other}" href="../{other}/index.html">{name}</a>'
    )


def exercise() -> str:
    """Return the README's picture of an exercise, one for the day and one for the night."""
    text = readme_path().read_text(encoding="utf-8")
    described = re.search(r'alt="([^"]*)"', text)[1]
    return "\n".join(
        f"![{described}]({name}){{.only-{time} width=560}}"
        for name, time in re.findall(r"(pictures/exercise-\S*?(light|dark)\.png)", text)
    )


def lessons() -> str:
    """Return the section of the lessons: the ways through them, and a card for each, by topic."""
    text = section(SECTIONS[current()]["lessons"])
    before, table, after = re.split(r"(?s)!\[[^\n]*\n\n(\|.*?\n\n)", text)
    cells = [row.strip("| ").split(" | ") for row in table.strip().splitlines()[2:]]
    rows = {re.search(r"\((\w+?)[_.]", link)[1]: (link, *rest) for link, *rest in cells}
    parts = [before.strip(), tracks({name: link for name, (link, *_) in rows.items()})]
    for topic, names in TOPICS.items():
        cards = [card(name, *rows[name][:3]) for name in names.split()]
        parts += [f"### {say(topic)}", "{.cards}\n" + "\n".join(cards)]
    return "\n\n".join([*parts, after])


def tracks(links: dict[str, str]) -> str:
    """Return a table of the tracks, each with links to its lessons."""
    rows = [f"| {say('Track')} | {say('Lessons')} |", "|---|---|"]
    for track, names in TRACKS.items():
        numbers = [re.sub(r"\[.*?\]", f"[{name}]", links[name]) for name in names.split()]
        rows.append(f"| **{say(track)}** | {' '.join(numbers)} |")
    return "\n".join(rows)


def card(name: str, link: str, question: str, minutes: str) -> str:
    """Return a lesson's entry in the list of a topic; the data scientist's track has every one."""
    others = {track: names for track, names in TRACKS.items() if track != "Data scientist"}
    ways = [say(track) for track, names in others.items() if name in names.split()]
    minutes = say("{n} minutes", n=minutes)
    return f"- **{link}**\n\n  {question}\n\n  {' · '.join([minutes, *ways])}\n"


def contents() -> list[str]:
    """Return the contents, which stand beside each page."""
    paths = [path.with_suffix("").as_posix() for path in copies.lessons()]
    pages = {
        say("Lessons"): [path for path in paths if "/" not in path],
        say("Case studies"): [path for path in paths if "/" in path],
        say("Guides"): ["how_to_work", "own_data", "replications", "teaching/index"],
        say("Reference"): ["glossary", "bibliography", "genindex", "api/index"],
    }
    return [
        CONTENTS.format(caption=caption, pages="\n".join(listed))
        for caption, listed in pages.items()
    ]


def how_to_work() -> str:
    """Return the guide for learners."""
    heads = SECTIONS[current()]
    title = heads["work"].replace("##", "#")
    return "\n\n".join([title, section(heads["start"]), section(heads["work"]).partition("\n")[2]])


def own_data() -> str:
    """Return the guide to the report on one's own file."""
    written = {"en": ROOT / "apps/report/README.md", "zh": sidecar.FOLDER / "own_data.md"}
    return for_the_book(written[current()])


def readme_path() -> Path:
    """Return where the README in the language of the book is."""
    return ROOT / "README.md" if current() == "en" else sidecar.FOLDER / "README.md"


def readme() -> str:
    """Return the README in the language of the book."""
    return for_the_book(readme_path())


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
