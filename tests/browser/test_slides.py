"""Decks in a real browser: each slide fits a projector, and the keys do what the handbook says."""

import re

import pytest

from tools.classroom import nbgrader, slides

DECKS = [each for each in nbgrader.lessons() if (slides.DECKS / f"{each.number}.md").exists()]
PROJECTOR = {"width": 1280, "height": 720}
# What does not fit: the slide's number and heading, and what is wrong with it.
UNFIT = """() => [...document.querySelectorAll("section")].flatMap((slide, k) => {
    const body = slide.querySelector("div"), heading = slide.querySelector("h1");
    const lines = heading.clientHeight / parseFloat(getComputedStyle(heading).lineHeight);
    const small = [...body.querySelectorAll("img")].some((image) => {
        const { clientWidth, clientHeight, naturalWidth, naturalHeight } = image;
        return Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight) < 0.85;
    });
    const wrong = [
        slide.clientHeight !== innerHeight && "not as high as the window",
        body.scrollHeight > body.clientHeight && "too high",
        body.scrollWidth > body.clientWidth && "too wide",
        lines > 2.5 && "a heading of three lines",
        small && "a figure much smaller than in the lesson",
    ].filter(Boolean);
    return wrong.length ? [`${k + 1}: ${wrong.join(", ")}`] : [];
})"""


@pytest.fixture
def project(visit, tmp_path):
    """Open the deck of a lesson as a projector shows it."""

    def project(lesson):
        path = tmp_path / "deck.html"
        path.write_text(slides.deck(lesson), encoding="utf-8")
        page = visit(path)
        page.set_viewport_size(PROJECTOR)
        return page

    return project


@pytest.mark.parametrize("lesson", DECKS, ids=lambda each: each.number)
def test_each_slide_fits(project, lesson):
    page = project(lesson)
    assert page.evaluate(UNFIT) == []
    assert page.errors == []


def test_keys_turn_slides_and_show_the_notes(project):
    page = project(DECKS[0])

    def shown(key):
        page.keyboard.press(key)
        page.wait_for_timeout(800)
        return page.evaluate("scrollY / innerHeight")

    keys = ["Space", "PageDown", "ArrowDown", "ArrowRight", "PageUp", "ArrowLeft"]
    assert [shown(key) for key in keys] == [1, 2, 3, 4, 3, 2]
    notes = page.locator("aside").nth(2)
    assert not notes.is_visible()
    assert shown("n") == 2
    assert notes.is_visible()
    assert shown("n") == 2
    assert not notes.is_visible()


def test_each_slide_is_printed_with_its_notes(project):
    printed = project(DECKS[0]).pdf()
    assert len(re.findall(rb"/Type /Page\b", printed)) == len(list(slides.slides(DECKS[0])))
