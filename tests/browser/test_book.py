"""The book in a real browser, opened from its files, without network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.exercises import course
from tools import env

PHONE, DESK = 390, 1200
SETTLING = 300  # milliseconds for scripts to do what they do once a page has loaded
LOOKED_AT = [  # a page of each kind
    *["index", "00_start_here", "05_user_based_filtering", "13_demand_forecasting"],
    *["case_studies/movielens", "glossary", "bibliography", "genindex", "api/helpers.behavior"],
    "own_data",
]


@pytest.fixture(scope="module")
def book():
    """The folder of the book, made anew."""
    subprocess.run([sys.executable, "-m", "tools.book"], cwd=env.ROOT, check=True)
    return env.ROOT / "book/en"


@pytest.fixture(scope="module")
def pages(book):
    """What stands in each page: path → what it links to, and which anchors it has."""
    return {
        path: _read(path) for path in sorted(book.rglob("*.html")) if "_static" not in path.parts
    }


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.ids, self.images = [], set(), []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found.get("id"), found.get("name")} - {None}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        if tag == "img":
            self.images.append(found)


def _read(path):
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture
def visit(browser):
    """Open a page as somebody sees it; it keeps what it asked for and what went wrong."""
    contexts = []

    def visit(path, width=DESK, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.route(re.compile(r"^(?!file:|data:|blob:)"), lambda route: route.abort())
        page = context.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()


def test_every_link_leads_to_a_page_and_a_place_in_it(pages):
    broken = []
    for path, page in pages.items():
        for url in page.links:
            target, anchor = urldefrag(url)
            if re.match(r"(?:https?|mailto|data|javascript):", target):
                continue
            place = (path.parent / unquote(target.partition("?")[0])).resolve() if target else path
            if not place.exists() or (
                anchor and place in pages and unquote(anchor) not in pages[place].ids
            ):
                broken.append(f"{path.name}: {url}")
    assert not broken


def test_every_figure_of_a_lesson_is_described(pages):
    for path, page in pages.items():
        for image in page.images:
            assert image.get("alt", "").strip(), (path.name, image)
            assert not image["alt"].endswith(".png"), (path.name, image)


def test_exercises_fold_their_hints_and_show_no_solution(book):
    text = (book / "05_user_based_filtering.html").read_text(encoding="utf-8")
    here = [id for id in course.exercises() if id.startswith("05-")]
    assert text.count('<details class="hint">') == 3 * len(here)
    assert 'class="solution"' not in text
    assert "Not attempted yet" not in text


def test_no_page_asks_another_host_or_complains_or_is_wider_than_a_phone(visit, pages):
    page = None
    wide = []
    for path in pages:
        page = page or visit(path, PHONE)
        page.goto(path.as_uri())
        page.wait_for_timeout(SETTLING)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE:
            wide.append(path.name)
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.errors == []
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_can_be_read_by_everybody(visit, book, name, scheme):
    page = visit(book / f"{name}.html", color_scheme=scheme)
    page.wait_for_timeout(SETTLING)
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert {each["id"]: each["nodes"][0]["html"] for each in serious} == {}


def test_a_formula_is_set(visit, book):
    page = visit(book / "05_user_based_filtering.html")
    page.wait_for_selector("mjx-container mjx-math")


def test_a_term_shows_its_definition(visit, book):
    page = visit(book / "05_user_based_filtering.html")
    term = page.locator("a.term", has_text="weighted mean").first
    term.focus()
    assert "sum of the weights" in page.locator("#definition").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#definition").is_hidden()


def test_the_search_finds_a_lesson(visit, book):
    page = visit(book / "search.html")
    page.goto((book / "search.html").as_uri() + "?q=Jaccard")
    page.wait_for_selector("#search-results li a")
    assert "Similarity" in page.locator("#search-results").inner_text()
