"""The pages for managers and teachers in a real browser, without network.

The report is made from names that mean harm.
"""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from helpers import report
from helpers.data import sources
from helpers.own_shop.shop import read_own_shop
from tools.classroom import handbook
from tools.env import ROOT

SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = Path("/usr/bin/chromium")  # Debian's; elsewhere an installed Chrome does
QUIET = ["--no-sandbox", "--no-first-run", "--disable-background-networking"]
HARM = [
    "<script>document.title = 'harmed'</script>",
    "<img src='http://localhost:9/x.png' onerror=\"document.title = 'harmed'\">",
    "</td></table><h1>harmed</h1>",
    '=HYPERLINK("http://localhost:9/","click")',
    "שלום \u202egnp.exe",
    "日本語の名前 🛒",
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The page about our shop, whose customers and items are called such names."""
    lines = sources.load_shop().order_lines
    lines["customer"] = [f"{HARM[int(user[1:]) % 6]} {user}" for user in lines.pop("user_id")]
    lines["product name"] = [f"{HARM[int(item[1:]) % 6]} {item}" for item in lines["item_id"]]
    folder = tmp_path_factory.mktemp("report")
    lines.to_csv(folder / "<b>orders.csv", index=False)
    shop = read_own_shop(folder / "<b>orders.csv")
    path = folder / "report.html"
    path.write_text(report.page(shop, report.sections(shop)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def seen(written):
    """The page in Chromium, with all that it asked for and all that it complained of."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            channel=None if CHROMIUM.exists() else "chrome",
            args=QUIET,
        )
        context = browser.new_context(viewport={"width": 1200, "height": 900}, offline=True)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.goto(written.as_uri())
        yield page
        browser.close()


def test_it_asks_for_nothing_and_runs_nothing(seen, written):
    assert [url for url in seen.asked if not url.startswith("data:")] == [written.as_uri()]
    assert seen.complaints == []
    assert seen.title() == "Report on a shop"
    assert seen.locator("script").count() == 0
    assert seen.get_by_role("heading", name="harmed").count() == 0


def test_names_are_text(seen):
    text = seen.locator("body").inner_text()
    assert "<script>document.title = 'harmed'</script>" in text
    assert "'=HYPERLINK" in text  # with the apostrophe that keeps it text in a spreadsheet
    assert "<b>orders.csv" in text


def test_figures_are_drawn_and_have_words(seen):
    images = seen.locator("figure img")
    assert images.count() >= 6
    for image in images.all():
        assert image.evaluate("image => image.complete && image.naturalWidth > 300")
        assert len(image.get_attribute("alt")) > 40


def test_each_finding_leads_to_its_section(seen):
    links = seen.get_by_role("navigation").get_by_role("link")
    assert links.count() >= 9
    for link in links.all():
        link.click()
        section = seen.locator(seen.evaluate("location.hash"))
        assert link.inner_text() == section.get_by_role("heading").first.inner_text()


@pytest.mark.parametrize("width", [1200, 380])
def test_it_fits_the_screen(seen, width):
    """Tables may be wider than a telephone, and scroll on their own; the page does not."""
    seen.set_viewport_size({"width": width, "height": 900})
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    SCREENSHOTS.mkdir(exist_ok=True)
    seen.screenshot(path=SCREENSHOTS / f"report_{width}.png", full_page=True)


def test_it_can_be_printed(seen):
    assert seen.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("width", [1200, 380])
def test_the_handbook_fits_the_screen(seen, tmp_path, width):
    path = tmp_path / "handbook.html"
    path.write_text(handbook.pages()["handbook.html"], encoding="utf-8")
    seen.set_viewport_size({"width": width, "height": 900})
    seen.goto(path.as_uri())
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
