"""What a class is given: no solution reaches the students, and their exercises judge as ours do."""

import io
import lzma
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from exercises import points, reveal
from exercises.engine import course, store, view
from exercises.engine.exercise import RIGHT, judge
from helpers import language
from tools import env, pack
from tools.classroom import leaks, nbgrader
from tools.notebooks import markdown

EXERCISES = course.exercises()


@pytest.fixture(scope="module")
def students():
    """Everything in the students' zip: name → bytes."""
    return pack.for_students()


@pytest.fixture(scope="module")
def pickled(students):
    """The sealed exercises as they are stored."""
    return lzma.decompress(students["exercises/engine/sealed.bin"])


@pytest.fixture(scope="module")
def sealed(pickled):
    lessons = pickle.loads(pickled).values()
    return {id: each for lesson in lessons for id, each in lesson.items()}


def test_no_solution_reaches_the_students(students):
    # That the search finds one wherever it stands, test_leaks.py shows.
    assert leaks.find(students, EXERCISES) == []


def test_the_search_finds_what_was_left_out(students):
    whole = dict(pack.files())
    found = leaks.find({name: whole[name] for name in whole.keys() - students.keys()}, EXERCISES)
    ids = {sentence.split()[3] for sentence in found}
    assert ids >= {id for id, each in EXERCISES.items() if not each.options}


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
    classes = ["Exercise", "Mistaken", "Results", "Verdict", "_Choice", "_InTurn", "_Ready"]
    ours = {name for name in names.found if name.startswith(("exercises", "helpers"))}
    assert ours == {f"exercises.engine.exercise.{name}" for name in classes}
    assert sealed.keys() == EXERCISES.keys()
    assert {(each.solution, *each.wrong_answers) for each in sealed.values()} == {(None,)}


@pytest.mark.parametrize("id", EXERCISES)
def test_a_sealed_exercise_judges_as_ours_does(id, sealed):
    ours = EXERCISES[id]
    mistakes = [mistake.answer for mistake in ours.wrong_answers]
    answers = [ours.solution, ..., lambda *inputs: ..., "no answer", len, *mistakes]
    verdicts = [judge(sealed[id], each) for each in answers]
    assert verdicts == [judge(ours, each) for each in answers]
    assert verdicts[0].mark == RIGHT
    # The rubric gives half the points for each of the mistakes, but none for a letter.
    assert {each.named for each in verdicts[-len(mistakes) :]} == {not ours.options}


def test_reveal_says_that_there_is_no_solution(sealed, monkeypatch, capsys):
    monkeypatch.setattr(course, "exercises", lambda: sealed)
    monkeypatch.setattr(course, "_numbers", list)  # there are no modules of lessons
    reveal("00-1")
    said = "The copy for a class contains no solutions; your teacher has them."
    assert said in capsys.readouterr().out
    assert "00-1" not in store.load()
    assert "solution" not in view.hints(sealed["00-1"], 3).text


def test_translated_diagnoses_are_sealed_and_still_found(students, tmp_path, monkeypatch):
    whole = language.catalog("zh", language.LESSONS)
    language.catalog.cache_clear()
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    (tmp_path / "zh_CN/lessons").mkdir(parents=True)
    for name, content in students.items():
        if name.startswith("helpers/locale/zh_CN/lessons/"):
            (tmp_path / "zh_CN/lessons" / Path(name).name).write_bytes(content)
    assert language.catalog("zh", language.LESSONS) == whole
    language.catalog.cache_clear()
    quiz = next(each for each in EXERCISES.values() if each.options)
    diagnosis = whole[quiz.wrong_answers[0].diagnosis].encode()
    assert [name for name, content in students.items() if diagnosis[:30] in content] == []


def test_teachers_get_the_pages_the_course_and_all_else(students):
    teachers = pack.for_teachers()
    sealed = {name for name in set(students) - set(teachers) if not name.endswith(".po.xz")}
    assert sealed == {"exercises/engine/sealed.bin"}
    assert {"teacher/README.md", "teacher/handbook.html", "teacher/lesson_00.md"} <= set(teachers)
    for lesson in nbgrader.lessons():
        assignment = f"pack/nbgrader/source/lesson_{lesson.number}/{lesson.path.name}"
        for id in lesson.exercises:
            assert f'points(\\"{id}\\", ' in teachers[assignment].decode()
    assert {
        "pack/nbgrader/source/lesson_16/production.svg",
        "pack/nbgrader/source/lesson_16/glossary.md",
    } <= (set(teachers))


