"""Names of columns of many systems and languages, and words for what happened to an order."""

import re
import tomllib
from pathlib import Path

import pytest

from apps.report.own_shop import names
from apps.report.own_shop.column_names import CERTAIN, NONE, POSSIBLE, likeness_to_roles
from apps.report.own_shop.names import (
    GUEST,
    ROLES,
    TOTAL,
    kind_of_event,
    kind_of_row,
    normalize,
    status_of,
)

# Columns of exports by their role, where a look-up in names.toml alone doesn't tell it. "possible"
# is for names that only suggest a role, and "none" for those that may look like one and are none.
SYSTEMS = {
    "Shopify": """
        country: Billing Country | Shipping Country
        none: Fulfillment Status | Discount Code | Lineitem requires shipping | Lineitem taxable |
            Lineitem fulfillment status | Shipping Name | Outstanding Balance | Tags |
            Payment Reference | Tax 1 Name | Tax 1 Value
    """,
    "WooCommerce": """
        country: Country Code (Billing) | Country Name (Shipping)
        none: Customer Note | First Name (Billing) | Last Name (Billing) | State Code (Billing) |
            Payment Method Title | Shipping Method Title | Order Shipping Amount |
            Order Total Tax Amount | Discount Amount Tax | Customer IP Address | Order Item ID |
            Order Tax
    """,
    "Magento": """
        amount: base_grand_total | base_subtotal | Grand Total (Base) | Grand Total (Purchased)
        paid: base_total_paid
        refund_amount: base_total_refunded
        discount_amount: base_discount_amount
        quantity: total_item_count
        unit_price: base_price
        original_price: base_original_price
        currency: order_currency_code | base_currency_code
        none: customer_group_id | customer_is_guest | customer_firstname | qty_refunded |
            qty_invoiced | qty_shipped | qty_canceled | tax_amount | total_due | shipping_amount |
            Ship-to Name | updated_at | discount_refunded | discount_invoiced | row_invoiced
    """,
    "PrestaShop and OpenCart": """
        order_id: id_order
        user_id: id_customer
        quantity: product_quantity
        possible: total_paid_real | total_products
        none: New client | Date Modified | total_shipping | date_upd | product_quantity_refunded |
            product_quantity_in_stock | order_product_id | id_order_detail
    """,
    "BigCommerce, Squarespace and Wix": """
        refund_amount: Total refunded amount
        none: Tax Total | Gift Certificate Amount Redeemed | Date shipped | Total Shipped |
            Lineitem variant
    """,
    "Etsy and eBay": """
        country: Ship Country | Buyer Country
        none: Ship State | Shipping Discount | Order Shipping | Order Sales Tax | Order Type |
            Payment Type | First Name | Last Name | Ship Name | Buyer Note | Post By Date |
            Final value fee - fixed | Buyer State
    """,
    "Amazon": """
        none: last-updated-date | fulfillment-channel | item-tax | shipping-price |
            gift-wrap-price | ship-promotion-discount | buyer-phone-number | recipient-name |
            amount-type | settlement-id | deposit-date | merchant-order-item-id |
            purchase-order-item-id | is-business-order | shipment-id
    """,
    "Stripe, PayPal and Square": """
        possible: Converted Amount
        time: Created (UTC) | Created date (UTC)
        none: Payment ID | Card Name | Time Zone | Payout ID | Sales Tax |
            Shipping and Handling Amount | Insurance Amount | Reference Txn ID | Address Status |
            Device Name | Customer Description | Dispute Amount | Seller Message | Staff Name |
            Refund Reason | Payment Source Type | Option 1 Name
    """,
    "SAP, NAV, Odoo, Salesforce and Lightspeed": """
        order_id: Order Lines/Order Reference
        item_id: Order Lines/Product | order_line/product_id
        quantity: Order Lines/Quantity | order_line/product_uom_qty
        unit_price: Order Lines/Unit Price
        amount: Order Lines/Subtotal
        discount: Order Lines/Discount (%) | Line Discount %
        name: Order Lines/Description
        none: AUART | Sales Order Line Number | Salesperson | Delivery Date |
            Order Lines/Delivered Quantity | qty_delivered | Invoiced Quantity |
            Requested Delivery Date | Close Date | Amount Due | amount_tax
    """,
    "Lazada, Shopee and Mercado Libre": """
        order_id: N.º de venta | N.º de venda
        unit_price: Precio unitario de venta de la publicación (ARS) |
            Preço unitário de venda do anúncio (BRL)
        amount: Ingresos por productos (ARS) | Receita por produtos (BRL) | Total (ARS)
        possible: Comprador nombre | 收件人姓名
        none: deliveredDate | Buyer Paid Shipping Fee | Return / Refund Status | Estado de envío |
            Fecha de entrega | 買家備註 | 賣家折扣券 | 出貨時間 | 退貨 / 退款狀態
    """,
    "Allegro, Ozon, Wildberries and Trendyol": """
        currency: Код валюты товара
        possible: Цена розничная с учетом согласованной скидки
        none: Teslim Tarihi | Komisyon Oranı | Fatura Adresi | Дата отгрузки | Вес товара |
            Дата доставки | Сумма возврата комиссии
    """,
    "Rakuten, Coupang, Taobao and JD": """
        time: 订单付款时间
        amount: 商品合計金額 | 총 주문금액
        possible: 수취인이름 | 收货人姓名
        none: 送料合計 | 注文者郵便番号 | 수취인 주소 | 구매자전화번호 | 物流单号 | 发货时间 |
            买家应付邮费 | 店铺名称 | 商品明細番号 | 子订单编号
    """,
    "Shopware, JTL, plentymarkets and Billbee": """
        user_id: E-Mail
        unit_price: Preis (brutto) | Einzelpreis netto
        amount: Gesamtbetrag brutto
        possible: Externe Bestellnummer
        none: Lieferdatum | Versanddatum | Steuerbetrag | Vorname | Nachname | Zahlungsart |
            Kundengruppe | Lagerbestand | Mindestmenge | Geburtsdatum |
            Liefermenge | Retourenmenge | Versandart | Änderungsdatum | Fälligkeitsdatum
    """,
    "Bol.com, Cdiscount, Zalando and Otto": """
        unit_price: Prix unitaire TTC
        status: Orderstatus
        user_id: E-mailadres | Adresse e-mail
        none: Verzenddatum | Leverdatum | Date d'expédition | Code postal | Verkoper |
            Aantal geretourneerd | Date de livraison
    """,
    "Olist, Instacart and H&M": """
        none: customer_zip_code_prefix | customer_city | customer_state |
            order_delivered_carrier_date | order_delivered_customer_date |
            order_estimated_delivery_date | shipping_limit_date | freight_value | reordered |
            add_to_cart_order | days_since_prior_order | order_dow | product_weight_g |
            club_member_status | product_photos_qty
    """,
    "Istanbul, RetailRocket, REES46, UCI, CDNOW and dunnhumby": """
        order_id: transactionid
        user_id: visitorid
        item_id: itemid
        category: sub_commodity_desc
        none: RETAIL_DISC
    """,
    "parts of the time": """
        none: day of week | Birth Year | Part of the day | Weekday
    """,
    "what the goods cost": """
        cost: Einkaufspreis | Prix d'achat | Inkoopprijs | Cena zakupu | Cost per item | 成本价
        profit: Profit | Deckungsbeitrag | 毛利
        none: Shipping cost | Profit margin %
    """,
    "other columns in languages of Europe": """
        user_id: E-post | E-posta
        quantity: Q.tà | Aantal besteld
        unit_price: Prix unitaire HT | Cena jednostkowa brutto | Цена, руб.
        amount: Montant HT | Wartość brutto
        none: Date de retour | Date de naissance | Fecha de envío | Fecha de nacimiento |
            Importe IVA | Pedido de compra proveedor | Data di consegna | Data de entrega |
            Valor do frete | Retourdatum | Data wysyłki | Data urodzenia |
            Datum doručení | Město | Datum narození | Leveransdatum |
            Teslimat Tarihi | Doğum Tarihi | İade Tarihi | Дата рождения
    """,
    "other columns in languages of Asia": """
        order_id: 주문 번호
        quantity: 订单商品数量
        unit_price: 含税单价 | 販売単価(税込)
        amount: 订单金额(元) | 金額(円) | 주문금액(원)
        none: 退货数量 | 客户等级 | 库存数量 | 快递单号 | 更新时间 | 受注明細番号 | 会員ランク |
            更新日時 | 返品数量 | 취소수량 | 반품수량 | 재고수량 | 고객등급
    """,
}


