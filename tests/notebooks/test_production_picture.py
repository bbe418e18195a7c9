"""The picture of the shop in production is true: what it names is there."""

import re
from importlib.util import find_spec

from apps.service.tables import metadata
from exercises.engine import course
from tools import copies

PICTURE = (copies.LESSONS / "production.svg").read_text(encoding="utf-8")


def shown(kind):
    """Return the words of one kind, which stand in a box with " · " between them."""
    lines = re.findall(rf'<text class="{kind}"[^>]*>([^<]*)<', PICTURE)
    return {word for line in lines for word in line.split(" · ")}


def test_it_names_modules_that_exist_and_all_tables():
    modules = {name for name in shown("name") if "." in name}
    assert [name for name in modules if not find_spec(name)] == []
    assert shown("name") - modules == set(metadata.tables)


def test_every_lesson_exists():
    assert shown("lesson") <= {title.partition(" · ")[0] for title in course.lessons()}
