"""The Chinese edition: complete, as faithful as can be tested, and told apart where it is not."""

import json
import re
import shutil
from pathlib import Path

import pytest

from exercises.engine import course
from helpers import churn, language
from helpers.data import cleaning, load_raw_shop
from tools import copies
from tools.notebooks import lesson
from tools.translation import edition, messages, outputs, sidecar

LESSONS = copies.lessons()
LESSON = Path("05_user_based_filtering.ipynb")


def test_outputs_become_stale_with_code_and_messages(tmp_path, monkeypatch):
    before = outputs.digest(LESSON)
    catalogs = tmp_path / "zh_CN/lessons"
    shutil.copytree(messages.FOLDER.parent, catalogs.parent)
    monkeypatch.setattr(messages, "FOLDER", catalogs)

    def replace(path, said, by):
        text = path.read_text(encoding="utf-8")
        assert said in text
        path.write_text(text.replace(said, by), encoding="utf-8")
        return outputs.digest(LESSON)

    hint = language.read(messages.path_of(LESSON))[next(messages.of_exercises(LESSON))]
    assert replace(messages.path_of(LESSON), hint, "提示") == before  # it is not shown
    assert replace(catalogs / "exercises.po", "这是最后一条提示", "没有了") == before
    assert replace(catalogs / "exercises.po", "尚未作答", "还没有答案") != before
    assert "have changed" in next(outputs.stale(LESSON))
    monkeypatch.setattr(outputs, "FOLDER", tmp_path)
    assert "have not been drawn" in next(outputs.stale(LESSON))
    assert outputs.faithful(LESSON) == {}


def test_a_number_that_differs_between_the_languages_is_found(tmp_path, monkeypatch):
    code = lesson.read(copies.LESSONS / LESSON).code
    cell = next(each for each in code if re.search(r"\d\.\d\d", each.printed))
    number = re.search(r"\d\.\d\d+", cell.printed)[0]
    monkeypatch.setattr(outputs, "FOLDER", tmp_path)
    for said, found in ((number, []), (f"{number}7", [cell.node.id])):
        shown = [json.loads(json.dumps(each).replace(number, said)) for each in cell.outputs]
        stored = {cell.node.id: shown}
        content = {"digest": outputs.digest(LESSON), "outputs": stored}
        outputs.path_of(LESSON).write_text(json.dumps(content), encoding="utf-8")
        assert [*stored.keys() - outputs.faithful(LESSON).keys()] == found
        assert bool([*outputs.unfaithful(LESSON)]) == bool(found)


def test_an_output_in_red_is_found(tmp_path, monkeypatch):
    digest, stored = outputs.read(LESSON)
    warning = {"output_type": "stream", "name": "stderr", "text": "findfont: no bold\n"}
    content = {"digest": digest, "outputs": stored | {next(iter(stored)): [warning]}}
    monkeypatch.setattr(outputs, "FOLDER", tmp_path)
    outputs.path_of(LESSON).write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(outputs, "digest", lambda path: digest)
    assert "writes to stderr, 'findfont: no bold'" in next(outputs.unfaithful(LESSON))


def test_a_text_of_the_lessons_has_one_translation():
    found = {}
    for path in sorted(messages.FOLDER.glob("*.po")):
        for text, said in language.read(path).items():
            assert found.setdefault(text, said) == said, (path.stem, text)


def test_what_helpers_print_is_in_chinese():
    with language.speaking("zh"):
        _, ledger = cleaning.clean_shop(load_raw_shop())
        guide = churn.feature_guide()
    sentences = [*ledger.table()["why"], *guide["window"], *guide["meaning"].drop("per_purchase")]
    assert [text for text in sentences if not re.search(r"[\u4e00-\u9fff]", text)] == []
    assert guide["comes_from"].eq("events").any()  # by which code chooses


@pytest.mark.parametrize("name", ["production.svg", "tracks.svg"])
def test_pictures_differ_in_their_words_alone(name):
    drawn = [
        re.sub(r">[^<\n]+<", "><", (folder / name).read_text(encoding="utf-8"))
        for folder in (copies.LESSONS, sidecar.FOLDER)
    ]
    assert drawn[0] == drawn[1]


def test_titles_of_lessons_are_those_of_the_chinese_headings():
    known = language.catalog("zh", language.LESSONS)
    for number, name in (title.split(" · ") for title in course.lessons()):
        for path in sidecar.FOLDER.glob(f"{number}_*.md"):
            heading = f"\n# {number} · {known[name]}\n"
            assert heading in path.read_text(encoding="utf-8")


def test_a_translated_lesson_has_the_code_of_the_original_and_its_own_figures():
    original = json.loads(copies.original(LESSON))
    ours = json.loads(edition.original(LESSON))
    assert [cell["id"] for cell in ours["cells"]] == [cell["id"] for cell in original["cells"]]
    figures = []
    for one, other in zip(original["cells"], ours["cells"], strict=True):
        if one["cell_type"] == "code":
            assert one | {"outputs": []} == other | {"outputs": []}
            shown = [[out["output_type"] for out in cell["outputs"]] for cell in (one, other)]
            assert shown[0] == shown[1]
            figures += [one["outputs"] != other["outputs"]]
        else:
            assert re.search(r"[\u4e00-\u9fff]", "".join(other["source"]))
    assert any(figures)