def cases(tables):
    """Yield the roles and the columns of a table."""
    for make, text in tables.items():
        for line in re.sub(r"\|\s+", "| ", text.strip()).splitlines():
            role, columns = line.strip().split(": ", 1)
            for column in columns.split(" | "):
                yield pytest.param(role, column.strip(), id=f"{make}: {column.strip()}")


def verdict(column):
    """Return the role of which a name is certain, or "possible", or "none"."""
    found = likeness_to_roles(column)
    certain = [role for role, one in found.items() if one.level == CERTAIN]
    if certain:
        return " ".join(sorted(certain))
    return "possible" if any(one.level == POSSIBLE for one in found.values()) else "none"


@pytest.mark.parametrize(("role", "column"), [*cases(SYSTEMS)])
def test_the_role_of_a_name(role, column):
    assert verdict(column) in {role, "clock time" if role in ("clock", "time") else role}


@pytest.mark.parametrize(
    ("role", "better", "worse"),
    [
        ("user_id", "customer_unique_id", "customer_id"),
        ("user_id", "Kunden-Nr.", "Kunde"),
        ("user_id", "Buyer Username", "Buyer Email"),
        ("user_id", "E-Mail", "Kundenname"),
        ("user_id", "会員番号", "メールアドレス"),
        ("order_id", "Order Number", "Invoice Number"),
        ("order_id", "Номер чека", "Чек"),
        ("time", "order_date", "created_at"),
        ("time", "创建时间", "付款时间"),
        ("time", "Data zamówienia", "Data"),
        ("unit_price", "unit price", "price"),
        ("amount", "Line Total", "Order Total"),
        ("amount", "Total", "Subtotal"),
        ("status", "Order Status", "Financial Status"),
        ("quantity", "Quantity", "Items"),
        ("discount", "Discount %", "Discount"),
    ],
)
def test_the_better_name_is_greater(role, better, worse):
    assert likeness_to_roles(better)[role] > likeness_to_roles(worse)[role]


