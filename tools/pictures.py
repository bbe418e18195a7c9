"""Take the pictures in README: ``python -m tools.pictures``.

They show the real thing, by day and by night: an exercise with its diagnosis in JupyterLab, a
figure in the book, and the report on the course's shop. For maintainers; it needs Chromium, as the
tests in the browser do.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools import copies, env
from tools.lab import FIRST_LESSON

FOLDER = copies.LESSONS / "pictures"
CHROMIUM = Path("/usr/bin/chromium")
LESSON = "05_user_based_filtering.ipynb"
EXERCISE = "05-2"
FIGURE = "10_segmentation.html"
ANSWER = """\
def predict(table, similarities, user, item):
    others = table[item].drop(user).dropna().index
    deviations = table.loc[others, item] - table.loc[others].mean(axis=1)
    return table.loc[user].mean() + similarities[others] @ deviations


check("05-2", predict)"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
WIDE = {"width": 1000, "height": 720}


def main() -> None:
    """Take all pictures, once for each color scheme."""
    env.enter("browser")
    from playwright.sync_api import sync_playwright  # only this environment has it

    FOLDER.mkdir(exist_ok=True)
    env.run(env.ready(), "-m", "tools.book")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        env.run(env.ready(), "-m", "tools.report", "--out", work / "report.html")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            channel=None if CHROMIUM.exists() else "chrome",
            args=["--no-sandbox"],
        )
        for scheme, theme in THEMES.items():
            page = browser.new_page(viewport=WIDE, color_scheme=scheme)
            page.goto((env.ROOT / "book/en" / FIGURE).as_uri())
            page.locator("img[alt]:not([alt=''])").nth(1).scroll_into_view_if_needed()
            page.wait_for_timeout(1000)
            page.screenshot(path=FOLDER / f"figure-{scheme}.png")
            page.goto((work / "report.html").as_uri())
            page.wait_for_timeout(1000)
            page.screenshot(path=FOLDER / f"report-{scheme}.png")
            with lab(work / scheme, theme) as address:
                take_exercise(page, address, FOLDER / f"exercise-{scheme}.png")
        browser.close()
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.relative_to(env.ROOT)}: {path.stat().st_size / 1e3:.0f} kB")


@contextlib.contextmanager
def lab(work: Path, theme: str) -> Iterator[str]:
    """Run JupyterLab with a learner's copies until the end, and give its address."""
    settings = work / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"theme": theme}))
    variables = {
        "JUPYTERLAB_SETTINGS_DIR": str(work / "settings"),
        "WORKBOOK_PROGRESS": str(work / "progress"),
        "WORKBOOK_MY_WORK": str(work / "my_work"),
    }
    command = [sys.executable, "-m", "tools.lab", "--no-browser"]
    log = work / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=env.ROOT, stdout=output, stderr=output, env=os.environ | variables
        )
    try:
        while not (found := re.search(r"http://127\.0\.0\.1\S+token=\w+", log.read_text())):
            time.sleep(0.2)
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def take_exercise(page: object, address: str, path: Path) -> None:
    """Answer an exercise wrongly, as a learner does, and take a picture of what the check says."""
    page.goto(address.replace(FIRST_LESSON, LESSON))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell = page.locator(".jp-CodeCell", has_text=f'check("{EXERCISE}"')
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(ANSWER)
    page.keyboard.press("Control+Enter")
    said = cell.get_by_text("Not yet.")
    said.wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    said.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    page.locator(".jp-NotebookPanel").screenshot(path=path)


if __name__ == "__main__":
    main()
