"""Shops dressed at random: names, formats and decoys drawn by lot, and no figure silently wrong.

``WORKBOOK_RUNS=1000`` makes 1,000 shops instead of 40. A seed that fails is named, and
``dressed_at_random(seed)`` makes the same shop again.
"""

import os
import random
from collections import Counter

import pandas as pd

from apps.report import own_shop
from tests.apps.corpus.dressing import Dress, count, date, kind, money, status
from tests.apps.corpus.simulated_shop import (
    as_orders,
    as_units,
    priced,
    with_refund_rows,
    wrong,
)
from tests.apps.corpus.traps import WORDS
from tests.apps.corpus.writers import Text
from tools import report

RUNS = int(os.environ.get("WORKBOOK_RUNS", 40))

#: Language → role → its names; a role that a language doesn't name takes the English ones.
NAMES = {
    "en": {
        "user_id": "customer id|customer|buyer|client id|user id|customer number|buyer email",
        "order_id": "order id|order number|order no|invoice number|transaction id|order ref",
        "time": "order date|date|purchase date|ordered at|created at|invoice date|transaction date",
        "name": "product name|item name|product|article|description|title",
        "quantity": "quantity|qty|units|pieces|items sold|number of units",
        "unit_price": "unit price|price per unit|price each|item price|price",
        "amount": "line total|amount|total|total price|row total|sales amount|revenue",
        "vague": "price|item price",
        "original_price": "original price|list price|regular price|price before discount",
        "sale_price": "sale price|discounted price|price|final price|unit price",
        "paid": "actually paid|paid amount|amount paid|total paid",
        "discount_amount": "discount|discount amount|rebate|line discount|coupon discount",
        "discount": "discount %|discount percent|discount rate",
        "status": "status|order status|state|payment status",
        "kind": "type|transaction type|line type|document type",
    },
    "de": {
        "user_id": "Kundennummer|Kunden-Nr.|Kunde|Käufer|Kunden-ID",
        "order_id": "Bestellnummer|Auftragsnummer|Bestell-Nr.|Rechnungsnummer|Belegnummer",
        "time": "Bestelldatum|Datum|Kaufdatum|Auftragsdatum|Rechnungsdatum",
        "name": "Artikelname|Produkt|Bezeichnung|Artikel",
        "quantity": "Menge|Anzahl|Stückzahl|Stück",
        "unit_price": "Einzelpreis|Stückpreis|Preis|Preis pro Stück",
        "amount": "Gesamtpreis|Betrag|Summe|Positionsbetrag|Umsatz",
        "discount_amount": "Rabatt|Rabattbetrag|Nachlass",
        "status": "Status|Bestellstatus|Auftragsstatus",
    },
    "ru": {
        "user_id": "Номер клиента|Клиент|Покупатель|ID клиента",
        "order_id": "Номер заказа|Заказ|№ заказа|ID заказа",
        "time": "Дата заказа|Дата|Дата покупки",
        "name": "Товар|Наименование товара|Название|Номенклатура",
        "quantity": "Количество|Кол-во",
        "unit_price": "Цена|Цена за единицу|Цена за шт.",
        "amount": "Сумма|Стоимость|Итого",
        "discount_amount": "Скидка|Сумма скидки",
        "status": "Статус|Статус заказа|Состояние",
    },
    "tr": {
        "user_id": "Müşteri No|Müşteri|Alıcı|Müşteri Numarası",
        "order_id": "Sipariş No|Sipariş Numarası|Fatura No",
        "time": "Sipariş Tarihi|Tarih|Satın Alma Tarihi",
        "name": "Ürün Adı|Ürün|Ürün İsmi",
        "quantity": "Adet|Miktar",
        "unit_price": "Birim Fiyat|Birim Fiyatı|Fiyat",
        "amount": "Tutar|Toplam|Toplam Tutar",
        "discount_amount": "İndirim|İndirim Tutarı",
        "status": "Durum|Sipariş Durumu",
    },
    "ja": {
        "user_id": "顧客番号|会員番号|顧客ID|購入者ID",
        "order_id": "注文番号|受注番号|注文ID",
        "time": "注文日|注文日時|受注日|購入日",
        "name": "商品名|品名",
        "quantity": "数量|個数",
        "unit_price": "単価|価格|販売価格",
        "amount": "金額|小計|合計金額",
        "discount_amount": "割引額|値引額|割引金額",
        "status": "ステータス|注文ステータス|状態",
    },
    "zh": {
        "user_id": "客户编号|会员编号|用户ID|买家ID",
        "order_id": "订单号|订单编号|订单ID",
        "time": "下单时间|订单日期|日期|购买时间",
        "name": "商品名称|产品名称|商品",
        "quantity": "数量|购买数量|件数",
        "unit_price": "单价|价格|商品单价",
        "amount": "金额|总金额|小计|总价",
        "discount_amount": "优惠金额|折扣金额|优惠",
        "status": "状态|订单状态",
    },
}
STATUS = dict(
    zip(
        ["en", "es", "pt", "it", "de", "fr", "nl", "sv", "pl", "cs", "tr", "ru", "ja", "ko", "zh"],
        WORDS.values(),
        strict=True,
    )
)
LEGACY = {"ru": "cp1251", "tr": "cp1254", "ja": "shift_jis", "zh": "gb18030"}
MEANINGLESS = ["x1", "F7", "col_c", "data", "value", "misc", "Feld 3", "unnamed", "info", "no"]
DECOYS = {
    "billing city": "city",
    "refund amount": "=0.00",
    "refund reason": "",
    "postal code": lambda lines: lines["order"] * 7 % 90_000 + 10_000,
    "requires shipping": "=true",
    "seller": lambda lines: lines.item.map("seller {}".format),
    "order item id": lambda lines: range(70_001, 70_001 + len(lines)),
    "line number": "line",
    "shipping cost": lambda lines: (lines["order"] % 5 + 2.95).map("{:.2f}".format),
    "tax": "=0.00",
    "cost price": lambda lines: (lines.price * 0.006).map("{:.2f}".format),
    "stock": lambda lines: lines.item * 3 + 1,
    "weight": lambda lines: lines.item % 9 + 0.5,
    "phone": lambda lines: lines["order"].map("555-{:04}".format),
    "payment method": lambda lines: lines["order"].map(lambda n: ["card", "cash"][n % 2]),
    "warehouse": "=East",
    "created by": lambda lines: lines["order"].map(lambda n: ["Ann", "Bo", "Cy"][n % 3]),
    "loyalty points": lambda lines: lines.quantity * 10,
    "rating": lambda lines: lines.item % 5 + 1,
    "ship date": lambda lines: (lines.time + pd.Timedelta(3, "D")).dt.strftime("%Y-%m-%d"),
    "part of day": lambda lines: lines.time.dt.hour.map(lambda hour: "am" if hour < 12 else "pm"),
    "coupon code": "",
    "age": lambda lines: lines.item % 50 + 18,
}
MONEY = ["1234.50", "1234.50", "1234,50", "1.234,50", "1,234.50", "1 234,50"]
MONEY += ["$1,234.50", "€1,234.50", "1.234,50 €", "£1234.50", "1 234,50 zł", "CHF 1'234.50"]
DATES = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d/%m/%Y", "<M>/<D>/%Y"]
DATES += ["%m/%d/%Y %I:%M %p", "%Y/%m/%d %H:%M", "%Y%m%d", "%d-%b-%Y", "%b <D>, %Y"]
DATES += ["%Y-%m-%dT%H:%M:%SZ"]
SPELLINGS = [
    str,
    str.lower,
    str.upper,
    str.title,
    lambda name: name.lower().replace(" ", "_"),
    lambda name: name.replace(" ", "-"),
    lambda name: name.title().replace(" ", ""),
    lambda name: f" {name} ",
]