@pytest.mark.parametrize(
    ("role", "one", "other"),
    [
        ("user_id", "customer_id", "Kundennummer"),
        ("time", "order date", "invoice date"),
        ("unit_price", "Price", "base_price_usd"),
    ],
)
def test_rivals_are_equal(role, one, other):
    assert likeness_to_roles(one)[role] == likeness_to_roles(other)[role]


def test_words_beside_a_name():
    names = ["customer", "order customer", "preferred customer", "customer city", "costumes"]
    like = {name: likeness_to_roles(name)["user_id"] for name in names}
    assert [one.level for one in like.values()] == [CERTAIN, CERTAIN, POSSIBLE, NONE, NONE]
    assert like["customer"].tier == like["preferred customer"].tier


def test_a_time_may_be_a_clock():
    found = likeness_to_roles("Order Time")
    assert found["time"] == found["clock"]
    assert {role for role, one in found.items() if one.level > NONE} == {"time", "clock"}


def test_every_name_belongs_to_one_role():
    of = {}
    for role, one in ROLES.items():
        for name in [*(name for tier in one.tiers for name in tier), *one.possible]:
            of.setdefault(name.replace(" ", ""), []).append(role)
    assert [
        name for name, roles in of.items() if len(roles) > 1 and roles != ["time", "clock"]
    ] == []


def test_names_are_written_as_they_are_compared():
    names = [
        name
        for role in ROLES.values()
        for name in [*(name for tier in role.tiers for name in tier), *role.possible]
    ]
    assert [name for name in names if normalize(name) != name] == []


def test_a_known_name_is_found():
    for role, one in ROLES.items():
        for place, tier in enumerate(one.tiers):
            for name in tier:
                assert likeness_to_roles(name.upper())[role] == (CERTAIN, -place), name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("SİPARİŞ_TARİHİ", "siparis tarihi"),
        ("Sipariş numarası", "siparis numarasi"),
        ("Ilość (szt.)", "ilosc szt"),
        ("Příjmení", "prijmeni"),
        ("Größe", "grosse"),
        ("œuvre", "oeuvre"),
        ("Счёт №", "счет no"),
        ("Дата/Время", "дата время"),
        ("ガラス", "ガラス"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("주문번호", "주문번호"),
        ("商品ID", "商品 id"),
        ("訂單＃", "訂單 no"),
        ("unitPriceUSD", "unit price usd"),
        ("Discount %", "discount percent"),
        ("price_tax_incl", "price"),
        ("***", ""),
    ],
)
def test_plain_letters(name, plain):
    assert normalize(name) == plain


def test_letters_that_a_computer_writes_in_two_ways():
    assert normalize("Pre\u0301nom") == normalize("Pr\u00e9nom") == "prenom"
    assert normalize("\u0417\u0430\u0451\u043c") == normalize("\u0417\u0430\u0435\u0308\u043c")


