"""Exports of known makes, with the columns, languages and formats they come in."""

import pandas as pd

from tests.apps.corpus.dressing import (
    always,
    column,
    count,
    date,
    dress,
    epoch,
    first,
    kind,
    money,
    one_line_orders,
    status,
)
from tests.apps.corpus.simulated_shop import as_orders, as_units, priced, with_refund_rows
from tests.apps.corpus.writers import Text

STAMP = "%Y-%m-%d %H:%M:%S -0500"
SHOPIFY_ORDER = {  # what is about the order stands on its first line
    "Financial Status": status("paid", "voided", "refunded", "partially_refunded"),
    "Paid at": date(STAMP),
    "Fulfilled at": date(STAMP),
    "Subtotal": money("order_paid"),
    "Total": money("order_paid"),
    "Discount Amount": money("order_discount"),
    "Billing Name": "full",
    "Billing City": "city",
    "Billing Country": "country",
    "Shipping Name": "full",
    "Shipping City": "city",
    "Shipping Country": "country",
    "Cancelled at": lambda lines: date(STAMP)(lines).where(lines.status == "canceled", ""),
    "Refunded Amount": money("order_refund"),
    "Id": "54{order}",
    "Source": "channel",
    **always(
        "Fulfillment Status=fulfilled | Accepts Marketing=no | Currency=USD | Shipping=0.00 | "
        "Taxes=0.00 | Shipping Method=Standard | Billing Street=1 Main St | Billing Zip=02134 | "
        "Shipping Zip=02134 | Payment Method=Shopify Payments | Outstanding Balance=0.00"
    ),
}

