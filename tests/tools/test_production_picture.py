"""The picture of the shop in production is true: what it names is there."""

import ast
import itertools
from importlib.util import find_spec

import pytest

from helpers.exercises import course
from helpers.production.tables import metadata
from tools import production_picture as picture
from tools.env import ROOT

STEPS = [*picture.NIGHT, *picture.DAY, *picture.BESIDE.values()]
NAMES = [name for step in STEPS for line in step.names for name in line.split(" · ")]


def test_the_picture_is_the_newest():
    assert picture.PICTURE.read_text(encoding="utf-8") == picture.drawn()


@pytest.mark.parametrize("name", NAMES)
def test_every_table_and_module_exists(name):
    assert find_spec(name) if "." in name else name in metadata.tables


def test_the_nightly_job_is_made_of_what_is_in_it():
    used = set()
    for name in ("features", "models", "scoring"):
        tree = ast.parse((ROOT / f"helpers/production/{name}.py").read_text(encoding="utf-8"))
        froms = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        used |= {module.split(".")[1] for module in froms if module.startswith("helpers.")}
    shown = [name for step in picture.NIGHT for name in step.names if name.startswith("helpers.")]
    assert {name.split(".")[1] for name in shown} == used - {"production"}


def test_every_table_of_the_system_is_in_it():
    assert set(metadata.tables) <= set(NAMES)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.does)
def test_every_lesson_exists(step):
    lessons = {title.partition(" · ")[0] for title in course.lessons()}
    assert set(step.lessons) <= lessons


def luminance(color):
    """Relative luminance of an sRGB color, as WCAG 2 defines it."""
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_in_the_definition():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)  # 1.05 / 0.05


@pytest.mark.parametrize("colors", [picture.LIGHT, picture.DARK], ids=["day", "night"])
def test_it_can_be_read_by_day_and_by_night(colors):
    on = [("ink", "box"), ("quiet", "box"), ("ink", "paper"), ("quiet", "paper")]
    on += [("blue", "sky"), ("orange", "sand")]
    on += itertools.product(["paper"], ["blue", "orange", "green"])  # a lesson's number
    for text, ground in on:
        assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)


def test_it_says_in_words_what_it_shows():
    title = picture.drawn().split("<title>")[1].split("</title>")[0]
    for step in STEPS:
        assert step.does.lower() in title