def test_the_students_readme_says_what_is_missing_and_speaks_to_students(students):
    whole = (env.ROOT / "README.md").read_text(encoding="utf-8")
    readme = students["README.md"].decode()
    title, note, first, *_ = readme.split("\n\n")
    assert [title, first] == whole.split("\n\n")[:2]
    assert "no solutions" in " ".join(note.split())
    assert "make pack" not in readme
    headings = [line for line in whole.splitlines() if line.startswith("## ")]
    kept = [line for line in readme.splitlines() if line.startswith("## ")]
    assert kept == [line for line in headings if line != "## Teaching with it"] != headings


def test_no_page_of_the_students_leads_to_what_they_lack(students):
    pages = {
        name: text.decode()
        for name, text in students.items()
        if name.endswith(".md") and not name.startswith("notebooks/zh/")  # parts of notebooks
    }
    assert {"README.md", "CONTRIBUTING.md", "data/README.md"} <= pages.keys()
    targets = [
        os.path.normpath(Path(name).parent / link.split("#")[0])
        for name, text in pages.items()
        for link in markdown.links(text)
        if "://" not in link
    ]
    assert len(targets) > 5
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


def test_sealing_twice_gives_the_same_bytes():
    # 07-2 and 12-3 hold sets, whose order differs from run to run unless the hashes are the same.
    program = (
        "import hashlib, pickle; from exercises.engine import course; "
        "sealed = [course.find(id).sealed() for id in ('07-2', '12-3')]; "
        "print(hashlib.sha256(pickle.dumps(sealed)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=env.ROOT,
            env=os.environ | {"PYTHONHASHSEED": "0"},
            capture_output=True,
            check=True,
        ).stdout
        for _ in range(2)
    }
    assert len(digests) == 1


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A workbook of one file for each, to be packed in a temporary folder."""
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    monkeypatch.setattr(env, "enter", lambda: None)
    monkeypatch.setattr(pack, "FOLDER", tmp_path / "pack")
    students = {"README.md": b"Hello"}
    teachers = students | {
        "pack/nbgrader/source/lesson_00/a.ipynb": b"{}",
        "teacher/README.md": b"Hi",
    }
    monkeypatch.setattr(pack, "for_students", lambda: students)
    monkeypatch.setattr(pack, "for_teachers", lambda: teachers)
    return students


def test_packing_makes_hashes_the_same_first(small, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "random")
    monkeypatch.setattr(env, "run", lambda *words, **variables: [words[1:], variables])
    with pytest.raises(SystemExit) as left:
        pack.main()
    assert left.value.code == [("-m", "tools.pack"), {"PYTHONHASHSEED": "0"}]


def test_packing_again_leaves_alone_what_was_graded(small):
    pack.main()
    graded = pack.FOLDER / "nbgrader/gradebook.db"
    graded.write_text("all points")
    old = pack.FOLDER / "nbgrader/source/lesson_99/old.ipynb"
    old.parent.mkdir()
    old.write_text("{}")
    pack.main()
    assert graded.read_text() == "all points"
    assert not old.exists()
    made = {path.name for path in pack.FOLDER.rglob("*") if path.is_file()}
    assert made == {"student.zip", "teacher.zip", "a.ipynb", "gradebook.db"}


def test_no_pack_is_made_where_a_solution_would_leak(small):
    small["notebooks/mine.py"] = EXERCISES["05-1"].solution_text.encode()
    with pytest.raises(SystemExit, match=r"The solution of 05-1 stands in notebooks/mine\.py"):
        pack.main()
    assert not pack.FOLDER.exists()


def test_points_of_a_function():
    right = EXERCISES["00-1"].solution
    named = EXERCISES["00-1"].wrong_answers[0].answer
    answers = [right, named, lambda lines: ..., lambda lines: 0, lambda lines: 1 / 0]
    assert [points("00-1", each) for each in answers] == [2, 1, 0, 0, 0]