def spelled(lot: random.Random, name: str) -> str:
    """Return a name in a spelling drawn by lot, İ in lowercase as i."""
    return lot.choice(SPELLINGS)(name).replace("\u0307", "")


def dressed_at_random(seed: int) -> Dress:
    """Return one shop in a dress drawn by lot."""
    lot = random.Random(seed)
    language = lot.choice(list(NAMES))
    layout = lot.choice(["unit", "unit", "total", "both", "units", "original", "paid", "order"])
    style = lot.choice(MONEY)
    columns, roles = {}, {}

    def add(role: str, make: object, pool: str = "") -> None:
        names = (NAMES[language].get(pool or role) or NAMES["en"][pool or role]).split("|")
        names = MEANINGLESS if lot.random() < 0.04 else names
        name = spelled(lot, lot.choice(names))
        while name.strip().casefold() in [other.strip().casefold() for other in columns]:
            name = spelled(lot, lot.choice(names + MEANINGLESS))
        columns[name], roles[role] = make, name.strip()

    has = {"canceled", "full"} if lot.random() < 0.4 else set()
    unnamed = lot.choice(["user_id"] * 2 + ["order_id"] * 2 + [""] * 16)
    if lot.random() < 0.3 and unnamed != "order_id":
        has |= {"guests"}
    counts = layout not in ("units", "order") and (layout != "total" or lot.random() < 0.8)
    discounted = layout in ("original", "paid") or (layout != "units" and lot.random() < 0.4)
    minus = lot.choice([""] * 2 + ["quantity", "price", "kind"])
    if "full" in has or unnamed or discounted or not counts:
        minus = ""  # the rows of a refund could not be told from the file alone
    if layout == "total" and minus == "quantity":
        minus = "price"
    has |= ({"partly"} if minus else set()) | ({"discounts"} if discounted else set())

    for role, make in {
        "order_id": lot.choice(["order", "#{order}", "2024-{order}", "{order:08}"]),
        "user_id": lot.choice(["customer", "C{customer:05}", "email", "{customer:07}"]),
        "time": date(lot.choice(DATES)),
    }.items():
        if role != unnamed:
            add(role, make)
    if layout != "order":
        add("name", "name")
    signed = minus in ("price", "quantity")
    if counts:
        add("quantity", count() if minus == "quantity" else "quantity")
    price = money("price", style, signed=minus == "price")
    if layout in ("unit", "both", "units"):
        add("unit_price", price)
    if layout in ("unit", "both") and discounted:
        if lot.random() < 0.6:
            add("discount_amount", money("discount", style))
        else:
            add("discount", lot.choice(["percent", "{percent}%"]))
    if layout == "both":
        add("paid", money("paid", style, signed=signed), "amount")
    if layout == "total":
        vague = lot.random() < 0.2 and counts and not discounted  # only arithmetic can tell
        called = "vague" if vague else "amount"
        add("amount", money("paid", style, signed=signed), called)
    if layout == "order":
        add("amount", money("paid", style))
    if layout == "original":
        add("original_price", money("price", style))
        add("unit_price", money("deal", style), "sale_price")
    if layout == "paid":
        add("amount", money("total", style))
        add("paid", money("paid", style))
    if minus == "kind":
        add(
            "kind", kind(*lot.choice([("Sale", "Refund"), ("Order", "Return"), ("sale", "refund")]))
        )
    if has & {"canceled", "full"}:
        add("status", status(*STATUS[lot.choice([language, "en"])]))
    for name in lot.sample(list(DECOYS), lot.randrange(6)):
        columns[spelled(lot, name)] = DECOYS[name]
    columns = dict(lot.sample(list(columns.items()), len(columns)))

    kept = set(lot.sample(range(1002, 1400), 250)) | {1001, 1400}
    factor = lot.choice([1, 1, 3, 7])

    def before(sold):
        some = sold[sold.order.isin(kept)].reset_index(drop=True)
        return priced(some.assign(price=some.price * factor))

    def shape(sold):
        rows = {"units": as_units, "order": as_orders}.get(layout, lambda lines: lines)(sold)
        rows = with_refund_rows(rows) if minus else rows
        return rows.assign(deal=rows.price * (100 - rows.percent) // 100)

    mixed = lot.random() < 0.2
    encodings = ["utf-8"] * 4 + ["utf-8-sig", "utf-16", LEGACY.get(language, "cp1252")]
    if set(style) & set("€£ł"):  # not in all of them
        encodings = ["utf-8"]
    unknown = "gross discounts " * (layout in ("total", "order") and discounted)
    return Dress(
        columns,
        said=",".join(f"{role}={name}" for role, name in roles.items()),
        has=" ".join(sorted(has)),
        language=language,
        before=before,
        shape=shape,
        finish=lambda frame: (
            frame.sample(frac=1, random_state=seed, ignore_index=True) if mixed else frame
        ),
        write=Text(lot.choice([",", ",", ";", "\t", "|"]), lot.choice(encodings)),
        unknown=unknown + "customers " * (unnamed == "user_id"),
    )


def verdict(path, truth, options=None) -> str:
    """Say how a file was read: exact, asked, warned, or silent (wrong by 0.1% without a word)."""
    try:
        found = report.figures(report.read(path, options))
    except own_shop.OwnShopError:
        return "asked"
    differs = {
        name: pair
        for name, pair in wrong(found, truth).items()
        if None in pair or name in ("first", "last") or abs(pair[0] - pair[1]) > abs(pair[1]) / 1000
    }
    return "exact" if not differs else "warned" if found["warnings"] else f"silent {differs}"


def test_no_random_dress_is_read_wrong_in_silence(tmp_path):
    verdicts = {}
    for seed in range(RUNS):
        one = dressed_at_random(seed).export(f"shop{seed}", tmp_path)
        first = verdict(one.file, one.truth)
        if first == "asked":
            first = f"asked, then {verdict(one.file, one.truth, own_shop.read_map(one.said))}"
        verdicts[seed] = first
        one.file.unlink()
    counted = Counter(word.split(" {")[0] for word in verdicts.values())
    print(dict(counted))
    assert not {seed: word for seed, word in verdicts.items() if "silent" in word}
    assert counted["exact"] > RUNS / 4  # to ask each time is not to read
