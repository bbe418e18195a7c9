"""A lesson in the book: what is changed on the way, and that nothing else is."""

import json
from pathlib import Path

import pytest

from exercises.engine import course
from helpers import language
from tools import copies
from tools.book import folds, glossary_page, lesson_pages, pdf, references, sources
from tools.notebooks import glossary

LIBRARY = references.load()
LESSON = Path("05_user_based_filtering.ipynb")


def made(**options):
    return json.loads(lesson_pages.page(sources.notebook(LESSON), LESSON.name, LIBRARY, **options))


@pytest.fixture(scope="module")
def page():
    return made()


def text(notebook):
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"])


def test_code_and_outputs_are_those_of_the_notebook(page):
    original = json.loads((copies.LESSONS / LESSON).read_text(encoding="utf-8"))
    before = [cell for cell in original["cells"] if cell["cell_type"] == "code"]
    after = [cell for cell in page["cells"] if cell["cell_type"] == "code"]
    assert [cell["source"] for cell in before] == [cell["source"] for cell in after]
    for one, other in zip(before, after, strict=True):
        is_exercise = "check(" in "".join(one["source"])
        if "figure" not in other["metadata"].get("mystnb", {}):
            assert other["outputs"] == ([] if is_exercise else one["outputs"])


def test_no_solution_stands_in_it_unless_it_is_the_teachers(page):
    ids = [id for id in course.exercises() if id.startswith("05-")]
    teachers = text(made(solutions=True))
    assert text(page).count('<details class="solution">') == 0
    assert teachers.count('<details class="solution">') == len(ids)
    for id in ids:
        assert folds.solution(course.find(id)).strip() in teachers


def test_each_hint_is_inside_the_one_before():
    folded = folds.hints(course.find("05-2"))
    assert folded.index("Hint 1") < folded.index("Hint 2") < folded.index("Hint 3")
    assert folded.endswith("</details>" * 3)
    assert "\n\n" not in folded  # which would end the HTML


def test_the_words_of_a_figure_are_its_caption_and_no_longer_printed():
    words = {"output_type": "stream", "text": ["seen\n", "In words: $3 of *5*，≥ 2.\n"]}
    image = {"output_type": "display_data", "data": {"image/png": ""}}
    made = lesson_pages.with_caption({"metadata": {}, "outputs": [words, image]})
    assert made["metadata"]["mystnb"]["figure"] == {"caption": r"\$3 of \*5\*，≥ 2\."}
    assert made["outputs"] == [words | {"text": "seen\n"}, image]
    words = words | {"text": ["In words: one.\n"]}
    assert lesson_pages.with_caption({"metadata": {}, "outputs": [words, image]})["outputs"] == [
        image
    ]


def test_terms_in_bold_lead_to_the_glossary(page):
    assert "{term}`weighted mean <weighted mean>`" in text(page)
    terms = {"a/b test": "A/B test"}
    assert lesson_pages.with_terms("an **A/B test**, **no term**", terms) == (
        "an {term}`A/B test <A/B test>`, **no term**"
    )


def test_an_answer_is_no_term(page):
    assert "- **a** " in text(page)
    assert min(map(len, glossary_page.terms())) == 3
    with language.speaking("zh"):
        assert "近度" in glossary_page.terms()
        assert not {"a", "p", "ci"} & glossary_page.terms().keys()


@pytest.mark.parametrize("code", ["en", "zh"])
def test_keys_of_jupyterlab_are_left_out(code):
    with language.speaking(code):
        original, page = sources.notebook(LESSON), made()
    assert "Shift+Enter" in text(original)
    assert "Shift+Enter" not in text(page)
    assert "05-1" in text(page)


def test_the_glossary_has_each_term_once_and_says_where_it_is_used():
    written = glossary_page.page()
    for each in glossary.entries():
        last = each.names[-1]
        entry = f"\n{last} : {glossary_page.letter(last)}\n    {each.definition}"
        assert written.count(entry) == 1
    assert glossary_page.spoken("cohort", "two cohorts came")
    assert not glossary_page.spoken("cohort", "the cohortative mood")


def test_a_page_that_has_not_changed_is_not_written_again(tmp_path, monkeypatch):
    wanted = {"a.md": b"one", "b/c.md": b"two"}
    monkeypatch.setattr(sources, "pages", lambda teacher: wanted.items())
    sources.write(tmp_path, "# Front")
    (tmp_path / "left.md").write_text("of an earlier lesson")
    before = (tmp_path / "a.md").stat().st_mtime_ns
    wanted["b/c.md"] = b"three"
    sources.write(tmp_path, "# Front")
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert (tmp_path / "b/c.md").read_bytes() == b"three"
    assert not (tmp_path / "left.md").exists()


def test_only_the_teachers_handbook_has_answers():
    everybody, teachers = sources.teaching(teacher=False), sources.teaching(teacher=True)
    assert set(everybody) == {"teaching/index.md"}
    assert "lesson_05.md" not in everybody["teaching/index.md"]
    assert "teaching/lesson_05.md" in teachers


def test_the_pdf_has_the_essentials_in_order_and_what_they_refer_to():
    chapters = pdf.chapters()
    numbers = [chapter.split("_")[0] for chapter in chapters]
    assert numbers == [*course.TRACKS["Essentials"].split(), "glossary", "bibliography"]
    assert "\n".join(chapters) in pdf.title_page()
