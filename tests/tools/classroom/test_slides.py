"""The slides hold each idea, figure and exercise of a lesson once, and need nothing else."""

import re

import pytest

from tools.classroom import nbgrader, slides
from tools.notebooks.timing import UNREAD

LESSONS = nbgrader.lessons()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.number)
def test_each_figure_exercise_and_section_has_its_slide(lesson):
    made = list(slides.slides(lesson))
    images = [
        output["data"]["image/png"].replace("\n", "")
        for cell in lesson.core.code
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert [slide.image for slide in made if slide.image] == images
    assert all(slide.caption[0] == slide.caption[0].upper() for slide in made if slide.image)
    assert all(slide.points or slide.body or slide.image for slide in made)
    assert all(len(slide.points) <= slides.MOST_POINTS for slide in made)
    blocks = [block for cell in lesson.core.cells for block in cell.blocks]
    headings = [b.text for b in blocks if b.level in (1, 2) and b.text != UNREAD]
    shown = dict.fromkeys(slide.heading for slide in made)
    assert headings == [each for each in shown if each in headings]
    for id in [id for id, each in lesson.exercises.items() if not each.further]:
        assert sum(f" {id} · " in slide.heading for slide in made) == 1


def test_a_slide_says_terms_formulas_and_results():
    text = "Some words. A share is a **rate**. More, et al. Words.\n\n$$a = b$$\n\n- **x** is y"
    points = ["A share is a **rate**.", "$$a = b$$", "**x** is y"]
    assert list(slides._points(text, after_output=False)) == points
    assert list(slides._points(text, after_output=True)) == ["Some words.", *points]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.number)
def test_a_deck_needs_nothing_else(lesson):
    deck = slides.deck(lesson)
    assert not re.search(r"<script|<link|@import|url\(|https?://(?!www\.w3\.org)", deck)
    assert set(re.findall(r'src="(.{11})', deck)) <= {"data:image/"}
    assert not re.search(r"\\(?:frac|text|sum|begin)\b", deck)  # a formula that was not understood
