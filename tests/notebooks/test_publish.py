"""`make notebook`: executed, normalized and checked, or left as it was."""

import json
import re
import shutil

import pytest

from tools import notebook
from tools.notebook import TEMPLATE
from tools.notebooks import lesson


@pytest.fixture
def path(tmp_path):
    return shutil.copy(TEMPLATE, tmp_path / "template.ipynb")


def change(path, id, old, new):
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in content["cells"] if cell["id"] == id)
    source = "".join(cell["source"])
    assert old in source
    cell["source"] = source.replace(old, new)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_two_runs_on_a_messy_file_give_the_same_bytes(path):
    # What JupyterLab and nbclient leave behind: outputs of another run, times, versions, settings.
    content = json.loads(path.read_text(encoding="utf-8"))
    content["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    content["metadata"]["language_info"]["version"] = "3.11.9"
    for cell in content["cells"]:
        cell["metadata"] |= {"collapsed": False, "execution": {"shell.execute_reply": "now"}}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], 99
    path.write_text(json.dumps(content), encoding="utf-8")
    runs = []
    for _ in range(2):
        assert notebook.publish(path) == []
        runs.append(path.read_bytes())
    assert runs[0] == runs[1]  # the figure's PNG too
    assert without_figures(runs[0]) == without_figures(TEMPLATE.read_bytes())


def without_figures(content):
    """The PNG of a figure is the same in every run, but not on every system."""
    return re.sub(rb'"image/png": "[^"]+"', b"", content)


def test_what_raises_is_named_and_nothing_is_written(path):
    change(path, "setup", "import matplotlib.pyplot", "import matplot")
    before = path.read_bytes()
    [complaint] = notebook.publish(path)
    assert "cell 2 (import matplot as plt) raised ModuleNotFoundError" in complaint
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_what_breaks_a_rule_is_named_and_nothing_is_written(path, monkeypatch):
    monkeypatch.setattr(lesson, "execute", lambda draft: 1.0)
    change(path, "read-figure", "22 dollars", "23 dollars")
    before = path.read_bytes()
    [complaint] = notebook.publish(path)
    assert 'no output above shows "23"' in complaint
    assert "[quoted_numbers]" in complaint
    assert path.read_bytes() == before


def test_advice_is_printed_and_the_notebook_is_written(path, monkeypatch, capsys):
    monkeypatch.setattr(lesson, "execute", lambda draft: 25.1)
    change(path, "read-figure", "Ana is ahead", "Whoever ordered, Ana is ahead")
    assert notebook.publish(path) == []
    assert "Whoever" in path.read_text(encoding="utf-8")
    _, english, seconds = capsys.readouterr().out.splitlines()
    assert english.startswith("advice: template.ipynb: cell 12")
    assert seconds == "advice: template.ipynb: took 25.1 s of CPU; 25 are many."


def test_a_cell_that_hangs_is_named(path, monkeypatch):
    monkeypatch.setattr(lesson, "TIMEOUT", 1)
    change(path, "setup", "import matplotlib", "while True:\n    pass\nimport matplotlib")
    [complaint] = notebook.publish(path)
    assert "cell 2 (while True:) took longer than 1 s" in complaint


def test_a_cell_that_ends_the_kernel_is_named(path):
    change(path, "setup", "import matplotlib", "import os\n\nos._exit(1)\nimport matplotlib")
    [complaint] = notebook.publish(path)
    assert "cell 2 (import os) ended the kernel" in complaint


def test_the_learners_progress_is_not_touched(path, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress"))
    change(path, "exercise-1", "return ...", "return 3")
    assert "shows an answer" in "".join(notebook.publish(path))
    assert not (tmp_path / "progress").exists()


def test_a_file_that_is_not_normalized_is_refused(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    content["metadata"]["language_info"]["version"] = "3.11.9"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert notebook.check(path) == ["template.ipynb: is not normalized. Run `make notebook`."]


@pytest.mark.parametrize("name", [None, "", "98"])
def test_without_a_notebook_the_command_says_which_there_are(name):
    with pytest.raises(SystemExit, match=r"make notebook NB=05\. There are: .*template\."):
        notebook.find(name)


def test_a_notebook_is_found_by_its_short_name():
    assert notebook.find("template") == TEMPLATE