# Shops in English
SHOPIFY_COLUMNS = {
    "Name": "#{order}",
    "Email": "email",
    **{name: first(make) for name, make in SHOPIFY_ORDER.items()},
    "Created at": date(STAMP),
    "Lineitem quantity": "quantity",
    "Lineitem name": "name",
    "Lineitem price": money("price"),
    "Lineitem sku": "sku",
    **always(
        "Discount Code= | Lineitem compare at price= | Lineitem requires shipping=true | "
        "Lineitem taxable=true | Lineitem fulfillment status=fulfilled | Notes= | "
        "Vendor=Our shop | Lineitem discount=0.00"
    ),
}
SHOPIFY = (
    "order_id=Name,user_id=Email,time=Created at,status=Financial Status,"
    "quantity=Lineitem quantity,name=Lineitem name,item_id=Lineitem sku,unit_price=Lineitem price,"
    "discount_amount=Discount Amount,currency=Currency"
)
dress("shopify", SHOPIFY_COLUMNS, said=SHOPIFY)
dress(
    "shopify_partial_refunds",
    SHOPIFY_COLUMNS,
    said=SHOPIFY,
    has="discounts guests canceled full partly",
    needs_warning=True,
)
dress(
    "woocommerce_advanced_order_export",
    {
        "Order Number": "order",
        "Order Status": status("Completed|Processing", "Cancelled|Failed", "Refunded"),
        "Order Date": date("%Y-%m-%d %H:%M"),
        "First Name (Billing)": "first",
        "Last Name (Billing)": "last",
        "City (Billing)": "city",
        "Email (Billing)": "email",
        "Order Subtotal Amount": money("order_total"),
        "Order Refund Amount": money("order_refund"),
        "Order Total Amount": money("order_paid"),
        "SKU": "sku",
        "Item #": "line",
        "Item Name": "name",
        "Quantity (- Refund)": "quantity",
        "Item Cost": money("price"),
        **always(
            "Customer Note= | Payment Method Title=Credit card | Cart Discount Amount=0 | "
            "Shipping Method Title=Flat rate | Order Shipping Amount=0 | Coupon Code="
        ),
    },
    has="guests canceled full",
    said="order_id=Order Number,status=Order Status,time=Order Date,user_id=Email (Billing),"
    "item_id=SKU,name=Item Name,quantity=Quantity (- Refund),unit_price=Item Cost",
)
dress(
    "woocommerce_guests_are_zero",
    {
        "order_id": "order",
        "order_date": date(),
        "status": status("wc-completed|wc-processing", "wc-cancelled|wc-failed", "wc-refunded"),
        "customer_user": lambda lines: lines.customer.fillna(0),
        "billing_city": "city",
        "product_sku": "sku",
        "product_name": "name",
        "product_qty": "quantity",
        "product_price": money("price"),
        "line_subtotal": money("total"),
        "line_discount": money("discount"),
        "line_total": money("paid"),
        **always("order_currency=GBP | billing_postcode=SW1A 1AA"),
    },
    said="order_id=order_id,time=order_date,status=status,user_id=customer_user,"
    "item_id=product_sku,name=product_name,quantity=product_qty,unit_price=product_price,"
    "discount_amount=line_discount,paid=line_total,currency=order_currency",
)
dress(
    "magento_items",
    {
        "Order #": "{order:09}",
        "Purchased On": date(),
        "Customer Email": "email",
        "Order Status": status("complete|processing", "canceled"),
        "SKU": "sku",
        "Product Name": "name",
        "Original Price": money("price"),
        "Price": money("price"),
        "Qty Ordered": "{quantity}.0000",
        "Qty Invoiced": "{quantity}.0000",
        "Discount Amount": money("discount"),
        "Row Total": money("total"),
        **always("Customer Group=General | Qty Refunded=0.0000"),
    },
    has="discounts guests canceled",
    said="order_id=Order #,time=Purchased On,status=Order Status,user_id=Customer Email,"
    "item_id=SKU,name=Product Name,quantity=Qty Ordered,unit_price=Price,"
    "discount_amount=Discount Amount",
)
dress(
    "wix",
    {
        "Order number": "order",
        "Date created": date("%b <D>, %Y"),
        "Time": date("%I:%M:%S %p"),
        "Total order quantity": "order_quantity",
        "Contact email": "email",
        "Item": "name",
        "SKU": "sku",
        "Qty": "quantity",
        "Quantity refunded": "returned",
        "Price": money("price"),
        "Recipient name": "full",
        "Delivery city": "city",
        "Payment status": status("Paid", "Canceled", "Refunded"),
        **always(
            "Variant= | Weight=0 | Delivery method=Standard | Payment method=Credit/Debit Cards | "
            "Shipping rate=0 | Currency=USD"
        ),
    },
    has="canceled full",
    said="order_id=Order number,time=Date created,clock=Time,user_id=Contact email,name=Item,"
    "item_id=SKU,quantity=Qty,unit_price=Price,status=Payment status,currency=Currency",
)
dress(
    "etsy",
    {
        "Sale Date": date("%m/%d/%y"),
        "Item Name": "name",
        "Buyer": "user{customer}",
        "Quantity": "quantity",
        "Price": money("price"),
        "Discount Amount": money("discount"),
        "Item Total": money("total"),
        "Transaction ID": "3{order}{line}",
        "Listing ID": "item",
        "Date Paid": date("%m/%d/%y"),
        "Ship Name": "full",
        "Ship City": "city",
        "Order ID": "9{order}",
        "SKU": "sku",
        **always(
            "Coupon Code= | Coupon Details= | Shipping Discount=0.00 | Order Shipping=0.00 | "
            "Order Sales Tax=0.00 | Currency=USD | Ship Zipcode=02134 | Order Type=online"
        ),
    },
    has="discounts",
    said="time=Sale Date,name=Item Name,user_id=Buyer,quantity=Quantity,unit_price=Price,"
    "discount_amount=Discount Amount,order_id=Order ID,item_id=SKU,currency=Currency",
)
dress(
    "amazon_all_orders",
    {
        "amazon-order-id": "113-{order}-22",
        "purchase-date": date("%Y-%m-%dT%H:%M:%S+00:00"),
        "last-updated-date": date("%Y-%m-%dT%H:%M:%S+00:00"),
        "order-status": status("Shipped", "Cancelled"),
        "product-name": "name",
        "sku": "sku",
        "asin": "B00{item:05}",
        "item-status": status("Shipped", "Cancelled"),
        "quantity": "quantity",
        "item-price": money("total"),
        "item-promotion-discount": money("discount"),
        "ship-city": "city",
        **always(
            "fulfillment-channel=Amazon | sales-channel=Amazon.com | ship-service-level=Standard | "
            "currency=USD | item-tax=0.0 | shipping-price=0.0 | gift-wrap-price= | "
            "ship-promotion-discount= | ship-postal-code=02134 | ship-country=US | "
            "is-business-order=false"
        ),
    },
    has="discounts canceled",
    unknown="customers",
    write=Text("\t"),
    ending="txt",
    said="order_id=amazon-order-id,time=purchase-date,status=order-status,name=product-name,"
    "item_id=sku,quantity=quantity,amount=item-price,discount_amount=item-promotion-discount",
    may_ask=True,
)

