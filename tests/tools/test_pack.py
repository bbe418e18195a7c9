"""What a class is given: no solution reaches the students, and their exercises judge as ours do."""

import ast
import io
import json
import lzma
import os
import pickle
import subprocess
from pathlib import Path

import pytest

from helpers.exercises import course, points, reveal, store, view
from helpers.exercises.exercise import FULL_POINTS, RIGHT, judge
from tools import classroom, env, markdown, pack

EXERCISES = course.exercises()


@pytest.fixture(scope="module")
def students():
    """Everything in the students' zip: name → bytes."""
    return pack.for_students()


@pytest.fixture(scope="module")
def pickled(students):
    """The sealed exercises as they are stored."""
    return lzma.decompress(students["helpers/exercises/sealed.bin"])


@pytest.fixture(scope="module")
def sealed(pickled):
    lessons = pickle.loads(pickled).values()
    return {id: each for lesson in lessons for id, each in lesson.items()}


def functions(name, content):
    """Yield each function that a file defines: what it takes and what it does, however written."""
    if name.endswith(".py"):
        sources = [content.decode()]
    elif name.endswith(".ipynb"):
        cells = json.loads(content)["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    else:
        sources = []
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                yield told(node)


def told(node):
    """Write a function down without its name, docstring, annotations and comments."""
    body = node.body[bool(ast.get_docstring(node)) :]
    return ast.unparse([ast.arg(each.arg) for each in node.args.args]) + ast.unparse(body)


def test_no_solution_reaches_the_students(students, pickled):
    solved = {id: each for id, each in EXERCISES.items() if not each.options}
    bodies = {told(ast.parse(each.solution_text).body[0]): id for id, each in solved.items()}
    found = [
        (bodies[function], name)
        for name, content in students.items()
        for function in functions(name, content)
        if function in bodies
    ]
    assert found == []
    texts = [each.solution_text.encode() for each in solved.values()]
    assert not [text for text in texts for content in students.values() if text in content]
    assert not [text for text in texts if text in pickled]


def test_the_search_for_solutions_finds_one(students):
    name = "helpers/exercises/lesson_00.py"
    assert name not in students
    body = told(ast.parse(EXERCISES["00-1"].solution_text).body[0])
    assert body in functions(name, (env.ROOT / name).read_bytes())


class Names(pickle.Unpickler):
    """An unpickler that notes whatever it has to import."""

    def __init__(self, content):
        super().__init__(io.BytesIO(content))
        self.found = set()

    def find_class(self, module, name):
        self.found.add(f"{module}.{name}")
        return super().find_class(module, name)


def test_what_is_sealed_holds_results_and_no_code_of_ours(sealed, pickled):
    names = Names(pickled)
    names.load()
    classes = ["Exercise", "Results", "Verdict", "_Choice", "_InTurn"]
    ours = {name for name in names.found if name.startswith("helpers")}
    assert ours == {f"helpers.exercises.exercise.{name}" for name in classes}
    assert sealed.keys() == EXERCISES.keys()
    assert {(each.solution, *each.wrong_answers) for each in sealed.values()} == {(None,)}


@pytest.mark.parametrize("id", EXERCISES)
def test_a_sealed_exercise_judges_as_ours_does(id, sealed):
    ours = EXERCISES[id]
    answers = [ours.solution, ..., lambda *inputs: ..., "no answer", len]
    answers += [mistake.answer for mistake in ours.wrong_answers.values()]
    assert [judge(sealed[id], each) for each in answers] == [judge(ours, each) for each in answers]
    assert judge(sealed[id], ours.solution).mark == RIGHT


def test_reveal_says_that_there_is_no_solution(sealed, monkeypatch, capsys):
    monkeypatch.setattr(course, "exercises", lambda: sealed)
    reveal("00-1")
    said = "The copy for a class holds no solutions; your teacher has them."
    assert said in capsys.readouterr().out
    assert "00-1" not in store.load()
    assert "solution" not in view.hints(sealed["00-1"], 3).text


def test_teachers_get_answers_mistakes_and_all_else(students):
    teachers = pack.for_teachers()
    assert set(students) - set(teachers) == {"helpers/exercises/sealed.bin"}
    for id, each in EXERCISES.items():
        if name := next((n for n in teachers if n.startswith(f"notebooks/{id[:2]}_")), None):
            page = teachers[f"teacher/lesson_{id[:2]}.md"].decode()
            assert each.solution_text in page
            assert all(classroom.in_table(m.diagnosis) in page for m in each.wrong_answers.values())
            assignment = f"nbgrader/source/lesson_{id[:2]}/{name.split('/')[1]}"
            assert f'points(\\"{id}\\", ' in teachers[assignment].decode()


def test_the_minutes_of_a_lesson_are_shared_out_whole():
    for lesson in classroom.lessons():
        assert sum(classroom.sections(lesson).values()) == pytest.approx(classroom.minutes(lesson))


def test_no_page_of_the_students_leads_to_what_they_lack(students):
    pages = {name: text.decode() for name, text in students.items() if name.endswith(".md")}
    assert {"README.md", "CONTRIBUTING.md", "data/README.md"} <= pages.keys()
    targets = [
        os.path.normpath(Path(name).parent / link.split("#")[0])
        for name, text in pages.items()
        for link in markdown.links(text)
        if "://" not in link
    ]
    assert len(targets) > 10
    assert [each for each in targets if not any(name.startswith(each) for name in students)] == []


def test_all_that_is_committed_is_packed(students):
    listed = subprocess.run(["git", "ls-files"], cwd=env.ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no clone")
    elsewhere = (".ci/", ".github/", ".gitattributes")
    committed = [name for name in listed.stdout.splitlines() if not name.startswith(elsewhere)]
    assert set(committed) <= set(pack.for_teachers())


def test_the_same_files_give_the_same_zip(tmp_path):
    for name in ("one.zip", "two.zip"):
        pack.write_zip(tmp_path / name, {"b.txt": b"2", "a.txt": b"1"})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize(
    ("answer", "worth"),
    [("b", FULL_POINTS), ("a", 0), (..., 0), ("x", 0)],
)
def test_points_of_a_quiz(answer, worth):
    assert points("00-4", answer) == worth


def test_points_of_a_function():
    right = EXERCISES["00-1"].solution
    named = EXERCISES["00-1"].wrong_answers["discount is ignored"].answer
    answers = [right, named, lambda lines: ..., lambda lines: 0, lambda lines: 1 / 0]
    assert [points("00-1", each) for each in answers] == [2, 1, 0, 0, 0]
