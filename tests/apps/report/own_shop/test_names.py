"""Names of columns of many systems and languages, and words for what happened to an order."""

import re

import pytest

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
            Kundengruppe | Einkaufspreis | Lagerbestand | Mindestmenge | Geburtsdatum |
            Liefermenge | Retourenmenge | Versandart | Änderungsdatum | Fälligkeitsdatum
    """,
    "Bol.com, Cdiscount, Zalando and Otto": """
        unit_price: Prix unitaire TTC
        status: Orderstatus
        user_id: E-mailadres | Adresse e-mail
        none: Verzenddatum | Leverdatum | Date d'expédition | Code postal | Verkoper |
            Aantal geretourneerd | Date de livraison | Prix d'achat
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
    "other columns in languages of Europe": """
        user_id: E-post | E-posta
        quantity: Q.tà | Aantal besteld
        unit_price: Prix unitaire HT | Cena jednostkowa brutto | Цена, руб.
        amount: Montant HT | Wartość brutto
        none: Date de retour | Date de naissance | Fecha de envío | Fecha de nacimiento |
            Importe IVA | Pedido de compra proveedor | Data di consegna | Data de entrega |
            Valor do frete | Retourdatum | Inkoopprijs | Data wysyłki | Data urodzenia |
            Cena zakupu | Datum doručení | Město | Datum narození | Leveransdatum |
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


STATUS = {
    "sold": """
        Complete | completed | Shipped | delivered | paid | processing | closed/complete |
        Return window closed | not refunded | no return | return policy accepted | non-refundable |
        Awaiting Fulfillment | Awaiting Shipment | Pending - Waiting for Pick Up |
        Shipped - Delivered to Buyer | partially_fulfilled | unfulfilled | Ready to ship |
        In transit | succeeded | invoiced | approved | Canceled Reversal | return_rejected |
        Backorder | prepaid | Payment accepted | Delivered, return eligible until May | sale |
        Bezahlt | Versandt | Komplett abgeschlossen | In Bearbeitung (Wartet) | nicht storniert |
        keine Retoure |
        Zugestellt | Payée | Livré | En cours de préparation | Terminée | Non remboursé | Pagado |
        Entregado | Enviado | Completado | No cancelado | Pago | Entregue | Concluído | Pagato |
        Spedito | Consegnato | Betaald | Verzonden | Niet geannuleerd | Opłacone | Wysłane |
        Zrealizowane | Zaplaceno | Odesláno | Vyřízeno | Betald | Levererad | Ödendi |
        Teslim Edildi | Kargoya Verildi | Tamamlandı | Оплачен | Доставлен | Выполнен |
        Ожидает отгрузки | 已付款 | 交易成功 | 已发货 | 待发货 | 已完成 | 未退款 | 退款关闭 |
        已出貨 | 発送済み | 配送完了 | 入金済み | 返品不可 | 배송완료 | 결제완료 | 구매확정
    """,
    "canceled": """
        Canceled | CANCELLED | cancelled by customer | voided | failed | declined | expired |
        draft | abandoned | Rejected | Trash | Payment error | denied |
        Shipped - Rejected by Buyer | Closed Lost | cancelled - refunded | Storniert / Abgelehnt |
        Fehlgeschlagen | Abgebrochen | Annulée | Échec du paiement | Refusé | Anulado | Cancelado |
        Rechazado | Fallido | Cancelada | Recusado | Annullato | Fallito | Rifiutato |
        Geannuleerd | Mislukt | Anulowane | Anulowano | Odrzucone | Zrušeno | Stornováno |
        Makulerad | Avbruten | İptal | İptal Edildi | Reddedildi | Отменён | Отменен продавцом |
        Отклонён | 取消 | 已取消 | 已关闭 | 交易关闭 | 付款失败 | 無效 | キャンセル |
        キャンセル済み | 취소 | 취소완료 | 결제실패
    """,
    "refunded": """
        Refunded | fully_refunded | Returned | chargeback | Reversed | refund processed |
        paid, refunded | Shipped - Returned to Seller | Erstattet | Zurückerstattet | Retourniert |
        Remboursé | Remboursée | Retourné | Devuelto | Reembolsado | Devolvido | Estornado |
        Rimborsato | Reso | Terugbetaald | Geretourneerd | Zwrócone | Zwrot | Vráceno |
        Återbetald | Returnerad | İade | İade Edildi | Возврат | Возвращён | 退款 | 退款成功 |
        已退款 | 退货 | 已退貨 | 返品 | 返金済み | 払い戻し | 환불 | 환불완료 | 반품 | 반품완료
    """,
    "partly": """
        partially_refunded | Partially Refunded | partial refund | paid, partly returned |
        Teilweise erstattet | Teilrückerstattung | Remboursement partiel |
        Partiellement remboursé | Parcialmente reembolsado | Parzialmente rimborsato |
        Gedeeltelijk terugbetaald | Częściowy zwrot | Částečně vráceno | Delvis återbetald |
        Kısmi iade | Частичный возврат | 部分退款 | 一部返金 | 부분 환불 | 부분취소
    """,
    "unpaid": """
        on hold | pending payment | pending | Awaiting Payment | unpaid | not paid |
        partially_paid | authorized | Offen | Nicht bezahlt | Wartet auf Zahlung |
        En attente de paiement | Impayée | Pendiente de pago | Aguardando pagamento |
        In attesa di pagamento | Openstaand | Niet betaald | Oczekuje na płatność | Nieopłacone |
        Nezaplaceno | Obetald | Ödeme bekleniyor | Ожидает оплаты | Не оплачен | 待付款 |
        等待买家付款 | 未付款 | 入金待ち | 未入金 | 결제대기 | 입금대기
    """,
    "unknown": """
        closed | return_pending | refund requested | Return requested | refund pending | new |
        blue | 17 | *** | cancellation requested | Retoure angemeldet | Devolución solicitada |
        申请退款 | 退款中 | 返品申請 | 반품요청 | İade talebi | Exchanged |
        requested, then forgotten | Delivery failed
    """,
}

KINDS = {
    "sale": """
        Sale | Order | Payment | charge | Invoice | Express Checkout Payment | purchase | Verkauf |
        Rechnung | Vente | Venta | Vendita | Verkoop | Sprzedaż | Prodej | Satış | Продажа | 销售 |
        订单 | 売上 | 판매
    """,
    "refund": """
        Refund | Return | Gutschrift | Chargeback | Credit memo | Credit Note | Payment Refund |
        Order refund | Stornorechnung | Rückerstattung | Avoir | Remboursement | Devolución |
        Nota de crédito | Reembolso | Rimborso | Zwrot | Dobropis | İade | Возврат | 退款 | 退货 |
        返品 | 返金 | 환불 | 반품
    """,
    "other": """
        Shipping | Tax | Fee | Transfer | payout | stripe_fee | Adjustment | Versandkosten |
        Gebühr | Auszahlung | Frais | Comisión | Prowizja | Комиссия | 运费 | 手续费 | 送料 |
        手数料 | 수수료 | General Withdrawal | Account hold for open authorization? |
        Refund commission | Order shipping fee
    """,
    "unknown": "Blue | 17 | A | gift",
}


def words(table):
    return [(kind, word.strip()) for kind, text in table.items() for word in text.split("|")]


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
    words = (
        "add_to_cart",
        "Purchase",
        "page view",
        "pv",
        "remove_from_cart",
        "加购",
        "收藏",
        "spring",
    )
    kinds = ("cart", "purchase", "view", "view", "remove_from_cart", "cart", "favorite", "spring")
    assert tuple(map(kind_of_event, words)) == kinds
