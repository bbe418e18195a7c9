"""All that learners, teachers and authors read is in plain English."""

import pytest

from tools import env, wording

PAGES = [
    *(env.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *(env.ROOT / "tools/classroom").rglob("*.md"),
    env.ROOT / "notebooks/glossary.md",
    env.ROOT / "apps/report/README.md",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(env.ROOT).as_posix())
def test_a_page_has_no_unwanted_phrase(page):
    assert list(wording.unwanted(page.read_text(encoding="utf-8"))) == []
