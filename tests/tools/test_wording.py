"""All that learners, teachers and authors read is in plain English, or in one kind of Chinese."""

import pytest

from helpers import language
from tools import env, wording
from tools.translation import glossary, sidecar

PAGES = [
    *(env.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *(env.ROOT / "tools/classroom").rglob("*.md"),
    env.ROOT / "notebooks/glossary.md",
    env.ROOT / "apps/report/README.md",
]
IN_CHINESE = [
    *(env.ROOT / "notebooks/zh").rglob("*.md"),
    *(env.ROOT / "helpers/locale").rglob("*.po"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(env.ROOT).as_posix())
def test_a_page_has_no_unwanted_phrase(page):
    assert list(wording.unwanted(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", IN_CHINESE, ids=lambda path: path.relative_to(env.ROOT).as_posix())
def test_the_lessons_and_the_report_speak_one_dialect(page):
    po = page.suffix == ".po"
    text = "\n".join(language.read(page).values()) if po else page.read_text(encoding="utf-8")
    assert list(wording.unwanted(sidecar.outside(text), wording.IN_CHINESE)) == []


def test_the_glossary_speaks_it_too():
    text = "\n".join(f"{each.name}\n{each.definition}" for each in glossary.entries())
    assert list(wording.unwanted(sidecar.outside(text), wording.IN_CHINESE)) == []
