"""Exports made to deceive: each of them holds one thing that a reader once got wrong."""

import csv

import pandas as pd

from tests.apps.corpus import writers
from tests.apps.corpus.dressing import (
    CENTS,
    NO_NAMES,
    ONE_CURRENCY,
    PAIRS,
    SHEET,
    at_random,
    column,
    count,
    date,
    dress,
    epoch,
    money,
    plain,
    saying,
    status,
)
from tests.apps.corpus.simulated_shop import as_orders, as_units, with_refund_rows
from tests.apps.corpus.writers import Text

# Money
dress(
    "cents_by_name",
    plain(**{"Unit Price": None, "Unit Price (cents)": "price"}),
    said=saying(unit_price="Unit Price (cents)") + "," + CENTS,
    has="",
)
dress(
    "cents_without_a_word",
    plain(**{"Unit Price": "price"}),
    said=saying() + "," + CENTS,
    has="",
    may_ask=True,
    needs_warning=True,
)
dress(
    "line_total_called_price",
    plain(**{"Unit Price": None, "Price": money("total")}),
    said=saying(unit_price=None, amount="Price"),
    has="",
    may_ask=True,
)
dress(
    "refunds_with_negative_price",
    plain(**{"Unit Price": money("price", signed=True)}),
    said=saying(),
    has="guests full partly",
    shape=with_refund_rows,
)
dress(
    "refunds_with_negative_amount",
    plain(**{"Quantity": count(), "Unit Price": None, "Line Total": money("total", signed=True)}),
    said=saying(unit_price=None, amount="Line Total"),
    has="guests full partly",
    shape=with_refund_rows,
)
dress(
    "guests_by_word",
    plain(Customer_ID=lambda lines: column("C{customer:04}")(lines).replace("", "Guest")),
    said=saying(),
    has="guests",
)
dress(
    "original_price_beside_discount",
    plain(
        **{
            "Unit Price": None,
            "Original Price": money("price"),
            "Price": lambda lines: (lines.price * (100 - lines.percent) / 10_000).map(
                "{:.2f}".format
            ),
            "Discount": money("discount"),
        }
    ),
    said=saying(unit_price="Price", original_price="Original Price", discount_amount="Discount"),
    has="discounts",
)
dress(
    "discount_in_percent",
    plain(Discount="{percent}%"),
    said=saying(discount="Discount"),
    has="discounts",
)
dress(
    "discount_as_a_part_of_one",
    plain(Discount=lambda lines: (lines.percent / 100).map("{:.2f}".format)),
    said=saying(discount="Discount"),
    has="discounts",
)
dress(
    "negative_discount_amounts",
    plain(**{"Discount Amount": lambda lines: (-lines.discount / 100).map("{:.2f}".format)}),
    said=saying(discount_amount="Discount Amount"),
    has="discounts",
)
dress(
    "discount_of_the_order_on_every_line",
    plain(
        **{
            "Order Discount": money("order_discount"),
            "Order Total": money("order_paid"),
        }
    ),
    said="",
    has="discounts",
)
dress(
    "several_currencies",
    plain(Currency=lambda lines: lines.customer.map(lambda n: ["EUR", "USD", "GBP"][n % 3])),
    said=saying() + "," + ONE_CURRENCY,
    has="",
    counted=lambda sold: sold[sold.customer % 3 == 0],
    may_ask=True,
)
dress(
    "several_currencies_as_signs",
    plain(
        **{
            "Unit Price": lambda lines: [
                f"{'€$£'[n % 3]}{price / 100:.2f}"
                for n, price in zip(lines.customer, lines.price, strict=True)
            ]
        }
    ),
    said=saying() + "," + ONE_CURRENCY,
    has="",
    counted=lambda sold: sold[sold.customer % 3 == 0],
    may_ask=True,
)
ORDERS = {
    "Order No": "order",
    "Customer No": "customer",
    "Date": date(),
    "Order Total": money("total"),
}
SAID_ORDERS = "order_id=Order No,user_id=Customer No,time=Date,"
dress(
    "actually_paid_beside_total",
    ORDERS | {"Actually Paid": money("paid")},
    said=SAID_ORDERS + "amount=Order Total,paid=Actually Paid",
    has="discounts",
    shape=as_orders,
)
dress(
    "refunded_amount_beside_total",
    ORDERS | {"Refunded Amount": money("refund"), "Status": status("paid", "", "refunded")},
    said=SAID_ORDERS + "amount=Order Total,status=Status",
    has="full partly",
    shape=as_orders,
    needs_warning=True,
)
dress(
    "refunded_amount_alone",
    {name: make for name, make in ORDERS.items() if name != "Order Total"}
    | {"Refunded Amount": money("refund")},
    said=SAID_ORDERS.rstrip(","),
    has="partly",
    shape=as_orders,
    unknown="gross discounts refunds net",
    may_ask=True,
)
dress(
    "amounts_repeated_on_every_line",
    ORDERS | {"Product": "name", "Qty": "quantity", "Order Total": money("order_total")},
    said="",
    has="",
    may_ask=True,
    needs_warning=True,
)
dress(
    "repeated_lines_without_quantity",
    plain(Quantity=None),
    said=saying(quantity=None),
    has="guests",
    shape=as_units,
)
dress(
    "midnight_without_orders",
    plain(Order_ID=None, Quantity=None, Order_Date=date("%Y-%m-%d 00:00:00")),
    said=saying(order_id=None, quantity=None),
    has="",
    shape=as_units,
)


