"""The page of a report: whole, right at the top, and closed to whatever stands in the file."""

import base64
import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps import report
from apps.report.charts import chart
from apps.report.html import FORMULA, NUMBER, guarded, page, visible
from apps.report.own_shop.accounts import Accounts, LeftOut
from apps.report.section import Figure, Section, Table, money, tidy
from apps.report.summary import reconciliation, tiles
from helpers.data import sources

POLICY = {
    "default-src": {"'none'"},
    "img-src": {"data:"},
    "connect-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
}


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for each, attributes in self.tags if each == tag]

    def charts(self):
        return [json.loads(one["data-chart"]) for one in self.all("figure") if "data-chart" in one]


class Told:
    """A shop that tells other things of itself."""

    def __init__(self, shop, **told):
        self.__dict__ |= {"shop": shop} | told

    def __getattr__(self, name):
        return getattr(self.shop, name)


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def assert_closed(text):
    """The page loads nothing; it runs one script and has one style, those of its policy."""
    seen = Page(text)
    assert not {tag for tag, _ in seen.tags} & {"iframe", "object", "embed", "link", "form", "base"}
    assert {tag for tag, _ in Page("".join(re.findall("<svg.*?</svg>", text, re.S))).tags} <= {
        "svg",
        "polyline",
    }
    for tag, attributes in seen.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "srcset", "data", "xlink:href", "formaction"):
            value = attributes.get(name, "#")
            allowed = {
                "a": "data:text/csv;charset=utf-8;base64,",
                "img": "data:image/svg+xml;base64,",
            }
            assert value.startswith(("#", allowed.get(tag, "#")))
            assert (
                name != "href" or value.startswith("#") or attributes["download"].endswith(".csv")
            )
    (policy,) = [one for one in seen.all("meta") if one.get("http-equiv")]
    rules = {rule.split()[0]: set(rule.split()[1:]) for rule in policy["content"].split(";")}
    (style,) = re.findall("<style>(.*?)</style>", text, re.S)
    (script,) = re.findall("<script>(.*?)</script>", text, re.S)
    assert len(seen.all("script")) == len(seen.all("style")) == 1
    assert rules == POLICY | {"style-src": {digest(style)}, "script-src": {digest(script)}}
    assert "http://" not in text.replace("http://evil", "").replace(
        "http://www.w3.org/2000/svg", ""
    )
    assert "https://" not in text


def page_of(shop, *tables, **parts):
    return page(shop, [Section(title="t", tables=tables, name="x", question="?", **parts)])


def downloads(text):
    """The CSV files of a page: name → rows."""
    begin = "data:text/csv;charset=utf-8;base64,"
    return {
        link["download"]: list(
            csv.reader(
                io.StringIO(base64.b64decode(link["href"][len(begin) :]).decode("utf-8-sig"))
            )
        )
        for link in Page(text).all("a")
        if "download" in link
    }


@pytest.fixture(scope="module")
def text(ours, made):
    return page(ours, made.values())


def test_the_page_is_whole_and_closed(text):
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert_closed(text)


def test_the_page_can_be_read_by_all(text):
    seen = Page(text)
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link["href"][1:] for link in seen.all("a") if "download" not in link}
    assert inside <= set(ids)
    assert all(len(image["alt"]) > 40 for image in seen.all("img"))
    assert all(len(drawing["aria-label"]) > 40 for drawing in seen.all("svg"))
    assert len(seen.all("h1")) == 1
    assert len(seen.all("table")) == len(seen.all("caption")) > 10
    assert all(head["scope"] in ("col", "row") for head in seen.all("th"))


def test_the_page_holds_every_section(text, made):
    seen = Page(text)
    for one in made.values():
        assert one.title in seen.text
        assert all(paragraph in seen.text for paragraph in (*one.reading, *one.caveats))


def test_the_same_shop_gives_the_same_page(ours, made, text):
    assert page(ours, made.values()) == text


# ---------------------------------------------------------------- the top


