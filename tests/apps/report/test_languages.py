"""The report in Chinese: every text is translated, and English stays as it is."""

import ast
import base64
import csv
import io
import json
import re
import string
import subprocess
import sys
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jinja2
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

from apps import report
from apps.report import html
from apps.report.own_shop import Question, read_own_shop
from apps.report.own_shop.messages import pluralize
from apps.report.section import Figure
from helpers import language, plots
from helpers.language import say, speaking
from tools import env
from tools import report as tool

HELPERS = Path(language.__file__).parent
APPS = HELPERS.parent / "apps"
TOOLS = HELPERS.parent / "tools"
CODE = [
    *HELPERS.rglob("*.py"),
    *APPS.rglob("*.py"),
    *(HELPERS.parent / "exercises").rglob("*.py"),
    TOOLS / "report.py",
    *(TOOLS / "book").glob("*.py"),
]
TEMPLATES = [*(APPS / "report").glob("*.html")]
WAITING = ("what", "fix", "asks", "meanings")  # variables with texts
CATALOGS = [*(language.LOCALE / "zh_CN").glob("*.po")]  # those of the lessons are in lessons/


def calls(function):
    """Yield the arguments of all calls of a function in the code, with their place."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) == function
            ):
                yield f"{file.name}:{node.lineno}", node.args


def assigned():
    """Yield the texts that wait in a variable until they are said."""
    for file in (APPS / "report/own_shop").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in WAITING:
                yield from literals(node.value)


def literals(node):
    """Return the texts that an argument can be: a literal, or one of several."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.Dict):
        return [text for one in node.values for text in literals(one)]  # noqa: PD011
    return [node.value] if isinstance(node, ast.Constant) else []


def said_directly():
    """Return all texts that the code and the templates say, in English."""
    names = ("say", "OwnShopError", "ask", "choose")
    says = [arguments[0] for name in names for _, arguments in calls(name)]
    for name in ("doubt", "doubt_rows"):  # after the column, both what is in doubt and what to do
        says += [text for _, (_, *texts) in calls(name) for text in texts]
    texts = {text for node in says for text in literals(node) if text} | {*assigned()}
    for _, (_, noun) in calls("pluralize"):
        texts |= {f"{{number}} {one}{ending}" for one in literals(noun) for ending in ("", "s")}
    for file in TEMPLATES:
        tree = jinja2.Environment().parse(file.read_text("utf-8"))
        texts |= {
            one if isinstance(one, str) else one[0] for *_, one in extract_from_ast(tree, ["say"])
        }
    return texts