def broken(frame):
    """Add five orders whose prices are no amounts of money."""
    last = frame.iloc[[-2]]
    words = ["1e308", "inf", "NaN", "-Infinity", "1e999"]
    rows = [
        last.assign(**{"Order ID": 9001 + n, "Customer ID": "C0007", "Unit Price": word})
        for n, word in enumerate(words)
    ]
    return pd.concat([frame, *rows], ignore_index=True)


dress("numbers_beyond_measure", plain(), said=saying(), has="", finish=broken, needs_warning=True)

# Status words
WORDS = {
    "english": (
        "Completed|Shipped|Processing",
        "Canceled|Rejected|Trash|Failed|Voided",
        "Refunded",
    ),
    "spanish": ("Completado|Enviado|Pagado", "Anulado|Cancelado|Rechazado", "Reembolsado|Devuelto"),
    "portuguese": ("Concluído|Enviado|Entregue", "Cancelado|Recusado", "Reembolsado|Devolvido"),
    "italian": ("Completato|Spedito", "Annullato|Rifiutato", "Rimborsato"),
    "german": ("Abgeschlossen|Versandt|Bezahlt", "Storniert|Abgelehnt|Abgebrochen", "Erstattet"),
    "french": ("Terminée|Expédiée|En cours", "Annulée|Échouée", "Remboursée"),
    "dutch": ("Voltooid|Verzonden", "Geannuleerd|Mislukt", "Terugbetaald"),
    "swedish": ("Slutförd|Skickad", "Makulerad|Avbruten", "Återbetald"),
    "polish": ("Zrealizowane|Wysłane", "Anulowane|Anulowano|Odrzucone", "Zwrócone"),
    "czech": ("Vyřízeno|Odesláno", "Zrušeno|Stornováno", "Vráceno"),
    "turkish": ("Tamamlandı|Teslim edildi", "İptal|İptal edildi", "İade|İade edildi"),
    "russian": ("Выполнен|Доставлен", "Отменён|Отменен", "Возврат"),
    "japanese": ("完了|発送済み", "キャンセル", "返金|返品"),
    "korean": ("배송완료|결제완료", "취소|취소완료", "환불|반품"),
    "chinese": ("交易成功|已发货", "取消|已取消|交易关闭", "退款|已退款"),
}
for language, words in WORDS.items():
    dress(
        f"status_{language}",
        plain(Status=status(*words)),
        said=saying(status="Status"),
        has="canceled full",
    )
dress(
    "return_pending",
    plain(Status=status("delivered|delivered|delivered|delivered|return_pending")),
    said=saying(status="Status") + ",sales=return_pending",
    has="",
    may_ask=True,
    needs_warning=True,
)

