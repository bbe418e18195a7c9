"""Take the pictures in README and on the report's page: ``python -m tools.pictures``.

They show the real thing, by day and by night: an exercise with its diagnosis in JupyterLab, in both
languages, and the report on the course's shop. For maintainers; it needs Chromium, as the tests in
the browser do.
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
ANSWER = """\
def predict(table, similarities, user, item):
    others = table[item].drop(user).dropna().index
    means = table.loc[others].mean(axis=1)
    deviations = table.loc[others, item] - means
    return table.loc[user].mean() + similarities[others] @ deviations


check("05-2", predict)"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
LANGUAGES = {"en": "exercise", "zh": "exercise-zh"}  # → name of the picture
WIDE = {"width": 1000, "height": 720}
MARGIN = 8  # pixels around an exercise


def main() -> None:
    """Take all pictures, once for each color scheme."""
    env.enter("author")
    from playwright.sync_api import sync_playwright  # only this environment has it

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        (work / "fonts").symlink_to(env.ROOT / "helpers/locale/fonts")  # Chinese, where none is
        env.run(env.ready(), "-m", "tools.report", "--out", work / "report.html")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            channel=None if CHROMIUM.exists() else "chrome",
            args=["--no-sandbox"],
            env=os.environ | {"XDG_DATA_HOME": folder},
        )
        for scheme, theme in THEMES.items():
            page = browser.new_page(viewport=WIDE, color_scheme=scheme)
            page.goto((work / "report.html").as_uri())
            page.wait_for_timeout(1000)
            page.screenshot(path=FOLDER / f"report-{scheme}.png")
            for language, name in LANGUAGES.items():
                with lab(work / scheme / language, theme, language) as address:
                    take_exercise(page, address, FOLDER / f"{name}-{scheme}.png")
        browser.close()
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.relative_to(env.ROOT)}: {path.stat().st_size / 1e3:.0f} kB")


@contextlib.contextmanager
def lab(work: Path, theme: str, language: str) -> Iterator[str]:
    """Run JupyterLab with a learner's copies in a language, and give its address."""
    settings = work / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"theme": theme}))
    variables = {
        "JUPYTERLAB_SETTINGS_DIR": str(work / "settings"),
        "WORKBOOK_PROGRESS": str(work / "progress"),
        "WORKBOOK_MY_WORK": str(work / "my_work"),
    }
    command = [sys.executable, "-m", "tools.lab", f"--lang={language}", "--no-browser"]
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
    cell.get_by_text("✗").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    heading = page.locator("h3", has_text=EXERCISE)
    heading.evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(1000)
    top, frame = heading.bounding_box()["y"] - MARGIN, cell.bounding_box()
    clip = {
        "x": frame["x"] - MARGIN,
        "y": top,
        "width": frame["width"] + 2 * MARGIN,
        "height": frame["y"] + frame["height"] + MARGIN - top,
    }
    page.screenshot(path=path, clip=clip)


if __name__ == "__main__":
    main()