# Where a look-up in names.toml alone does not tell it, and the corpus has no such status.
STATUS = {
    "sold": """
        delivered | closed/complete | Return window closed | not refunded | return policy accepted |
        non-refundable | Awaiting Fulfillment | Awaiting Shipment | Shipped - Delivered to Buyer |
        partially_fulfilled | unfulfilled | Ready to ship | return_rejected | Payment accepted |
        Delivered, return eligible until May | Komplett abgeschlossen | In Bearbeitung (Wartet) |
        nicht storniert | keine Retoure | Non remboursé | Entregado | No cancelado | Pagato |
        Consegnato | Niet geannuleerd | Opłacone | Zaplaceno | Kargoya Verildi | Оплачен |
        Ожидает отгрузки | 入金済み
    """,
    "canceled": """
        CANCELLED | cancelled by customer | declined | expired | abandoned |
        Shipped - Rejected by Buyer | cancelled - refunded | Storniert / Abgelehnt |
        Échec du paiement | Refusé | Fallido | Cancelada | Fallito | Reddedildi |
        Отменен продавцом | 已关闭 | 付款失败 | キャンセル済み | 결제실패
    """,
    "refunded": """
        fully_refunded | Returned | refund processed | paid, refunded |
        Shipped - Returned to Seller | Retourniert | Remboursé | Retourné | Estornado |
        Geretourneerd | Returnerad | Возвращён | 退款成功 | 已退貨 | 返金済み | 환불완료 | 반품완료
    """,
    "partly": """
        partially_refunded | Partially Refunded | paid, partly returned | Teilweise erstattet |
        Teilrückerstattung | Partiellement remboursé | Parcialmente reembolsado |
        Parzialmente rimborsato | Gedeeltelijk terugbetaald | Částečně vráceno | Delvis återbetald |
        部分退款 | 부분 환불
    """,
    "unpaid": """
        pending payment | Awaiting Payment | En attente de paiement | Impayée | Pendiente de pago |
        Aguardando pagamento | In attesa di pagamento | Oczekuje na płatność | Nieopłacone |
        Nezaplaceno | Ödeme bekleniyor | Ожидает оплаты | Не оплачен
    """,
    "unknown": """
        closed | refund requested | Return requested | new | blue | 17 | *** |
        cancellation requested | Devolución solicitada | 申请退款 | İade talebi | Exchanged |
        requested, then forgotten | Delivery failed
    """,
}

KINDS = {
    "sale": "Express Checkout Payment | Продажа",
    "refund": "Order refund | Rückerstattung | Remboursement | Devolución | Reembolso | Rimborso",
    "other": """
        Versandkosten | Prowizja | Комиссия | General Withdrawal |
        Account hold for open authorization? | Order shipping fee
    """,
    "unknown": "Blue | 17 | A | gift",
}


def words(table):
    return [(kind, word.strip()) for kind, text in table.items() for word in text.split("|")]


@pytest.mark.parametrize(("group", "meaning_of"), [("status", status_of), ("kinds", kind_of_row)])
def test_a_known_word_has_its_meaning(group, meaning_of):
    table = tomllib.loads(Path(names.__file__).with_suffix(".toml").read_text("utf-8"))[group]
    for meaning, known in table.items():
        assert {meaning_of(word.removesuffix("*")) for word in known} == {meaning}


@pytest.mark.parametrize(("meaning", "word"), words(STATUS))
def test_words_of_a_status(meaning, word):
    assert status_of(word) == meaning


@pytest.mark.parametrize(("meaning", "word"), words(KINDS))
def test_kinds_of_rows(meaning, word):
    assert kind_of_row(word) == meaning


GUESTS = """
    guest | Guest checkout | (not set) | 0 | 0.0 | 000 | -1 | - | n/a | NULL | walk-in |
    Walk in customer | anonymous | Gast | Laufkunde | invité | Invitado | Ospite | Гость | Misafir |
    gość | 散客 | 游客 | ゲスト | 비회원 | Consumidor Final | unknown
"""


@pytest.mark.parametrize("word", GUESTS.split("|"))
def test_guests(word):
    assert re.fullmatch(GUEST, word.strip(), re.IGNORECASE)


@pytest.mark.parametrize(
    "word", ["1", "10", "guest42", "Anna Gast", "K0", "100", "gast@example.org", "-17"]
)
def test_customers_are_no_guests(word):
    assert not re.fullmatch(GUEST, word, re.IGNORECASE)


def test_rows_of_totals():
    for word in ("Total", "Grand total", "Summe", "Итого", "合计", "합계"):
        assert re.fullmatch(TOTAL, word, re.IGNORECASE)
    assert not re.fullmatch(TOTAL, "Total Lamp", re.IGNORECASE)


def test_kinds_of_events():
    kinds = {
        "page view": "view",
        "pv": "view",
        "remove_from_cart": "remove_from_cart",
        "加购": "cart",
        "收藏": "favorite",
        "spring": "spring",
    }
    assert {word: kind_of_event(word) for word in kinds} == kinds
