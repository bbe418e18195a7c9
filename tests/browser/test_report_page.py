"""The pages for managers and teachers in a real browser, without network.

The report is made from names that mean harm.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from apps import report
from apps.report.own_shop.shop import from_shop, read_own_shop
from apps.report.section import Figure, Section, tidy
from helpers.data import sources
from tools.classroom import handbook
from tools.env import ROOT

SCREENSHOTS = ROOT / "screenshots"
PHONE = 390
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
    return page_about(lines, folder / "<b>orders.csv")


def page_about(lines, csv):
    """Write lines as such a file and the page about it beside it; return the page's path."""
    lines.to_csv(csv, index=False)
    shop = read_own_shop(csv)
    path = csv.with_name("report.html")
    path.write_text(report.page(shop, report.sections(shop)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """A page with a figure whose numbers are known: two lines by month, one with such a name."""

    def draw():
        ax = plt.subplots()[1]
        ax.set(title="What was sold", ylabel="revenue ($)")
        return ax

    months = pd.period_range("2024-01", periods=24, freq="M")
    new = pd.Series(range(100, 124), index=months, name="new")
    lines = tidy(pd.DataFrame({"new": new, HARM[0]: 1_000 + new}), "$")
    parts = [Figure(draw, "two lines, which are only a test of what a figure can do.", lines)]
    shop = from_shop(sources.load_shop())
    path = tmp_path_factory.mktemp("figures") / "figures.html"
    made = [Section(title="A figure", figures=parts, name="one", question="What was sold?")]
    path.write_text(report.page(shop, made), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def superstore(tmp_path_factory):
    """The page about a file of the size and the columns of Tableau's "Superstore", by chance.

    5,000 orders of 800 customers for 1,850 products in four years; discounts, profits, categories,
    one country; and a column that Superstore lacks, the channel.
    """
    rng = np.random.default_rng(0)
    order = rng.integers(5_000, size=10_000)
    orders = pd.DataFrame(
        {
            "Order ID": [f"US-{number}" for number in range(5_000)],
            "Order Date": pd.Timestamp("2014-01-03")
            + pd.to_timedelta(np.sort((1_457 * rng.random(5_000) ** 0.7).astype(int)), "D"),
            "Customer ID": [f"C{user}" for user in rng.integers(800, size=5_000)],
            "Country": "United States",
            "Channel": rng.choice(["web", "store", "phone"], 5_000, p=[0.6, 0.3, 0.1]),
        }
    )
    item = rng.integers(1_850, size=10_000)
    lines = orders.loc[order].assign(
        **{
            "Product ID": [f"P{one}" for one in item],
            "Product Name": [
                f"A Product with a Name of Several Words, Number {one}" for one in item
            ],
            "Category": np.array(["Furniture", "Office Supplies", "Technology"])[item % 3],
            "Quantity": rng.integers(1, 10, 10_000),
            "Discount": rng.choice([0, 0.2, 0.4], 10_000),
        }
    )
    paid = rng.lognormal(3, 1.5, 1_850)[item] * lines["Quantity"] * (1 - lines["Discount"])
    lines["Sales"] = paid.round(2)
    lines["Profit"] = (lines["Sales"] * rng.normal(0.12, 0.2, 10_000)).round(4)
    folder = tmp_path_factory.mktemp("superstore")
    return page_about(lines, folder / "superstore.csv")


@pytest.fixture
def seen(visit, written):
    return visit(written)


@pytest.fixture
def lines(visit, figures):
    """The first figure of the page of figures."""
    return visit(figures).locator("figure").first


# ---------------------------------------------------------------- harmless


def test_it_asks_for_nothing_and_obeys_nobody(seen, written):
    assert [url for url in seen.asked if not url.startswith("data:")] == [written.as_uri()]
    assert seen.errors == []
    assert seen.title() == "Report on a shop"
    assert seen.get_by_role("heading", name="harmed").count() == 0


def test_its_policy_holds(seen):
    """Another script, a style or a request is refused, even if somebody had put it on the page."""
    seen.evaluate(
        """() => setTimeout(() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'harmed'";
            document.body.append(script);
            document.body.setAttribute("style", "width: 7px");
            fetch("http://localhost:9/").catch(() => {});
            new Function("document.title = 'harmed'")();
        })"""
    )
    seen.wait_for_timeout(200)
    assert seen.title() == "Report on a shop"
    assert seen.evaluate("document.body.offsetWidth") > 7
    assert len([one for one in seen.errors if "Content Security Policy" in one]) >= 4


def test_names_are_text(seen):
    text = seen.locator("body").inner_text()
    assert "<script>document.title = 'harmed'</script>" in text
    assert "'=HYPERLINK" in text  # with the apostrophe that keeps it text in a spreadsheet
    assert "<b>orders.csv" in text


def test_names_in_figures_are_text(visit, figures):
    page = visit(figures)
    assert page.errors == []
    assert page.title() == "Report on a shop"
    assert page.get_by_role("button", name=HARM[0]).is_visible()
    page.locator(".plot").focus()
    page.keyboard.press("Home")
    assert page.locator(".tip").inner_text() == f"2024-01\nnew: $100\n{HARM[0]}: $1,100"


# ---------------------------------------------------------------- for everybody


@pytest.mark.parametrize(
    ("width", "scheme"), [(1200, "light"), (1200, "dark"), (PHONE, "light"), (PHONE, "dark")]
)
@pytest.mark.parametrize("path", ["written", "figures", "superstore"])
def test_it_is_accessible(visit, request, path, width, scheme):
    page = visit(request.getfixturevalue(path), width, color_scheme=scheme)
    for details in page.locator("details").all():
        details.locator("summary").click()
    page.locator(".plot").first.focus()  # with its values shown
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, PHONE])
def test_it_fits_the_screen(visit, written, width, scheme):
    """Tables may be wider than a telephone, and scroll on their own; the page does not."""
    page = visit(written, width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for plot in page.locator(".plot svg").all():
        assert plot.bounding_box()["width"] <= width
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"report_{width}_{scheme}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, PHONE])
def test_it_is_not_too_long(visit, superstore, width):
    page = visit(superstore, width)
    assert page.evaluate("document.documentElement.scrollHeight") <= (
        8_000 if width > PHONE else 12_000
    )


def test_channels_are_seen(visit, superstore):
    page = visit(superstore)
    won = page.locator("#places table").nth(1)
    assert won.locator("caption").inner_text() == "What each channel has brought"
    assert column(won, "channel of the first order") == ["web", "store", "phone"]
    (customers,) = page.locator(".tiles div:has(dt:text-is('customers')) .value").all_inner_texts()
    assert sum(map(int, column(won, "customers"))) == int(customers)


def test_pictures_are_drawn_and_have_words(visit, written):
    page = visit(written, java_script_enabled=False)
    images = page.locator("figure img")
    assert images.count() >= 4
    for image in images.all():
        assert image.is_visible()
        assert image.bounding_box()["width"] > 300
        assert len(image.get_attribute("alt")) > 40
    assert page.locator(".chart").count() == 0
    assert page.locator("th button").count() == 0


def test_each_finding_leads_to_its_section(seen):
    links = seen.get_by_role("navigation").get_by_role("link")
    assert links.count() >= 8
    for link in links.all():
        link.click()
        section = seen.locator(seen.evaluate("location.hash"))
        assert link.inner_text() == section.locator(".question").inner_text()


def test_on_a_phone_no_table_in_sight_has_to_scroll(visit, tmp_path):
    shop = from_shop(sources.load_shop())
    path = tmp_path / "report.html"
    path.write_text(report.page(shop, report.sections(shop)), encoding="utf-8")
    page = visit(path, PHONE)
    tables = [one for one in page.locator(".wide:has(table)").all() if one.is_visible()]
    assert len(tables) >= 6
    wider = "one => one.scrollWidth > one.clientWidth"
    assert [one.inner_text()[:60] for one in tables if one.evaluate(wider)] == []


def test_it_prints_its_pictures(seen):
    figure = seen.locator("figure.live").first
    expect(figure.locator("img")).to_be_hidden()
    seen.emulate_media(media="print")
    expect(figure.locator("img")).to_be_visible()
    expect(figure.locator(".chart")).to_be_hidden()
    SCREENSHOTS.mkdir(exist_ok=True)
    printed = seen.pdf(path=SCREENSHOTS / "report.pdf")
    assert printed.startswith(b"%PDF")


# ---------------------------------------------------------------- figures that answer


def test_a_figure_answers_the_pointer(lines):
    plot = lines.locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    plot.hover(position={"x": box["width"] - 17, "y": 100})
    assert lines.locator(".tip").inner_text() == f"2025-12\nnew: $123\n{HARM[0]}: $1,123"
    lines.page.mouse.move(0, 0)
    expect(lines.locator(".tip")).to_be_hidden()


def test_a_figure_answers_the_keyboard(lines):
    page = lines.page
    plot = lines.get_by_role("slider")
    plot.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert plot.get_attribute("aria-valuetext") == f"2024-02; new: $101; {HARM[0]}: $1,101"
    assert lines.locator(".tip").inner_text() == f"2024-02\nnew: $101\n{HARM[0]}: $1,101"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")  # there is nothing beyond
    assert plot.get_attribute("aria-valuetext").startswith("2025-12; ")
    assert plot.get_attribute("aria-valuenow") == "23"


def test_a_legend_hides_and_shows(lines):
    plot = lines.locator(".plot")
    before = plot.locator(".line").count()
    button = lines.get_by_role("button", name=HARM[0])
    button.press("Space")
    assert button.get_attribute("aria-pressed") == "false"
    assert plot.locator(".line").count() == before - 1 == 1
    assert "$1,000" not in plot.locator("svg").text_content()  # the scale follows
    button.click()
    assert plot.locator(".line").count() == before


def test_a_figure_follows_the_window(lines):
    plot = lines.locator(".plot svg")
    assert float(plot.get_attribute("width")) > 800
    lines.page.set_viewport_size({"width": PHONE, "height": 900})
    expect(plot).not_to_have_attribute("width", "960")
    assert float(plot.get_attribute("width")) <= PHONE


# ---------------------------------------------------------------- tables


def column(table, name):
    heads = table.locator("th").all_inner_texts()
    place = next(k for k, head in enumerate(heads) if head.strip() == name)
    return [row.locator("td").nth(place).inner_text() for row in table.locator("tbody tr").all()]


def test_tables_sort(seen):
    seen.locator("#figures summary").first.click()
    table = seen.locator("#figures table.sortable")
    months = column(table, "period")
    revenue = column(table, "revenue")
    numbers = sorted(revenue, key=lambda text: float(text.strip("$").replace(",", "")))
    head = table.get_by_role("columnheader", name="revenue")
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(table, "revenue") == numbers[::-1]
    head.get_by_role("button").press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(table, "revenue") == numbers
    other = table.get_by_role("columnheader", name="period")
    other.get_by_role("button").click()
    assert column(table, "period") == months
    assert head.get_attribute("aria-sort") is None


def test_tables_can_be_downloaded(seen, tmp_path):
    seen.locator("#figures summary").first.click()
    link = seen.locator("#figures").get_by_role("link", name="Download as CSV")
    with seen.expect_download() as download:
        link.press("Enter")
    assert download.value.suggested_filename == "figures-1.csv"
    download.value.save_as(tmp_path / "figures.csv")
    rows = pd.read_csv(tmp_path / "figures.csv")
    table = seen.locator("#figures table.sortable")
    assert rows["period"].tolist() == column(table, "period")
    assert rows["revenue"].tolist() == column(table, "revenue")
    assert seen.errors == []


@pytest.mark.parametrize("width", [1200, 380])
def test_the_handbook_fits_the_screen(visit, tmp_path, width):
    path = tmp_path / "handbook.html"
    path.write_text(handbook.pages()["handbook.html"], encoding="utf-8")
    page = visit(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.errors == []