def test_the_page_begins_with_what_everybody_asks(text, ours, read):
    head = Page(text).text.split("This week")[0]
    for fact in (f"${ours.orders['value'].sum():,.0f}", "2,398", "7,838", "$96.12"):
        assert fact in head
    assert "Read this first" not in head
    doubtful = read(pd.DataFrame({"user": [7, 8], "date": ["2025-03-01", "2025-03-02"]}))
    head = page(doubtful, list(report.sections(doubtful))).split("This week")[0]
    assert len(doubtful.warnings) > 0
    assert all(warning in Page(head).text for warning in doubtful.warnings)
    assert "revenue" not in head


@pytest.fixture
def shop_by_hand(read):
    """Three full months and the beginning of a fourth.

    January 10 + 20 + 30 from 2 customers, February 40 from 1, March 25 + 25 from 2; guests too.
    """
    rows = [("a", "2025-01-01", 10), ("a", "2025-01-20", 20), ("b", "2025-01-31", 30)]
    rows += [("b", "2025-02-10", 40), ("a", "2025-03-03", 25), ("c", "2025-03-31", 25)]
    rows += [("a", "2025-06-02", 99)]
    shop = read(pd.DataFrame(rows, columns=["customer", "date", "total"]))
    refunds = pd.DataFrame({"refunded_at": ["2025-02-15", "2025-05-03"], "amount": [10.0, 5.0]})
    return Told(
        shop,
        refund_rows=refunds.astype({"refunded_at": "datetime64[us]"}),
        accounts=Accounts(
            lines_read=12,
            lines_used=9,
            left_out=(LeftOut("canceled", 2), LeftOut("no date", 1)),
            gross=284.0,
            discounts=20.0,
            refunds=15.0,
            net=249.0,
            unmatched=0.0,
            returned=1,
            customers=3,
            guest_orders=2,
            orders=7,
        ),
    )


def test_tiles_by_hand(shop_by_hand):
    found = {tile.name: tile for tile in tiles(shop_by_hand)}
    assert {name: tile.value for name, tile in found.items()} == {
        "net revenue": "249",
        "orders": "7",
        "customers": "3",
        "average order value": f"{249 / 7:.2f}",
        "refund rate": "5.7%",  # 15 / (249 + 15)
    }
    # April and May are full months without orders; June was seen in part.
    assert found["net revenue"].change == "0 in 2025-05, the same as in 2025-04"
    assert "lowest 0 (2025-04), highest 60 (2025-01)" in found["net revenue"].words
    assert found["average order value"].change == "25.00 in 2025-03, 38% less than in 2025-02"
    assert found["refund rate"].change == "100.0% in 2025-05, after none in 2025-03"
    points = [point.split(",") for point in found["orders"].points.split()]
    assert points == [
        ["0.0", "2.0"],  # 3, the most
        ["25.0", "15.3"],
        ["50.0", "8.7"],
        ["75.0", "22.0"],  # none
        ["100.0", "22.0"],
    ]


def test_a_tile_compares_with_the_same_month_of_the_year_before(read):
    days = pd.date_range("2024-01-01", "2025-03-31", freq="2D")
    rows = pd.DataFrame({"customer": 7, "date": days, "total": 1.0})
    rows["total"] += (days >= "2025-03-01").astype(int)
    (revenue, *_) = tiles(read(rows.astype({"date": str})))
    assert revenue.change == "30 in 2025-03, 88% more than in 2024-03"  # 15 days of 2, 16 of 1


def test_tiles_leave_out_what_the_file_cannot_tell(shop_by_hand):
    bare = shop_by_hand.accounts._replace(customers=None, refunds=0.0, guest_orders=7)
    names = [tile.name for tile in tiles(Told(shop_by_hand, accounts=bare))]
    assert names == ["net revenue", "orders", "average order value"]


