"""The pages that the book draws from READMEs: their links lead to its pages, not to the folder."""

import pytest

from helpers import language
from tools import copies
from tools.book import front
from tools.notebooks import markdown


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_links_and_pictures_are_those_of_the_book(spoken):
    lessons = {path.as_posix() for path in copies.lessons()}
    beside = {"glossary.md", "how_to_work.md", "own_data.md", "replications.svg", "tracks.svg"}
    with language.speaking(spoken):
        pages = [front.landing(teacher=False), front.how_to_work(), front.own_data()]
    for page in pages:
        assert set(markdown.links(page)) <= lessons | beside
        assert "pictures/" not in page
    assert lessons <= set(markdown.links(pages[0]))
    for path in copies.lessons():  # in the table of contents, too
        assert f"\n{path.with_suffix('').as_posix()}\n" in pages[0]