# Payments
dress(
    "stripe_dashboard",
    {
        "id": "ch_{order}",
        "Created date (UTC)": date("%Y-%m-%d %H:%M"),
        "Amount": money("paid"),
        "Amount Refunded": money("refund"),
        "Status": status("Paid", "Failed", "Refunded"),
        "Customer ID": "cus_{customer}",
        "Customer Email": "email",
        "Card ID": "card_{order}",
        **always("Description=Order | Currency=usd | Fee=0.59 | Captured=true"),
    },
    shape=as_orders,
    unknown="gross discounts",
    said="order_id=id,time=Created date (UTC),amount=Amount,status=Status,user_id=Customer ID",
)
dress(
    "stripe_api_cents",
    {
        "id": "ch_{order}",
        "amount": "paid",
        "created": epoch("s"),
        "customer": "cus_{customer}",
        "status": status("succeeded", "failed"),
        **always("object=charge | amount_refunded=0 | currency=usd"),
    },
    has="discounts guests canceled",
    shape=as_orders,
    unknown="gross discounts",
    said="order_id=id,amount=amount,time=created,user_id=customer,status=status,money=cents",
    may_ask=True,
)


def with_withdrawals(sold):
    """Add twelve transfers to the bank, which are no sales, to payments and refunds."""
    moved = sold.iloc[30:390:30].assign(
        kind="withdrawal", sign=-1, paid=150_000, email="", customer=pd.NA, full=""
    )
    return pd.concat([sold, moved]).sort_values("time", kind="stable", ignore_index=True)