def test_a_link_leads_to_the_translated_heading():
    for path in LESSONS:
        for cell in sidecar.translated(path)["cells"]:
            for link in sidecar.LINK.finditer("".join(cell["source"])):
                target = path.parent / link["notebook"] if link["notebook"] else path
                known = {sidecar.unquote(each) for each in sidecar.headings(target).values()}
                assert sidecar.unquote(link["anchor"]) in known, (path, link[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("43% of `x`", "`x` 的 34%"),
        ("see `x`", "参见 `y`"),
        ("so $a+b$", "所以 $a-b$"),
        ("[07](07_evaluation.ipynb)", "[07](08_content_and_cold_start.ipynb)"),
        ("## 3 · Means", "### 3 · 均值"),
        ("the **mean**", "均值"),
    ],
)
def test_an_unfaithful_translation_is_found(text, said):
    assert list(sidecar.differences(text, said))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("On May 8, 1.2 million of 26,000", "5 月 8 日，26,000 中的 120 万"),
        ("$a$ is `x` in 3 of 4", "4 个里有 3 个，`x` 是 $a$"),
        ("10,000,000 rows", "1,000 万行"),
    ],
)
def test_a_faithful_translation_may_be_put_in_another_order(text, said):
    assert list(sidecar.differences(text, said)) == []


@pytest.fixture
def course_of_two(tmp_path, monkeypatch):
    """A course of one lesson with two cells, of which the second has a translation."""
    monkeypatch.setattr(copies, "LESSONS", tmp_path)
    monkeypatch.setattr(sidecar, "FOLDER", tmp_path / "zh")
    sidecar.headings.cache_clear()
    texts = {
        "a1": "## 1 · Carts\n\nA cart.",
        "b2": "## 2 · Baskets\n\n3 of 4, see [1](#1-·-Carts).",
    }
    cells = [{"cell_type": "markdown", "id": id, "source": [text]} for id, text in texts.items()]
    (tmp_path / "05_x.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "zh").mkdir()
    said = "## 2 · 购物篮\n\n4 个中的 3 个，见 [1](#1-·-Carts)。"
    (tmp_path / "zh/05_x.md").write_text(sidecar.marked("b2", texts["b2"], said))
    return Path("05_x.ipynb")


def test_what_is_not_translated_is_stale_and_shown_in_english(course_of_two):
    (missing,) = sidecar.stale(course_of_two)
    assert "cell a1 (## 1 · Carts) has no translation" in missing
    first, second = ("".join(c["source"]) for c in sidecar.translated(course_of_two)["cells"])
    assert first == f"## 1 · Carts\n\n{sidecar.IN_ENGLISH}\n\nA cart."
    assert sidecar.unquote(second) == "## 2 · 购物篮\n\n4 个中的 3 个，见 [1](#1-·-Carts)。"
    assert "A cart." in sidecar.draft(course_of_two)


def test_a_number_that_differs_is_unfaithful_only_while_the_english_is_the_one_translated(
    course_of_two,
):
    file = sidecar.path_of(course_of_two)
    file.write_text(file.read_text().replace("4 个中的 3 个", "4 个中的 2 个"))
    (wrong,) = sidecar.unfaithful(course_of_two)
    assert "3 is missing, 2 is new" in wrong
    english = copies.LESSONS / course_of_two
    english.write_text(english.read_text().replace("3 of 4", "3 of 5"))
    assert list(sidecar.unfaithful(course_of_two)) == []
    assert "has changed since it was translated" in [*sidecar.stale(course_of_two)][1]
    english.write_text(json.dumps({"cells": []}))
    assert "not in the lesson any more" in next(sidecar.stale(course_of_two))


def test_a_text_with_numbers_is_looked_up_without_them(monkeypatch):
    known = {"{}% of {} buyers": "{1} 位买家中的 {0}%"}
    monkeypatch.setattr(language, "catalog", lambda code, part: known if code == "zh" else {})
    assert language.say_with_numbers("43% of 1,200 buyers") == "43% of 1,200 buyers"
    with language.speaking("zh"):
        assert language.say_with_numbers("43% of 1,200 buyers") == "1,200 位买家中的 43%"
        assert language.say_with_numbers("43% of all") == "43% of all"
        assert language.say_with_numbers("a {set}") == "a {set}"


def test_a_placeholder_that_is_lost_is_found(tmp_path):
    file = tmp_path / "x.po"
    entry = 'msgid "{} of {} users"\nmsgstr "{0} 位用户"\n'
    file.write_text(f"{messages.HEAD}\n{entry}", encoding="utf-8")
    assert "placeholders" in next(messages.unfaithful(file))
