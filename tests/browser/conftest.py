"""The browser: Debian's Chromium; elsewhere an installed Chrome does."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            channel=None if CHROMIUM.exists() else "chrome",
            args=QUIET,
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open a page as somebody sees it, without network; it keeps its requests and errors."""
    contexts = []

    def visit(path, width=1200, **options):
        viewport = {"width": width, "height": 900}
        context = browser.new_context(viewport=viewport, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("dialog", lambda dialog: page.errors.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
