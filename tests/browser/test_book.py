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


@pytest.fixture(scope="class")
def book(request):
    """The folder of the book in the language of the class, made anew."""
    language = request.cls.LANGUAGE
    command = [sys.executable, "-m", "tools.book", f"--lang={language}"]
    subprocess.run(command, cwd=env.ROOT, check=True)
    return env.ROOT / "book" / language


@pytest.fixture(scope="class")
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


def broken_rules(page, **options):
    """Return what keeps somebody from reading a page: the rule → where it is broken first."""
    page.wait_for_timeout(SETTLING)
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return {
        each["id"]: each["nodes"][0]["html"]
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical")
    }


class EveryBook:
    """What holds in both languages. A class for each, because a worker takes classes whole."""

    def test_every_link_leads_to_a_page_and_a_place_in_it(self, pages):
        broken = []
        for path, page in pages.items():
            for url in page.links:
                target, anchor = urldefrag(url)
                if re.match(r"(?:https?|mailto|data|javascript):", target):
                    continue
                place = (
                    (path.parent / unquote(target.partition("?")[0])).resolve() if target else path
                )
                if not place.exists() or (
                    anchor and place in pages and unquote(anchor) not in pages[place].ids
                ):
                    broken.append(f"{path.name}: {url}")
        assert not broken

    def test_every_figure_of_a_lesson_is_described(self, pages):
        for path, page in pages.items():
            for image in page.images:
                assert image.get("alt", "").strip(), (path.name, image)
                assert not image["alt"].endswith(".png"), (path.name, image)

    def test_exercises_fold_their_hints_and_show_no_solution(self, book):
        text = (book / "05_user_based_filtering.html").read_text(encoding="utf-8")
        here = [id for id in course.exercises() if id.startswith("05-")]
        assert text.count('<details class="hint">') == 3 * len(here)
        assert 'class="solution"' not in text
        assert self.UNTOUCHED not in text

    def test_no_page_asks_another_host_or_complains_or_is_wider_than_a_phone(self, visit, pages):
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

    def test_a_page_of_each_kind_can_be_read_by_everybody(self, visit, book):
        broken = {}
        for name in self.LOOKED_AT.split():
            page = visit(book / f"{name}.html", color_scheme="light")
            broken[name, "day"] = broken_rules(page)
            page.emulate_media(color_scheme="dark")
            page.wait_for_selector("html[data-theme=dark]")
            broken[name, "night"] = broken_rules(page, runOnly=["color-contrast"])
        assert {where: rules for where, rules in broken.items() if rules} == {}

    def test_a_formula_is_set(self, visit, book):
        page = visit(book / "05_user_based_filtering.html")
        page.wait_for_selector("mjx-container mjx-math")

    def test_a_term_shows_its_definition(self, visit, book):
        page = visit(book / "05_user_based_filtering.html")
        page.locator("a.term", has_text=self.TERM).first.focus()
        assert self.DEFINITION in page.locator("#definition").inner_text()
        page.keyboard.press("Escape")
        assert page.locator("#definition").is_hidden()

    def test_the_search_finds_a_lesson(self, visit, book):
        page = visit(book / "search.html")
        page.goto((book / "search.html").as_uri() + f"?q={self.SOUGHT}")
        page.wait_for_selector("#search-results li a")
        assert self.FOUND in page.locator("#search-results").inner_text()


class TestEnglish(EveryBook):
    LANGUAGE = "en"
    SOUGHT, FOUND = "Jaccard", "Similarity"
    TERM, DEFINITION = "weighted mean", "sum of the weights"
    UNTOUCHED = "Not attempted yet"
    LOOKED_AT = (
        "index 00_start_here 05_user_based_filtering case_studies/online_shoppers glossary "
        "bibliography own_data how_to_work teaching/index api/helpers.behavior"
    )


class TestChinese(EveryBook):
    LANGUAGE = "zh"
    SOUGHT, FOUND = "冷启动", "商品内容"
    TERM, DEFINITION = "加权平均", "权重之和"
    UNTOUCHED = "还没有尝试"
    LOOKED_AT = "index 00_start_here own_data"  # made as the English ones are