dress(
    "paypal",
    {
        "Date": date("%m/%d/%Y"),
        "Time": date("%H:%M:%S"),
        "Name": "full",
        "Type": lambda lines: lines.kind.map(
            {
                "sale": "Express Checkout Payment",
                "refund": "Payment Refund",
                "withdrawal": "General Withdrawal",
            }
        ),
        "Gross": money("paid", "1,234.50", signed=True),
        "Fee": lambda lines: (-lines.paid * 3 // 100 * (lines.kind == "sale") / 100).map(
            "{:.2f}".format
        ),
        "Net": lambda lines: (
            (lines.paid * lines.sign - lines.paid * 3 // 100 * (lines.kind == "sale")) / 100
        ).map("{:,.2f}".format),
        "From Email Address": lambda lines: lines.email.where(lines.kind == "sale", "us@shop.com"),
        "To Email Address": lambda lines: lines.email.where(lines.kind != "sale", "us@shop.com"),
        "Transaction ID": lambda lines: lines.kind.str[0].str.upper() + lines["order"].astype(str),
        "Reference Txn ID": lambda lines: column("S{order}")(lines).where(
            lines.kind == "refund", ""
        ),
        **always("TimeZone=PST | Status=Completed | Currency=USD"),
    },
    has="discounts partly",
    shape=lambda sold: with_withdrawals(with_refund_rows(as_orders(sold))),
    unknown="gross discounts",
    said="time=Date,clock=Time,kind=Type,amount=Gross,user_id=From Email Address,"
    "order_id=Transaction ID",
    may_ask=True,
    needs_warning=True,
)
dress(
    "square_items",
    {
        "Date": date("%m/%d/%y"),
        "Time": date("%H:%M:%S"),
        "Category": "category",
        "Item": "name",
        "Qty": count(style="{}.0"),
        "SKU": "sku",
        "Gross Sales": money("total", "$1,234.50", signed=True),
        "Discounts": lambda lines: (-lines.discount / 100).map(
            lambda x: f"-${-x:,.2f}" if x < 0 else "$0.00"
        ),
        "Net Sales": money("paid", "$1,234.50", signed=True),
        "Transaction ID": "T{order}",
        "Payment ID": "P{order}",
        "Event Type": kind("Payment", "Refund"),
        "Customer ID": "CU{customer}",
        "Customer Name": "full",
        **always(
            "Time Zone=Eastern Time (US & Canada) | Price Point Name=Regular | Tax=$0.00 | "
            "Location=Main Street | Unit=ea"
        ),
    },
    has="discounts guests full partly",
    shape=with_refund_rows,
    said="time=Date,clock=Time,category=Category,name=Item,quantity=Qty,item_id=SKU,"
    "amount=Gross Sales,discount_amount=Discounts,paid=Net Sales,order_id=Transaction ID,"
    "kind=Event Type,user_id=Customer ID",
)

# Business software
dress(
    "sap_tables",
    {
        "VBELN": "00{order:08}",
        "POSNR": "{line:05}0",
        "ERDAT": date("%Y%m%d"),
        "ERZET": date("%H%M%S"),
        "KUNNR": "{customer:010}",
        "MATNR": "sku",
        "ARKTX": "name",
        "MATKL": "category",
        "KWMENG": "{quantity}.000",
        "NETPR": money("price"),
        "NETWR": money("total"),
        **always("MANDT=100 | AUART=TA | VKORG=1000 | VRKME=ST | WAERK=EUR"),
    },
    has="",
    said="order_id=VBELN,time=ERDAT,user_id=KUNNR,item_id=MATNR,name=ARKTX,category=MATKL,"
    "quantity=KWMENG,unit_price=NETPR,currency=WAERK",
    may_ask=True,
)


def minus_behind(make):
    """Write the minus sign behind a number, as SAP does."""
    return lambda lines: make(lines).map(lambda text: f"{text[1:]}-" if text[0] == "-" else text)


dress(
    "sap_german",
    {
        "Verkaufsbeleg": "00{order:08}",
        "Position": "line",
        "Angelegt am": date("%d.%m.%Y"),
        "Auftraggeber": "{customer:010}",
        "Material": "sku",
        "Bezeichnung": "name",
        "Auftragsmenge": minus_behind(count()),
        "Nettopreis": money("price", "1.234,50"),
        "Nettowert": minus_behind(money("total", "1.234,50", signed=True)),
        "Belegwährung": "=EUR",
    },
    has="full partly",
    language="de",
    shape=with_refund_rows,
    write=Text(";", "cp1252"),
    said="order_id=Verkaufsbeleg,time=Angelegt am,user_id=Auftraggeber,item_id=Material,"
    "name=Bezeichnung,quantity=Auftragsmenge,unit_price=Nettopreis,amount=Nettowert,"
    "currency=Belegwährung",
    may_ask=True,
)
dress(
    "odoo",
    {
        "Order Reference": first("S{order:05}"),
        "Order Date": first(date()),
        "Customer": first("full"),
        "Status": first(status("Sales Order", "Cancelled|Quotation")),
        "Order Lines/Product": "[{sku}] {name}",
        "Order Lines/Quantity": "{quantity}.0",
        "Order Lines/Unit Price": money("price"),
        "Order Lines/Discount (%)": "{percent}.0",
        "Order Lines/Subtotal": money("paid"),
        "Total": first(money("order_paid")),
    },
    has="discounts canceled",
    said="order_id=Order Reference,time=Order Date,user_id=Customer,status=Status,"
    "name=Order Lines/Product,quantity=Order Lines/Quantity,unit_price=Order Lines/Unit Price,"
    "discount=Order Lines/Discount (%)",
)
dress(
    "dynamics",
    {
        "Document Type": kind("Invoice", "Credit Memo"),
        "Document No.": "PSI{order}",
        "Posting Date": date("<M>/<D>/%Y"),
        "Sell-to Customer No.": "C{customer:05}",
        "No.": "sku",
        "Description": "name",
        "Quantity": "quantity",
        "Unit Price Excl. VAT": money("price", "1,234.50"),
        "Line Discount %": "percent",
        "Line Amount Excl. VAT": money("paid", "1,234.50"),
        **always("Type=Item | Location Code=EAST"),
    },
    has="discounts full partly",
    shape=with_refund_rows,
    said="kind=Document Type,order_id=Document No.,time=Posting Date,user_id=Sell-to Customer No.,"
    "item_id=No.,name=Description,quantity=Quantity,unit_price=Unit Price Excl. VAT,"
    "discount=Line Discount %",
    may_ask=True,
)

dress(
    "otto",
    {
        "Bestellnummer": "b{order}",
        "Positions-ID": lambda lines: range(len(lines)),
        "Bestelldatum": date("%Y-%m-%dT%H:%M:%S.000Z"),
        "SKU": "sku",
        "Produkttitel": "name",
        "Status": lambda lines: [
            "Storniert" if word == "canceled" else "Retourniert" if back else "Versendet"
            for word, back in zip(lines.status, lines.returned, strict=True)
        ],
        "Einzelpreis (brutto)": money("price", "1234,50"),
        "Rechnungsadresse Name": "full",
        "Lieferadresse Ort": "city",
        "Lieferadresse PLZ": "=01067",
    },
    has="canceled full partly",
    language="de",
    shape=as_units,
    write=Text(";", "utf-8-sig"),
    said="order_id=Bestellnummer,time=Bestelldatum,item_id=SKU,name=Produkttitel,status=Status,"
    "unit_price=Einzelpreis (brutto),user_id=Rechnungsadresse Name",
    may_ask=True,
)

# Other languages
dress(
    "prestashop_french",
    {
        "Référence": "XK{order}",
        "Client": "email",
        "Date": date("%d/%m/%Y %H:%M:%S"),
        "État": status("Paiement accepté|Livré|Expédié", "Annulé|Erreur de paiement", "Remboursé"),
        "Produit": "name",
        "Quantité": "quantity",
        "Prix unitaire TTC": money("price", "1\u202f234,50 €"),
        "Remise": money("discount", "1\u202f234,50 €"),
        "Total TTC": money("paid", "1\u202f234,50 €"),
        "Paiement": "=Carte bancaire",
    },
    language="fr",
    has="discounts canceled full",
    write=Text(";"),
    said="order_id=Référence,user_id=Client,time=Date,status=État,name=Produit,quantity=Quantité,"
    "unit_price=Prix unitaire TTC,discount_amount=Remise,paid=Total TTC",
)


def fee(style):
    """Write the marketplace's fee of 15%, which is no part of the shop's revenue."""
    return lambda lines: money("paid", style)(lines.assign(paid=-lines.paid * 15 // 100))


def after_fee(style):
    """Write what the marketplace pays out."""
    return lambda lines: money("paid", style)(
        lines.assign(paid=lines.paid + -lines.paid * 15 // 100)
    )


dress(
    "mercado_libre",
    {
        "# de venta": "20000{order}",
        "Fecha de venta": date(
            "<D> de <MONTH> de %Y %H:%M hs.",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
            "diciembre",
        ),
        "Estado": status("Entregado|En camino", "Cancelada por el comprador|Venta cancelada"),
        "Unidades": "quantity",
        "Ingresos por productos (ARS)": money("total", "1234.50"),
        "Cargo por venta e impuestos (ARS)": fee("1234.50"),
        "Total (ARS)": after_fee("1234.50"),
        "SKU": "sku",
        "Título de la publicación": "name",
        "Precio unitario de venta de la publicación (ARS)": money("price", "1234.50"),
        "Comprador": "full",
        "Ciudad": "city",
    },
    has="canceled",
    language="es",
    said="order_id=# de venta,time=Fecha de venta,status=Estado,quantity=Unidades,item_id=SKU,"
    "name=Título de la publicación,"
    "unit_price=Precio unitario de venta de la publicación (ARS),user_id=Comprador",
    may_ask=True,
)
dress(
    "allegro",
    {
        "Numer zamówienia": "order",
        "Data zamówienia": date("%d.%m.%Y %H:%M"),
        "Login kupującego": "klient_{customer}",
        "Nazwa oferty": "name",
        "Liczba sztuk": "quantity",
        "Cena za sztukę": money("price", "1 234,50 zł"),
        "Wartość": money("total", "1 234,50 zł"),
        "Status": status("Wysłane|Zrealizowane|Opłacone", "Anulowane|Anulowano", "Zwrócone"),
        "Miejscowość": "city",
        "Sposób płatności": "=Przelew",
    },
    has="canceled full",
    language="pl",
    write=Text(";", "cp1250"),
    said="order_id=Numer zamówienia,time=Data zamówienia,user_id=Login kupującego,"
    "name=Nazwa oferty,quantity=Liczba sztuk,unit_price=Cena za sztukę,status=Status,"
    "encoding=cp1250",
    may_ask=True,
)
dress(
    "heureka",
    {
        "Číslo objednávky": "order",
        "Datum objednávky": date("<D>. <M>. %Y %H:%M"),
        "E-mail": "email",
        "Název produktu": "name",
        "Množství": "{quantity} ks",
        "Cena za kus": money("price", "1 234,50 Kč"),
        "Celkem": money("total", "1 234,50 Kč"),
        "Stav": status("Vyřízeno|Odesláno", "Stornováno|Zrušeno", "Vráceno"),
        "Město": "city",
        "PSČ": "=110 00",
    },
    has="canceled full",
    language="cs",
    write=Text(";", "cp1250"),
    said="order_id=Číslo objednávky,time=Datum objednávky,user_id=E-mail,name=Název produktu,"
    "quantity=Množství,unit_price=Cena za kus,status=Stav,encoding=cp1250",
    may_ask=True,
)
dress(
    "russian_bookkeeping",
    {
        "Номер": "ЗК-{order}",
        "Дата": date("%d.%m.%Y %H:%M:%S"),
        "Контрагент": "full",
        "Номенклатура": "name",
        "Количество": "{quantity},000",
        "Цена": money("price", "1\u00a0234,50"),
        "Сумма": money("total", "1\u00a0234,50"),
        "Состояние": status("Закрыт|Отгружен", "Отменён|Отменен"),
    },
    has="canceled",
    language="ru",
    write=Text(";", "cp1251"),
    said="order_id=Номер,time=Дата,user_id=Контрагент,name=Номенклатура,quantity=Количество,"
    "unit_price=Цена,status=Состояние,encoding=cp1251",
    may_ask=True,
)
dress(
    "trendyol",
    {
        "Sipariş Numarası": "88{order}",
        "Sipariş Tarihi": date("%d.%m.%Y %H:%M"),
        "Sipariş Statüsü": status(
            "Teslim Edildi|Kargoda", "İptal Edildi|İptal", "İade Edildi|İade"
        ),
        "Müşteri No": "customer",
        "Alıcı": "full",
        "İl": "city",
        "Barkod": "869{item:08}",
        "Ürün Adı": "name",
        "Adet": "quantity",
        "Birim Fiyatı": money("price", "1.234,50 TL"),
        "Satış Tutarı": money("total", "1.234,50 TL"),
        "İndirim Tutarı": money("discount", "1.234,50 TL"),
        "Faturalanacak Tutar": money("paid", "1.234,50 TL"),
    },
    language="tr",
    has="discounts canceled full",
    write=Text(";"),
    said="order_id=Sipariş Numarası,time=Sipariş Tarihi,status=Sipariş Statüsü,user_id=Müşteri No,"
    "item_id=Barkod,name=Ürün Adı,quantity=Adet,unit_price=Birim Fiyatı,"
    "discount_amount=İndirim Tutarı,paid=Faturalanacak Tutar",
)
dress(
    "japanese_shop",
    {
        "受注番号": "order",
        "受注日": date("%Y年<M>月<D>日 %H:%M"),
        "会員番号": "M{customer:06}",
        "商品コード": "sku",
        "商品名": "name",
        "カテゴリ": "category",
        "数量": "quantity",
        "販売価格": money("price", "¥1,234"),
        "割引額": money("discount", "¥1,234"),
        "お支払い金額": money("paid", "¥1,234"),
        "対応状況": status("発送済み|入金済み", "キャンセル", "返金済み"),
    },
    language="ja",
    minor=1,
    said="order_id=受注番号,time=受注日,user_id=会員番号,item_id=商品コード,name=商品名,"
    "category=カテゴリ,quantity=数量,unit_price=販売価格,discount_amount=割引額,"
    "paid=お支払い金額,status=対応状況",
)
dress(
    "coupang",
    {
        "주문번호": "1000{order}",
        "주문일": date("%Y-%m-%d %H:%M:%S"),
        "주문상태": status("배송완료|배송중", "주문취소|취소완료", "반품완료"),
        "구매자ID": "buyer{customer}",
        "구매자": "full",
        "등록상품명": "name",
        "상품코드": "sku",
        "구매수량": "quantity",
        "판매단가": money("price", "1,234"),
        "결제금액": money("total", "1,234"),
        "우편번호": "=04524",
    },
    has="canceled full",
    language="ko",
    minor=1,
    write=Text(",", "euc-kr"),
    said="order_id=주문번호,time=주문일,status=주문상태,user_id=구매자ID,item_id=상품코드,"
    "name=등록상품명,quantity=구매수량,unit_price=판매단가,encoding=euc-kr",
)
dress(
    "taobao",
    {
        "订单编号": "38{order}\t",
        "买家会员名": "tb_{customer}",
        "总金额": money("total"),
        "买家实际支付金额": money("paid"),
        "订单状态": status("交易成功|卖家已发货，等待买家确认", "交易关闭"),
        "收货人姓名": "full",
        "收货地址": "city",
        "订单创建时间": date(),
        "订单付款时间": date(),
        "宝贝标题": "name",
        "宝贝总数量": "quantity",
        **always("买家应付邮费=0.00 | 店铺名称=我们的店"),
    },
    has="discounts canceled",
    language="zh",
    shape=as_orders,
    write=Text(",", "gb18030"),
    said="order_id=订单编号,user_id=买家会员名,amount=总金额,paid=买家实际支付金额,status=订单状态,"
    "time=订单创建时间,name=宝贝标题,quantity=宝贝总数量,encoding=gb18030",
)

# Public data sets
dress(
    "olist",
    {
        "order_id": "o{order:032x}",
        "customer_id": "c{order:032x}",
        "order_status": status("delivered|shipped", "canceled"),
        "order_purchase_timestamp": date(),
        "order_approved_at": date(),
        "order_estimated_delivery_date": date(),
        "customer_unique_id": "u{customer:032x}",
        "customer_city": "city",
        "order_item_id": lambda lines: lines.groupby("order").cumcount() + 1,
        "product_id": "p{item:032x}",
        "seller_id": "s{item:032x}",
        "shipping_limit_date": date(),
        "price": money("price"),
        "product_category_name": "category",
        **always("customer_zip_code_prefix=01310 | customer_state=SP | freight_value=8.72"),
    },
    has="canceled",
    language="pt",
    shape=as_units,
    said="order_id=order_id,status=order_status,time=order_purchase_timestamp,"
    "user_id=customer_unique_id,item_id=product_id,unit_price=price,category=product_category_name",
)


def invoices_of_returns(sold):
    """Give refund rows invoice numbers of their own, with a C in front."""
    rows = with_refund_rows(sold)
    back = rows.kind == "refund"
    number = rows["order"].astype(str).mask(back, "C9" + rows["order"].astype(str))
    return rows.assign(invoice=number)


dress(
    "uci_online_retail",
    {
        "InvoiceNo": "invoice",
        "StockCode": "sku",
        "Description": "name",
        "Quantity": count(),
        "InvoiceDate": date("<M>/<D>/%Y %H:%M"),
        "UnitPrice": money("price"),
        "CustomerID": "customer",
        "Country": "country",
    },
    has="guests partly",
    shape=invoices_of_returns,
    said="order_id=InvoiceNo,item_id=StockCode,name=Description,quantity=Quantity,"
    "time=InvoiceDate,unit_price=UnitPrice,user_id=CustomerID,country=Country",
)
dress(
    "customer_shopping_istanbul",
    {
        "invoice_no": "I{order}",
        "customer_id": "C{customer}",
        "gender": lambda lines: lines.customer.map(lambda n: ["Female", "Male"][n % 2]),
        "age": lambda lines: lines.customer % 50 + 18,
        "category": "category",
        "quantity": "quantity",
        "price": money("total"),
        "invoice_date": date("<D>/<M>/%Y"),
        **always("payment_method=Cash | shopping_mall=Kanyon"),
    },
    has="",
    before=lambda sold: priced(
        one_line_orders(sold).assign(price=lambda lines: lines.item % 6 * 4_260 + 520)
    ),
    said="order_id=invoice_no,user_id=customer_id,category=category,quantity=quantity,amount=price,"
    "time=invoice_date",
    may_ask=True,
)
CDNOW = {
    "user_id": "{customer:05}",
    "order_dt": date("%Y%m%d"),
    "order_products": "quantity",
    "order_amount": money("total"),
}
dress(
    "cdnow",
    CDNOW,
    has="",
    shape=as_orders,
    said="user_id=user_id,time=order_dt,quantity=order_products,amount=order_amount",
)
dress(
    "cdnow_master",
    CDNOW,
    has="",
    shape=as_orders,
    write=Text(" ", header=False),
    ending="txt",
    said="",  # columns of a fixed width are not understood
    may_ask=True,
)
GROCERIES = {
    "household_id": "customer",
    "basket_id": "31{order}",
    "product_id": "item",
    "quantity": "quantity",
    "sales_value": money("paid"),
    "retail_disc": money("discount"),
    **always("store_id=367 | coupon_disc=0.00 | coupon_match_disc=0.00"),
}
SAID_GROCERIES = (
    "user_id=household_id,order_id=basket_id,item_id=product_id,quantity=quantity,paid=sales_value,"
    "time="
)
dress(
    "dunnhumby_complete_journey",
    GROCERIES
    | {"week": lambda lines: lines.time.dt.isocalendar().week, "transaction_timestamp": date()},
    has="discounts",
    unknown="gross discounts",
    said=SAID_GROCERIES + "transaction_timestamp",
    may_ask=True,
)
dress(
    "dunnhumby_days",
    GROCERIES | {"DAY": lambda lines: (lines.time - lines.time.min()).dt.days + 1},
    has="discounts",
    unknown="gross discounts first last",
    said="",
    may_ask=True,
)


def as_events(sold, names):
    """Show each line as an event of viewing, one of adding to the cart, and one of buying."""
    seen = [sold.assign(event=name, step=step) for step, name in enumerate(names)]
    only = sold.assign(event=names[0], step=0, time=sold.time - pd.Timedelta(2, "D"))[1:]
    rows = pd.concat([*seen, only.iloc[::2]])
    rows = rows.assign(time=(rows.time + pd.to_timedelta(rows.step, "s")))
    return rows.sort_values(["time", "step"], kind="stable", ignore_index=True)


dress(
    "retailrocket",
    {
        "timestamp": epoch("ms"),
        "visitorid": "customer",
        "event": "event",
        "itemid": "item",
        "transactionid": lambda lines: lines["order"].astype("Int64").where(lines.step == 2),
    },
    has="",
    shape=lambda sold: as_events(sold, ["view", "addtocart", "transaction"]),
    unknown="gross discounts refunds net",
    said="time=timestamp,user_id=visitorid,event=event,item_id=itemid,order_id=transactionid",
)
dress(
    "rees46",
    {
        "event_time": date("%Y-%m-%d %H:%M:%S UTC"),
        "event_type": "event",
        "product_id": "item",
        "category_id": lambda lines: lines.item % 6 + 2_053_013_555,
        "category_code": "category",
        "brand": "=acme",
        "price": money("price"),
        "user_id": "customer",
        "user_session": "5f{order:06x}-b2",
    },
    has="",
    before=lambda sold: priced(sold.assign(quantity=1)),
    shape=lambda sold: as_events(sold, ["view", "cart", "purchase"]),
    said="time=event_time,event=event_type,item_id=product_id,category=category_code,"
    "unit_price=price,user_id=user_id,session_id=user_session",
)