def test_sums_add_up(shop_by_hand):
    sums = {one.caption: one.rows for one in reconciliation(shop_by_hand)}
    assert sums["Lines of the file"] == [
        ("lines read", "12"),
        ("left out: canceled", "−2"),
        ("left out: no date", "−1"),
        ("lines used", "9"),
    ]
    for rows in sums.values():
        numbers = [float(number.replace("−", "-").replace(",", "")) for _, number in rows]
        assert sum(numbers[:-1]) == numbers[-1]
    assert [what for what, _ in sums["Money"]][-1] == "net revenue"
    assert sums["Customers"][-1][1] == "5"


def test_what_the_file_cannot_tell_has_no_sum(shop_by_hand):
    bare = shop_by_hand.accounts._replace(net=None, customers=None)
    sums = reconciliation(Told(shop_by_hand, accounts=bare))
    assert [one.caption for one in sums] == ["Lines of the file"]


# ---------------------------------------------------------------- figures


def test_the_chart_has_the_numbers_of_the_shop(text, ours):
    (revenue, *_) = Page(text).charts()
    months = ours.orders.groupby(ours.orders["ordered_at"].dt.to_period("M"))["value"].sum()
    assert revenue["x"] == months.index.astype(str).tolist()
    assert revenue["series"][0]["values"] == pytest.approx(months.tolist(), rel=1e-5)
    assert revenue["number"].format(7) == "$7"


def test_series_share_their_points():
    data = pd.DataFrame(
        [(3, "one", 1.0), (1, "one", 2.0), (1, "two", 3.0), (2, "two", None)],
        columns=["x", "series", "value"],
    ).assign(unit="orders", low=[0.5, None, None, None], high=[1.5, None, None, None])
    made = json.loads(chart(data))
    assert made["x"] == ["1", "2", "3"]
    assert made["series"] == [
        {
            "name": "one",
            "values": [2.0, None, 1.0],
            "low": [None, None, 0.5],
            "high": [None, None, 1.5],
        },
        {"name": "two", "values": [3.0, None, None]},
    ]


def test_a_figure_has_one_unit():
    data = tidy(pd.Series([1.0], index=["a"], name="x"), "$")
    with pytest.raises(ValueError, match=r"one unit; got \$, orders"):
        chart(pd.concat([data, data.assign(unit="orders")]))


def test_names_in_a_chart_are_data(ours):
    names = ["<b>&quot;", '"></figure><script>alert(1)</script>']
    data = tidy(pd.DataFrame([[1.0, 2.0]], columns=names, index=["a\u202eb"]), "orders")
    text = page_of(ours, figures=[Figure(lambda: plt.subplots()[1], "x" * 50, data)])
    assert_closed(text)
    (made,) = Page(text).charts()
    assert made["x"] == ["ab"]
    assert [one["name"] for one in made["series"]] == names


def test_a_figure_that_fails_leaves_the_page_whole(ours):
    def draw():
        raise KeyError("_our_function")

    with pytest.warns(RuntimeWarning, match="KeyError in a figure"):
        text = page_of(ours, figures=[Figure(draw, "how it went")])
    assert "This figure could not be drawn." in text
    assert "In words: How it went" in text
    assert "_our_function" not in text


# ---------------------------------------------------------------- tables and downloads


def test_ids_are_set_as_text_and_numbers_to_the_right(ours):
    text = page_of(ours, Table("x", pd.DataFrame({"customer": ["12748"], "orders": ["7"]})))
    assert '<th scope="col">' in text
    assert '<td class="number">7</td>' in text
    assert '<td class="number">12748</td>' not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-5%", "-5%"),
        ("-$1,234.50", "-$1,234.50"),
        ("–", "–"),
        ("-2+3", "<bdi>&#39;-2+3</bdi>"),
        ("=1", "<bdi>&#39;=1</bdi>"),
        ("+1", "<bdi>&#39;+1</bdi>"),
        ("@1", "<bdi>&#39;@1</bdi>"),
        ("@SUM(A1)", "<bdi>&#39;@SUM(A1)</bdi>"),
        ("\tx", "<bdi>&#39; x</bdi>"),
        ("a\x00b\x1b", "<bdi>a�b�</bdi>"),
        ("👩‍🚀", "<bdi>👩‍🚀</bdi>"),  # joined by a character that is not seen, and needed
        ("x" * 500, "<bdi>" + "x" * 119 + "…</bdi>"),
    ],
)
def test_cells(ours, text, shown):
    written = page_of(ours, Table("x", pd.DataFrame({"name": [text]})))
    (cells,) = re.findall('<table class="sortable">.*?</table>', written, re.S)
    assert re.findall("<td.*?>(.*)</td>", cells) == [shown]


