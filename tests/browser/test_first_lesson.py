"""What a learner does first, in a real browser: open lesson 00, run it, answer an exercise."""

import re
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from playwright.sync_api import expect

from exercises.lesson_00 import NET_REVENUE
from tools import lab
from tools.env import ROOT

LESSON = lab.FIRST_LESSON
SCREENSHOTS = ROOT / "screenshots"
FIGURES = 4  # of lesson 00
PATIENCE = 60_000  # milliseconds, on a machine that has other things to do

WRONG = 'check("00-1", lambda lines: (lines["quantity"] * lines["unit_price"]).sum())'
RIGHT = (
    'check("00-1", lambda lines: '
    '(lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])).sum())'
)
DIAGNOSIS = NET_REVENUE.wrong_answers[0].diagnosis


@pytest.fixture
def my_work(tmp_path, monkeypatch):
    """A learner who starts today: no copies, no progress, no settings but one.

    JupyterLab keeps cells out of the page until they are scrolled to; here all of them are wanted.
    """
    settings = tmp_path / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress"))
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path / "my_work"))
    monkeypatch.delenv("MPLBACKEND")  # tests draw nowhere, a learner's kernel into the notebook
    return tmp_path / "my_work"


@pytest.fixture
def address(my_work, tmp_path, request):
    """Run `make lab` until the test is over; the address that it prints, with its token."""
    log = tmp_path / "lab.log"
    command = [sys.executable, "-m", "tools.lab", "--no-browser", *getattr(request, "param", [])]
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stderr=output) as process:
        found = wait_for(lambda: re.search(r"http://127\.0\.0\.1\S+token=(\w+)", log.read_text()))
        yield found[0]
        shutdown = urllib.request.Request(
            found[0].split("/lab")[0] + "/api/shutdown",
            method="POST",
            headers={"Authorization": f"token {found[1]}"},
        )
        urllib.request.urlopen(shutdown).close()
        process.wait(timeout=30)


@pytest.fixture
def page(browser):
    """One page of a real Chromium, the size of a small laptop."""
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    page.close()


def test_lesson_00(my_work, address, page):
    forget_outputs(my_work / LESSON)
    page.goto(address)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    assert complaints(run_to_the_end(page, my_work / LESSON)) == []
    expect(page.locator(".jp-OutputArea img")).to_have_count(FIGURES)
    take_screenshots(page)
    expect(page.locator(".jp-CodeCell .cm-lineWrapping").first).to_be_attached()
    by_night = """image => {
        document.body.dataset.jpThemeLight = "false";
        return getComputedStyle(image).filter;
    }"""
    figure = page.locator(".jp-RenderedImage img").first
    assert figure.evaluate(by_night) == "brightness(0.85)"

    cell = page.locator(".jp-CodeCell", has_text='check("00-1"')
    answer(page, cell, WRONG)
    expect(cell.locator(".jp-OutputArea")).to_contain_text("✗")
    expect(cell.locator(".jp-OutputArea")).to_contain_text(DIAGNOSIS)
    page.screenshot(path=SCREENSHOTS / "lesson_00_wrong.png")
    answer(page, cell, RIGHT)
    expect(cell.locator(".jp-OutputArea")).to_contain_text("✓")
    expect(cell.locator(".jp-OutputArea")).not_to_contain_text("✗")
    page.screenshot(path=SCREENSHOTS / "lesson_00_right.png")


@pytest.mark.parametrize("address", [["--lang=zh"]], indirect=True)
def test_the_chinese_lesson_names_menus_as_the_page_does(address, page):
    page.goto(address)
    page.get_by_role("menuitem", name="运行", exact=True).click()
    above = "运行选中单元格上方的所有单元格"
    expect(page.get_by_role("menuitem", name=above)).to_be_visible()
    expect(page.locator(".jp-RenderedMarkdown").first).to_contain_text(above)


def forget_outputs(path):
    """Empty the outputs that the lesson comes with, so that those seen later are the browser's."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


def run_to_the_end(page, path):
    """Save until every code cell of the file has been executed; the notebook as it is then."""

    def executed():
        page.keyboard.press("ControlOrMeta+s")
        time.sleep(0.5)  # JupyterLab writes the file
        try:
            notebook = nbformat.read(path, as_version=4)
        except nbformat.reader.NotJSONError:  # on a busy machine it is still writing
            return False
        return all(cell.execution_count for cell in code_cells(notebook)) and notebook

    return wait_for(executed, seconds=120)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def complaints(notebook):
    """Return what a kernel had to complain of: errors, and warnings on stderr."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    errors = [output.ename for output in outputs if output.output_type == "error"]
    return errors + [output.text for output in outputs if output.get("name") == "stderr"]


def answer(page, cell, code):
    """Replace what stands in a cell and run it, as one does."""
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")


def take_screenshots(page):
    """Save the lesson as a learner sees it, one picture a screenful."""
    SCREENSHOTS.mkdir(exist_ok=True)
    pane = page.locator(".jp-WindowedPanel-outer").first
    height, screenful = pane.evaluate("pane => [pane.scrollHeight, pane.clientHeight]")
    for number, top in enumerate(range(0, height, screenful)):
        pane.evaluate("(pane, top) => pane.scrollTo(0, top)", top)
        page.wait_for_timeout(300)  # for JupyterLab to draw
        page.screenshot(path=SCREENSHOTS / f"lesson_00_{number:02}.png")


def wait_for(condition, seconds=60):
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"not within {seconds} s: {condition}")
