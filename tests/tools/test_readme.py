"""README, and the page of your own data, say what the lessons and the code say; Chinese, too."""

import re

import pytest

from apps.report.own_shop.names import ROLES
from apps.report.own_shop.options import ALLOWED, WORDS, read_map
from apps.report.own_shop.shop import HOW, read_own_shop
from tools import copies, env, links, report
from tools.classroom import nbgrader
from tools.notebooks import lesson, timing
from tools.translation import sidecar

README = (env.ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (sidecar.FOLDER / "README.md").read_text(encoding="utf-8")
OWN_DATA = (env.ROOT / "apps/report/README.md").read_text(encoding="utf-8")


def test_the_lessons_stand_in_the_table_and_are_counted():
    lessons = nbgrader.lessons()
    for taught in lessons:
        assert f"\n| [{taught.title}](notebooks/{taught.path.name}) | " in README
        path = taught.path.relative_to(copies.LESSONS)
        if blocks := sidecar.read(path):
            translated = next(iter(blocks.values())).text.splitlines()[0].removeprefix("# ")
            assert f"\n| [{translated}]({path.stem}.md) | " in CHINESE
    assert f"{len(lessons)} lessons" in README
    assert f"{len(lessons)} 课" in CHINESE


@pytest.mark.parametrize("page", [README, CHINESE], ids=["English", "Chinese"])
def test_minutes_and_hours_are_those_of_today(page):
    assert timing.with_times(page, nbgrader.lessons()) == page  # else: make notebook


def test_each_case_study_stands_in_the_table():
    for path in copies.lessons():
        read = lesson.read(copies.LESSONS / path)
        if not read.number:
            name = read.cells[0].blocks[0].text.partition(":")[0]
            assert f"\n| [{name}](notebooks/{path}) | " in README
            translated = next(iter(sidecar.read(path).values())).text.partition("：")[0]
            name = translated.removeprefix("# ")
            assert f"\n| [{name}]({path.with_suffix('.md')}) | " in CHINESE


@pytest.mark.parametrize("name", ["README.md", "own_data.md"])
def test_the_links_of_a_chinese_page_lead_somewhere(name):
    page = sidecar.FOLDER / name
    assert list(links.problems(page, links.read(page))) == []


def test_the_chinese_page_of_your_own_data_has_the_same_roles_settings_and_fields():
    translated = (sidecar.FOLDER / "own_data.md").read_text(encoding="utf-8")
    names = re.compile(r"`([a-z_]+)`")  # of roles, settings, fields; without commands
    assert names.findall(translated) == names.findall(OWN_DATA)


TYPES = {"integer": int, "number": float, "text": str, "object": dict, "list of texts": list}
WITHOUT = "if no column says who bought", "if the file has no money", "if no line can be used"


def rows_below(heading):
    """Return the rows of a table in the page of your own data: the cells of each."""
    table = OWN_DATA.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table]


@pytest.fixture
def figures(tmp_path):
    """Return the figures of a file with these lines."""

    def of(*lines):
        path = tmp_path / "orders.csv"
        path.write_text("\n".join(lines))
        return report.figures(read_own_shop(path))

    return of


def test_each_field_of_the_json_is_described_with_its_type(figures):
    fields = rows_below("Field")
    made = figures("customer,order,date,total", "7,1,2025-03-25,9.50", "8,2,2025-03-26,-2.25")
    assert [f"`{name}`" for name in made] == [name for name, *_ in fields]
    for (_, kind, *_), value in zip(fields, made.values(), strict=True):
        assert type(value) is TYPES[kind]


@pytest.mark.parametrize(
    ("lines", "nothing"),
    [
        (["order,date,total", "1,2025-03-25,9.50"], WITHOUT[0]),
        (["customer,order,date", "7,1,2025-03-25"], WITHOUT[1]),
        (["customer,order,date,total,status", "7,1,2025-03-25,9.50,canceled"], WITHOUT[2]),
    ],
)
def test_a_field_is_null_where_the_page_says_so(figures, lines, nothing):
    fields = {name.strip("`"): null for name, _, _, null in rows_below("Field")}
    assert set(fields.values()) == {*WITHOUT, "never"}
    made = figures(*lines)
    assert [name for name, value in made.items() if value is None] == [
        name for name, null in fields.items() if null == nothing
    ]


def test_how_a_column_was_decided_is_listed():
    (columns,) = (text for name, _, text, _ in rows_below("Field") if name == "`columns`")
    assert re.findall(r"`(\w+)`", columns.partition("decided: ")[2]) == list(HOW)


def test_each_role_and_each_setting_is_listed():
    roles = re.search(r"The\sroles are (.*?)\.\n", OWN_DATA, re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", roles) == list(ROLES)
    settings = {name.strip("`"): values for name, values, _ in rows_below("Setting")}
    assert list(settings) == list(ALLOWED)
    for name, allowed in ALLOWED.items():
        listed = re.findall(r"`(\w+)`", settings[name])
        if isinstance(allowed, tuple):
            assert {WORDS.get(word, word) for word in listed} == set(allowed)
        for word in listed:
            assert read_map(f"{name}={word}").settings
