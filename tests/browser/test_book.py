"""The book in a real browser, opened from its files, without network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from axe_playwright_python.sync_playwright import Axe

from exercises.engine import course
from tools import env

PHONE, ZOOMED, TABLET, LAPTOP, PAPER = 390, 640, 800, 1280, 718
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
        self.prose, self.inside = "", []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found.get("id"), found.get("name")} - {None}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        if tag == "img":
            self.images.append(found)
        if tag in ("pre", "code", "script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside[-1:] == [tag]:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.prose += data


def _read(path):
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


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
                if re.match(r"(?:https?|mailto|data|javascript):|\.\./(?:en|zh)/", target):
                    continue  # the other edition may not be made
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

    def test_prose_shows_no_asterisks(self, pages):
        for path, page in pages.items():
            if path.parent.name != "api":  # a signature shows those of **parameters
                assert re.findall(r".*\*\*(?![ \d(]).*", page.prose) == [], path.name  # 10**9

    @pytest.mark.parametrize("width", [PHONE, ZOOMED, TABLET])
    def test_the_menu_leads_to_another_lesson(self, visit, book, width):
        page = visit(book / "06_item_based_filtering.html", width)
        page.locator(".primary-toggle:visible").click()
        page.locator("#pst-primary-sidebar-modal a", has_text="05 · ").click()
        page.wait_for_url("**/05_user_based_filtering.html")

    @pytest.mark.parametrize("width", [PHONE, ZOOMED, TABLET, 1000])
    def test_the_contents_lead_to_a_section(self, visit, book, width):
        page = visit(book / "05_user_based_filtering.html", width)
        page.locator(".secondary-toggle:visible").click()
        page.locator("#pst-secondary-sidebar-modal a", has_text=re.compile("^3 · ")).click()
        page.locator("#pst-secondary-sidebar-modal").wait_for(state="hidden")
        page.wait_for_timeout(SETTLING)
        top = page.locator(":target").bounding_box()["y"]
        assert 0 < top < 200

    def test_code_is_not_cut(self, visit, book):
        cut = "[...document.querySelectorAll('pre')].some(e => e.scrollWidth > e.clientWidth)"
        page = visit(book / "index.html", LAPTOP)
        for path in sorted(book.glob("[0-9]*.html")):
            page.goto(path.as_uri())
            assert not page.evaluate(cut), path.name
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER, "height": 900})
        assert not page.evaluate(cut)

    def test_a_number_stands_below_its_heading(self, visit, book):
        page = visit(book / "05_user_based_filtering.html")
        heading, number, table = (
            page.locator(f"table.dataframe {cell}").first
            for cell in ("thead th:last-child", "tbody td:last-child", "")
        )
        for cell in (heading, number):
            assert cell.evaluate("e => getComputedStyle(e).textAlign") == "right"
        end = [box["x"] + box["width"] for box in (heading.bounding_box(), table.bounding_box())]
        assert end[0] == pytest.approx(end[1], abs=2)  # no empty frame to the right

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
        page = visit(book / f"{self.WITH_TERM}.html")
        page.locator("a.term", has_text=self.TERM).first.focus()
        assert self.DEFINITION in page.locator("#definition").inner_text()
        page.keyboard.press("Escape")
        assert page.locator("#definition").is_hidden()

    def test_the_search_finds_each_term_of_the_glossary(self, visit, book):
        page = visit(book / "search.html")
        terms = page.evaluate("Search._index.objects[''].map(each => each[4])")
        assert len(terms) > 700
        missed = page.evaluate(
            """terms => terms.filter(term => !Search._performSearch(
                ...Search._parseQuery(term)).some(found => found[1] === term))""",
            terms,
        )
        assert missed == []

    def test_the_front_page_leads_to_lesson_00_and_to_work(self, visit, book):
        page = visit(book / "index.html", PHONE)
        for number, name in enumerate(["00_start_here", "how_to_work"]):
            page.goto((book / "index.html").as_uri())
            page.locator("a.button").nth(number).click()
            page.wait_for_url(f"**/{name}.html")

    def test_the_search_finds_lessons(self, visit, book):
        page = visit(book / "search.html")
        for each in self.FOUND.split(", "):
            sought, _, lesson = each.rpartition(" ")
            page.goto((book / "search.html").as_uri() + f"?q={sought}")
            page.locator("#search-results a", has_text=f"{lesson} · ").first.wait_for(timeout=5000)


class TestEnglish(EveryBook):
    LANGUAGE = "en"
    FOUND = "Jaccard 04, A/B test 14"
    WITH_TERM = "05_user_based_filtering"
    TERM, DEFINITION = "weighted mean", "sum of the weights"
    UNTOUCHED = "Not attempted yet"
    LOOKED_AT = (
        "index 00_start_here 05_user_based_filtering case_studies/online_shoppers glossary "
        "bibliography own_data how_to_work teaching/index api/helpers.behavior"
    )

    @pytest.mark.parametrize("width", [PHONE, LAPTOP])
    @pytest.mark.parametrize("name", ["index", "how_to_work", "teaching/index"])
    def test_tables_break_lines_between_words(self, visit, book, name, width):
        page = visit(book / f"{name}.html", width)
        for text, lines in page.evaluate(
            "[...document.querySelectorAll('td a, td code')]"
            ".map(e => [e.textContent, e.getClientRects().length])"
        ):
            assert lines <= len(re.findall(r"[\w.]+|\W", text)), text


class TestChinese(EveryBook):
    LANGUAGE = "zh"
    # Where the Chinese is current.
    FOUND = "删失 03b, 倾向得分 09d, 倾向得分 14b, 轮廓系数 10, 流失 11"
    WITH_TERM = "10_segmentation"
    TERM, DEFINITION = "轮廓系数", "平均距离"
    UNTOUCHED = "还没有尝试"
    LOOKED_AT = "index 00_start_here own_data"  # made as the English ones are