def all_constants():
    """Return all texts in the code and its data, some of which are said by their name."""
    nodes = (node for file in CODE for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    constants = {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    constants |= {f"{{number}} {noun}{ending}" for noun in constants for ending in ("", "s")}
    names = tomllib.loads((APPS / "report/own_shop/names.toml").read_text("utf-8"))
    return constants | {role["meaning"] for role in names["roles"].values()}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# ---------------------------------------------------------------- the catalog


@pytest.fixture(scope="module")
def chinese():
    return {text: said for path in CATALOGS for text, said in language.read(path).items()}


def test_every_text_that_is_said_is_translated(chinese):
    assert sorted(said_directly() - chinese.keys()) == []


def test_no_translation_is_left_over(chinese):
    assert sorted(chinese.keys() - said_directly() - all_constants()) == []


def test_a_translation_has_the_placeholders_of_its_text(chinese):
    differ = {text for text, said in chinese.items() if placeholders(text) != placeholders(said)}
    assert differ == set()


def test_no_text_is_glued_together():
    """A text with values in it is not in the catalog, so `say` must get the values separately."""
    glued = [
        place
        for place, (text, *_) in calls("say")
        if isinstance(text, ast.JoinedStr | ast.BinOp) and not place.startswith("messages.py")
    ]
    assert glued == []


def test_a_text_is_translated_once():
    texts = []
    for path in CATALOGS:
        with path.open("rb") as file:
            here = [one.id for one in read_po(file, abort_invalid=True)]
        assert path.read_text("utf-8").count("\nmsgid ") == len(here)  # read_po merges copies
        texts += [text for text in here if text]
    assert len(texts) == len(set(texts))


# ---------------------------------------------------------------- speaking


def test_only_what_is_made_inside_is_in_chinese():
    assert pluralize(2, "order") == "2 orders"
    with speaking("zh"):
        assert pluralize(2, "order") == pluralize(1, "order").replace("1", "2") == "2 笔订单"
        with speaking("en"):
            assert say("Back to top") == "Back to top"
        assert say("Back to top") == "返回顶部"
    assert say("Back to top") == "Back to top"
    with pytest.raises(KeyError), speaking("zh"):
        raise KeyError
    assert say("Back to top") == "Back to top"


def test_what_has_no_translation_stays_in_english():
    with speaking("zh"):
        assert say("Nobody said {this} before.", this="that") == "Nobody said that before."


# ---------------------------------------------------------------- pages

# Latin words in Chinese: names that the field has in no other way, and what must be typed.
ALLOWED = """
AOV AUC RFM WAPE BG/NBD Gamma-Gamma Holm A/B CSV csv UTF
"""
QUOTED = r'MAP="[^"]*"|“[^”]*”|"[^"]*"'  # names from the file, and lines to copy
NAME = r"(?<![\w/])[A-Za-z][A-Za-z/'-]*[A-Za-z](?![\w/])"


class Visible(HTMLParser):
    """The texts that a reader of a page sees or hears, with the id of their section."""

    SHOWN = "alt", "aria-label", "data-title", "data-axis"

    def __init__(self, page):
        super().__init__()
        self.texts, self.hidden = [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.hidden = tag in ("style", "script")
        self.texts += [given[name] for name in self.SHOWN if given.get(name)]
        if "data-chart" in given:
            drawn = json.loads(given["data-chart"])
            self.texts += [drawn["noun"], *map(str, drawn["x"])]
            self.texts += [one["name"] for one in drawn["series"]]
        if given.get("src", "").startswith("data:image/svg"):
            self.texts += drawn_texts(given["src"])
        if given.get("href", "").startswith("data:text/csv"):
            self.texts += csv_names(given["href"])

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.texts.append(data)


def decoded(address):
    return base64.b64decode(address.partition(",")[2]).decode("utf-8-sig")


def drawn_texts(address):
    """Return the texts of a figure; without Chinese letters they are drawn as paths."""
    drawing = ElementTree.fromstring(decoded(address))
    return ["".join(one.itertext()) for one in drawing.iter("{http://www.w3.org/2000/svg}text")]


def csv_names(address):
    return next(csv.reader(io.StringIO(decoded(address))))


def english(page, known):
    """Return the English words on a page that are neither allowed nor known from the file."""
    texts = (re.sub(QUOTED, "", one) for one in Visible(page).texts if one.strip() not in known)
    words = {word for text in texts for word in re.findall(NAME, text)}
    return words - set(ALLOWED.split())


def of_the_file(shop):
    """Return the texts of a page that come from the file: names, columns, values."""
    items = [] if shop.items is None else shop.items.to_numpy().ravel()
    return {str(one) for one in [*items, *shop.columns.to_numpy().ravel()]}


def report_in_chinese(shop):
    with speaking("zh"):
        return report.page(shop, report.sections(shop))


def test_the_page_of_our_shop_has_no_english(ours):
    ours = replace(ours, source="课程店铺")
    found = report_in_chinese(ours)
    assert '<html lang="zh-CN">' in found
    assert english(found, of_the_file(ours)) == set()


@pytest.fixture
def read_in_chinese(tmp_path):
    def read(rows):
        file = tmp_path / "订单.csv"
        pd.DataFrame(rows).to_csv(file, index=False)
        with speaking("zh"):
            return read_own_shop(file)

    return read


def test_a_page_without_customers_money_and_items_has_no_english(read_in_chinese):
    days = pd.date_range("2025-01-01", periods=300).astype(str)
    shop = read_in_chinese({"订单号": range(300), "日期": days})
    assert [shop.has_customers, shop.has_money, shop.has_items] == [False] * 3
    assert english(report_in_chinese(shop), of_the_file(shop)) == set()


def test_a_page_with_doubts_and_rows_left_out_has_no_english(read_in_chinese):
    n = 1500
    number = pd.Series(range(n))
    rows = pd.DataFrame(
        {
            "订单号": number // 2,
            "客户编号": ("K" + (number // 2 * 7919 % 211).astype(str)).where(
                number % 11 > 0, "Guest"
            ),
            "日期": pd.date_range("2024-01-01", periods=n, freq="9h").astype(str),
            "商品编号": "A" + (number * 31 % 17).astype(str),
            "数量": 1 + number % 3,
            "单价": (9.5 + number * 31 % 17).astype(str),
            "订单状态": "paid",
            "国家": "CN",
        }
    )
    rows.loc[::50, "数量"] = -1
    rows.loc[3::100, "订单状态"] = "cancelled"
    rows.loc[5::100, "订单状态"] = "partially refunded"
    rows.loc[7::400, "订单状态"] = "lost at sea"  # too little money to be asked about
    rows.loc[9::100, "日期"] = "soon"
    rows.loc[11::100, "单价"] = "a lot"
    rows.loc[13::100, "商品编号"] = "=A1()"
    shop = read_in_chinese(rows)
    assert len(shop.warnings) > 5
    assert len(shop.dropped()) > 5
    found = report_in_chinese(shop)
    assert english(found, of_the_file(shop)) == set()
    assert {"退款", "游客", "已取消"} <= set(re.findall("退款|游客|已取消", found))


def test_what_a_file_leaves_open_is_asked_in_chinese(read_in_chinese):
    with pytest.raises(Question) as error:
        read_in_chinese({"更改": ["2025-03-01", "2025-03-02"], "金额": ["7.5", "9.5"]})
    asked = re.sub(QUOTED, "", str(error.value))
    assert set(re.findall(NAME, asked)) <= {"YES", "time"}


# ---------------------------------------------------------------- figures, and the command


def drawn(title):
    """Return a figure of bars with a title, as it stands on a page, and the titles' width in em."""
    widths = []

    def draw():
        ax = plt.subplots()[1]
        plots.bars(pd.Series({title: 1.0, "B": 2.0}), title, label="x", ax=ax)
        (text,) = [one for one in ax.get_children() if getattr(one, "get_text", str)() == title]
        ax.figure.draw_without_rendering()
        widths.append(text.get_window_extent().width / text.get_fontsize() * 72 / ax.figure.dpi)
        return ax

    svg = base64.b64decode(html._drawn(Figure(draw, "bars")).svg).decode()
    return svg, widths[0]


def test_the_browser_draws_chinese_letters_and_has_room_for_them():
    svg, width = drawn("各月销售额")
    assert drawn_texts(f"data:,{base64.b64encode(svg.encode()).decode()}").count("各月销售额") == 2
    assert "'Microsoft YaHei', 'Noto Sans SC'" in svg
    assert width >= len("各月销售额")  # a Chinese letter is 1 em wide


def test_other_letters_are_paths():
    svg, _ = drawn("Revenue by month, €")
    assert "<text" not in svg
    assert "font-family" not in svg


@pytest.mark.parametrize("language", ["zh", "zh_CN.UTF-8"])
def test_the_command_speaks_chinese(language, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(env, "enter", lambda: None)
    monkeypatch.chdir(tmp_path)
    Path("订单.csv").write_text("订单号,客户,日期,金额\n1,A,2025-03-01,5.5\n2,B,2025-03-02,7\n")
    monkeypatch.setattr(sys, "argv", ["tools.report", "订单.csv", "--lang", language])
    tool.main()
    assert "报告已写入 report.html。" in capsys.readouterr().out
    assert '<html lang="zh-CN">' in Path("report.html").read_text("utf-8")
    monkeypatch.setattr(sys, "argv", ["tools.report", "订单.csv"])
    tool.main()
    assert '<html lang="en">' in Path("report.html").read_text("utf-8")


def test_an_unknown_language_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(env, "enter", lambda: None)
    monkeypatch.setattr(sys, "argv", ["tools.report", "--lang", "fr"])
    with pytest.raises(SystemExit, match="2"):
        tool.main()
    assert "The languages are: en (English), zh" in capsys.readouterr().err


def test_only_a_language_that_is_given_to_make_counts(monkeypatch):
    root = HELPERS.parent
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for given, said in (([], ""), (["LANG=zh"], '--lang="zh"')):
        made = subprocess.run(
            ["make", "--dry-run", "report", *given], cwd=root, capture_output=True, text=True
        )
        assert ("--lang" in made.stdout, said in made.stdout) == (bool(said), True)
