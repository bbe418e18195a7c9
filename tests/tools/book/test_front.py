"""The pages that the book draws from READMEs: their links lead to its pages, not to the folder."""

from pathlib import Path

import pytest

from exercises.engine.course import TRACKS
from helpers import language
from tools import copies
from tools.book import front
from tools.notebooks import markdown


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_links_and_pictures_are_those_of_the_book(spoken):
    lessons = {path.as_posix() for path in copies.lessons()}
    beside = {"glossary.md", "how_to_work.md", "own_data.md", "replications.md", "replications.svg"}
    beside.add(f"../{'en' if spoken == 'zh' else 'zh'}/index.html")
    exercise = "-zh" * (spoken == "zh")
    beside |= {f"pictures/exercise{exercise}-{time}.png" for time in ("light", "dark")}
    with language.speaking(spoken):
        pages = [front.landing(teacher=False), front.how_to_work(), front.own_data()]
    for page in pages:
        assert set(markdown.links(page)) <= lessons | beside
    assert lessons <= set(markdown.links(pages[0]))
    for path in copies.lessons():  # in the table of contents, too
        assert f"\n{path.with_suffix('').as_posix()}\n" in pages[0]


def test_each_lesson_has_one_card_with_its_minutes_and_tracks():
    named = " ".join(front.TOPICS.values()).split()
    assert sorted(named) == sorted(
        copies.short_name(path) for path in copies.lessons() if path.parent == Path()
    )
    card = front.card("09", "[09 · Matrix factorization](09.ipynb)", "What?", "75")
    assert card.splitlines() == [
        "- **[09 · Matrix factorization](09.ipynb)**",
        "",
        "  What?",
        "",
        "  75 minutes · Analyst · Recommender",
    ]


def test_a_track_leads_to_its_lessons():
    links = {name: f"[{name} · Title]({name}.ipynb)" for name in TRACKS["Data scientist"].split()}
    last = front.tracks(links).splitlines()[-1]
    numbers = " ".join(f"[{name}]({name}.ipynb)" for name in ("00", "01", "04", "05", "06", "07"))
    assert last == f"| **Recommender first** | {numbers} |"