# Who bought, and what is an order
dress(
    "order_numbers_restart",
    plain(Order_ID=lambda lines: lines.groupby("customer")["order"].rank("dense").astype(int)),
    said=saying() + "," + PAIRS,
    has="",
    may_ask=True,
)
dress(
    "one_order_each",
    plain(),
    said=saying(),
    has="",
    before=lambda sold: sold.assign(customer=sold["order"]),
)
dress(
    "no_customers_but_decoys",
    plain(
        Customer_ID=None,
        **{
            "Billing City": "city",
            "Postal Code": lambda lines: lines["order"] + 9_000,
            "Requires Shipping": "=true",
            "Seller": lambda lines: lines.item.map("seller {}".format),
            "Part of Day": lambda lines: lines.time.dt.hour.map(
                lambda hour: "morning" if hour < 12 else "evening"
            ),
            "Order Item ID": lambda lines: range(7_000, 7_000 + len(lines)),
            "Refund Amount": "=0.00",
        },
    ),
    said=saying(user_id=None),
    has="",
    unknown="customers",
)
dress(
    "two_candidates_for_customers",
    plain(Customer_ID=None, **{"Customer Number": "customer", "Client Number": "9{order}"}),
    said=saying(user_id="Customer Number"),
    has="",
    may_ask=True,
)
dress(
    "customer_new_for_each_order",
    plain(Customer_ID="X{order}", **{"Customer Unique ID": "customer"}),
    said=saying(user_id="Customer Unique ID"),
    has="",
)
dress(
    "names_say_nothing",
    {f"F{n}": make for n, make in enumerate(plain().values(), 1)},
    said="order_id=F1,user_id=F2,time=F3,item_id=F4,name=F5,quantity=F6,unit_price=F7",
    has="",
    may_ask=True,
)
dress(
    "no_names",
    plain(),
    said=f"{NO_NAMES},order_id=column 1,user_id=column 2,time=column 3,item_id=column 4,"
    "name=column 5,quantity=column 6,unit_price=column 7",
    has="",
    write=Text(header=False),
    may_ask=True,
)

# Dates
DATES = {
    "excel_serial": lambda lines: (
        (lines.time - pd.Timestamp("1899-12-30")) / pd.Timedelta(1, "D")
    ).map("{:.6f}".format),
    "excel_serial_days": lambda lines: (lines.time - pd.Timestamp("1899-12-30")).dt.days,
    "epoch_s": epoch("s"),
    "epoch_ms": epoch("ms"),
    "epoch_us": epoch("us"),
    "month_day_year": date("%b-%d-%y"),
    "day_first": date("%d/%m/%Y %H:%M"),
    "iso_with_z": date("%Y-%m-%dT%H:%M:%SZ"),
    "a_zone_by_place": date("%Y-%m-%d %H:%M:%S Europe/Berlin"),
    "am_pm": date("%m/%d/%Y %I:%M:%S %p"),
}
for name, make in DATES.items():
    dress(f"dates_{name}", plain(Order_Date=make), said=saying(), has="guests")
dress(
    "dates_year_month_day",
    plain(
        Order_Date=None,
        Year=lambda lines: lines.time.dt.year,
        Month=lambda lines: lines.time.dt.month,
        Day=lambda lines: lines.time.dt.day,
    ),
    said=saying(time=None, year="Year", month="Month", day="Day"),
    has="",
    may_ask=True,
)
dress(
    "dates_date_and_clock",
    plain(Order_Date=date("%d.%m.%Y"), Uhrzeit=date("%H:%M")),
    said=saying(clock="Uhrzeit"),
    has="",
)

# Kinds of files
typed = plain(
    Order_Date=lambda lines: lines.time, **{"Unit Price": lambda lines: lines.price / 100}
)
for name, write in {
    "parquet": writers.parquet,
    "jsonl": writers.jsonl,
    "ods": writers.ods,
    "xlsx": writers.xlsx("Orders"),
}.items():
    dress(f"file_{name}", typed, said=saying(), has="guests", write=write, ending=name)
dress(
    "file_xlsx_two_sheets",
    typed,
    said=saying() + "," + SHEET.format("Orders"),
    has="guests",
    write=writers.xlsx("Orders", "Orders of last year"),
    ending="xlsx",
    may_ask=True,
)
for ending, write in {"csv.gz": writers.gz, "zip": writers.zipped}.items():
    dress(
        f"file_{ending[-3:].strip('.')}", plain(), said=saying(), write=write, ending=ending, has=""
    )
for name, write in {
    "utf16": Text("\t", "utf-16"),
    "utf8_with_mark": Text(encoding="utf-8-sig"),
    "pipes": Text("|"),
    "quoted": Text(quoting=csv.QUOTE_ALL),
    "windows_lines": Text(lines_end="\r\n"),
    "names_the_separator": Text(";", before="sep=;\n"),
}.items():
    dress(f"file_{name}", plain(), said=saying(), has="guests", write=write)
dress("rows_in_no_order", plain(), said=saying(), has="guests", finish=at_random)