def test_names_of_columns_are_escaped(ours):
    table = Table("<i>", pd.DataFrame({"<b>": ["1"]}))
    text = page(ours, [Section(title="&", tables=(table,), name="x", question="?")])
    assert "&lt;i&gt;" in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text


def test_every_table_or_its_complete_list_can_be_downloaded(text, made):
    tables = [table for one in made.values() if not one.lists for table in one.tables]
    files = downloads(text)
    lists = [name for one in made.values() for name in one.lists]
    acts = [f"week-{number}.csv" for number in (1, 2, 3)]
    assert len(files) == len(tables) + len(lists) + len(acts)
    assert {"churn-list-1.csv", "rfm-list-1.csv", "rules-list-1.csv", *acts} <= files.keys()
    assert len(files["rfm-list-1.csv"]) == 1 + 2_398  # every customer
    rows = files["products-1.csv"]
    cells = made["products"].tables[0].cells
    assert rows == [list(cells), *cells.to_numpy().tolist()]


def test_a_complete_list_is_downloaded_with_plain_numbers(ours):
    everybody = pd.DataFrame({"customer": ["=1+1", "日本, \u202e7"], "risk": [-0.25, 1234.5]})
    files = downloads(page_of(ours, lists={"everybody at risk": everybody}))
    assert files == {
        "x-list-1.csv": [["customer", "risk"], ["'=1+1", "-0.25"], ["日本, 7", "1234.5"]]
    }


@given(st.text(max_size=8) | st.sampled_from([f"{one}1" for one in FORMULA]))
def test_no_cell_is_run_by_a_spreadsheet(text):
    safe = visible(guarded(text))
    assert not safe.startswith(FORMULA) or NUMBER.fullmatch(safe)
    if NUMBER.fullmatch(safe):  # at most a sign, a currency and digits: nothing to calculate
        assert not re.search(r"[=+@(]|\d\s*[-*/^]", safe)


# ---------------------------------------------------------------- hostile files


def test_hostile_files_make_a_page(read, hostile):
    shop = read(hostile)
    assert shop.rows > 0
    assert len(shop.report().splitlines()) < 40
    made = list(report.sections(shop))
    text = page(shop, made)
    assert_closed(text)
    seen = Page(text)
    for one in made:
        assert one.question in seen.text
        assert bool(one.title) != bool(one.skipped)
    assert "could not be computed" not in seen.text
    assert "nan" not in seen.text.split("use strict")[0].lower().split()


def test_hostile_names_in_all_tables(read):
    lines = sources.load_shop().order_lines
    names = [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://evil")',
        "+1",
        "\u202egnp.exe",
        "日本",
    ]
    lines["user_id"] = [f"{names[int(u[1:]) % 5]}{u}" for u in lines["user_id"]]
    lines["product name"] = [f"{names[int(i[1:]) % 5]}'\"&{i}" for i in lines["item_id"]]
    shop = read(lines)
    text = page(shop, list(report.sections(shop)))
    assert_closed(text)
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>U" in Page(text).text  # as text it is there, whole
    for cell in ("=HYPERLINK", "+1U"):
        assert f"<bdi>{cell}" not in text
        assert f"<bdi>&#39;{cell}" in text
    for rows in downloads(text).values():
        cells = {cell for row in rows for cell in row}
        assert not [one for one in cells if one.startswith(FORMULA) and not NUMBER.fullmatch(one)]


def test_won_have_no_decimals(read):
    shop = read("order,date,customer,total (KRW)\n1,2025-03-01,7,45900\n2,2025-03-02,8,21000\n")
    assert money(shop, 33450.5, 2) == "KRW 33,450"
