"""Each rule by hand, on tables small enough to see the answer; then hypothesis on reading text."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import cleaning, problems
from helpers.data.cleaning import reading
from helpers.data.cleaning.ledger import Ledger, LedgerRow


def column(*values, name="at", index=None):
    return pd.DataFrame({name: pd.Series(values, index=index)})


def lines(*rows):
    """Order lines (order_id, item_id, quantity); the rest is the same in all."""
    table = pd.DataFrame(rows, columns=["order_id", "item_id", "quantity"])
    return table.assign(user_id="U1", ordered_at="2025-03-05", unit_price=1.0, discount=0.0)


def labels(index):
    return index.tolist()


# ---------------------------------------------------------------- dates


def test_three_ways_to_write_one_moment():
    texts = ("2025-03-05 14:22:01", "05/03/2025 14:22:01", "Mar 5 2025 2:22:01 PM", None)
    table, row = cleaning.parse_dates(column(*texts, index=[7, 8, 9, 10]), "at")
    moment = pd.Timestamp(2025, 3, 5, 14, 22, 1)
    assert table["at"].tolist()[:3] == [moment] * 3
    assert table["at"].isna().tolist() == [False, False, False, True]  # missing stays missing
    assert (row.rule, labels(row.touched), labels(row.dropped)) == ("parse_dates", [8, 9], [])


@pytest.mark.parametrize(
    "text",
    [
        "03/25/2025 10:00:00",  # there is no month 25, and March is never made a day
        "2025-02-30 10:00:00",
        "2025-03-05 10:00:00 or so",
        "",
    ],
)
def test_what_is_no_date_is_an_error_that_names_the_row(text):
    table = column("2025-03-05 14:22:01", text, index=[3, 17])
    with pytest.raises(problems.TableError) as caught:
        cleaning.parse_dates(table, "at")
    (failure,) = caught.value.failures
    assert (labels(failure.rows), failure.example) == ([17], text)
    assert failure.fix == "Correct them in the export, or drop them."


@given(
    st.lists(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")), min_size=1),
    st.randoms(use_true_random=False),
)
def test_any_moment_survives_any_way_to_write_it(moments, random):
    moments = [moment.replace(microsecond=0) for moment in moments]
    texts = [moment.strftime(random.choice(reading.DATE_FORMATS)) for moment in moments]
    assert cleaning.parse_dates(column(*texts), "at")[0]["at"].tolist() == moments


# ---------------------------------------------------------------- numbers


def test_amounts_of_dollars():
    texts = ("12.50", "$12.50", "12.50 USD", "$1,234.50", "$-1.00", "-9.99 USD", " 3 ", None)
    table, row = cleaning.parse_money(column(*texts, name="price"), "price")
    assert table["price"].tolist()[:7] == [12.5, 12.5, 12.5, 1234.5, -1.0, -9.99, 3.0]
    assert table["price"].isna().sum() == 1
    assert labels(row.touched) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ["€12.50", "12,50", "1,23.50", "$", "12.50 EUR", "free", "inf"])
def test_what_is_no_amount_of_dollars_is_an_error(text):
    with pytest.raises(problems.TableError, match=r"no amount of dollars in 1 of 2 rows \(row 1"):
        cleaning.parse_money(column("1.00", text, name="price"), "price")


def test_quantities_with_their_unit():
    table, row = cleaning.parse_numbers(column("2 pcs", "1", "-3pcs", "1,000", name="n"), "n")
    assert table["n"].tolist() == [2, 1, -3, 1000]
    assert table["n"].dtype == "int64"
    assert labels(row.touched) == [0, 2, 3]


def test_numbers_that_are_not_all_whole_are_floats():
    assert cleaning.parse_numbers(column("1", "0.5", name="n"), "n")[0]["n"].tolist() == [1.0, 0.5]
    assert cleaning.parse_numbers(column("1", None, name="n"), "n")[0]["n"].dtype == "float64"


@pytest.mark.parametrize("text", ["2 x 4", "two", "nan", "2 pcs 3 pcs", "1,5", "$2"])
def test_what_is_no_number_is_an_error(text):
    with pytest.raises(problems.TableError, match="holds text that is no number"):
        cleaning.parse_numbers(column("1", text, name="n"), "n")


@given(st.lists(st.decimals(-(10**7), 10**7, places=2, allow_nan=False), min_size=1))
def test_any_amount_survives_any_way_to_write_it(amounts):
    for style in ("{}", "${:,}", "{} USD"):
        texts = [style.format(amount) for amount in amounts]
        read = cleaning.parse_money(column(*texts, name="price"), "price")[0]["price"]
        assert read.tolist() == [float(amount) for amount in amounts]


def test_flags():
    table, row = reading.parse_flags(column("True", "false", " TRUE", name="treated"), "treated")
    assert table["treated"].tolist() == [True, False, True]
    assert labels(row.touched) == [1, 2]
    for text in ("yes", None):
        with pytest.raises(problems.TableError, match="neither True nor False in 1 of 2"):
            reading.parse_flags(column("True", text, name="treated"), "treated")


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (cleaning.parse_dates, ["Mar 5 2025 2:22:01 PM", None]),
        (cleaning.parse_money, ["$1", None]),
        (cleaning.parse_numbers, ["1 pcs", "2"]),
        (reading.parse_flags, ["true", "False"]),
        (cleaning.tidy_text, ["Home", " HOME", "Home", None]),
    ],
)
def test_reading_twice_changes_nothing_more(rule, values):
    once, _ = rule(column(*values), "at")
    twice, row = rule(once, "at")
    pd.testing.assert_frame_equal(twice, once)
    assert len(row.touched) == 0


@pytest.mark.parametrize(
    "rule",
    [cleaning.parse_dates, cleaning.parse_money, cleaning.parse_numbers, cleaning.tidy_text],
)
def test_columns_without_values_or_rows_and_columns_that_are_not_there(rule):
    nothing, _ = rule(column(None, None), "at")
    assert nothing["at"].isna().tolist() == [True, True]
    assert len(rule(column(None).head(0), "at")[0]) == 0
    with pytest.raises(problems.TableError, match='table: has no column "when"'):
        rule(column("x"), "when")
    with pytest.raises(problems.TableError, match="not text in 1 of 2 rows"):
        rule(column("1", 2.5), "at")


def test_tables_put_together_may_repeat_their_row_labels():
    texts = ("2025-03-05 14:22:01", "05/03/2025 14:22:01", "Mar 5 2025 2:22:01 PM")
    table, row = cleaning.parse_dates(column(*texts, index=[0, 0, 1]), "at")
    assert table["at"].tolist() == [pd.Timestamp(2025, 3, 5, 14, 22, 1)] * 3
    assert labels(row.touched) == [0, 1]


def test_the_caller_s_table_is_left_alone():
    table = column("$1", "2 USD")
    cleaning.parse_money(table, "at")
    assert table["at"].tolist() == ["$1", "2 USD"]


# ---------------------------------------------------------------- names


def test_names_are_spelled_as_most_rows_do():
    texts = ("Home Office", " home office", "HOME  OFFICE ", "Home Office", "Tea and Coffee", None)
    table, row = cleaning.tidy_text(column(*texts, name="category"), "category")
    assert table["category"].tolist()[:5] == ["Home Office"] * 4 + ["Tea and Coffee"]
    assert labels(row.touched) == [1, 2]


def test_blanks_around_a_name_do_not_split_its_vote():
    # "Tea" stands in three rows, twice with blanks; "TEA" in two.
    table, _ = cleaning.tidy_text(column("TEA", "TEA", " Tea", "Tea ", "Tea"), "at")
    assert set(table["at"]) == {"Tea"}


# ---------------------------------------------------------------- rows to drop


def test_orphans_go_and_guests_stay():
    table = pd.DataFrame({"user_id": ["U1", "U7", None]})
    kept, row = cleaning.drop_orphans(table, "user_id", pd.DataFrame({"user_id": ["U1", "U2"]}))
    assert (labels(kept.index), labels(row.dropped)) == ([0, 2], [1])


def crowd(user, count, seconds, event="view"):
    start = pd.Timestamp("2025-03-05 09:30")  # within two hours of the clock, not of the watch
    at = start + pd.to_timedelta([i * seconds for i in range(count)], unit="s")
    return pd.DataFrame({"user_id": user, "occurred_at": at, "event": event})


def test_bots_view_300_pages_in_an_hour_and_buy_nothing():
    events = pd.concat(
        [
            crowd("fast", 300, 12),  # the 300th view 299 * 12 s = 59 min 48 s after the first
            crowd("slow", 300, 13),  # 299 * 13 s = 64 min 47 s
            crowd("few", 299, 1),
            crowd("keen", 400, 1),
            crowd("keen", 1, 1, "cart"),
            crowd(None, 2000, 1),  # guests: no one can be named
        ],
        ignore_index=True,
    ).sample(frac=1, random_state=0)
    bots = cleaning.find_bots(events)
    assert labels(bots) == ["fast"]
    kept, row = cleaning.drop_bots(events, bots)
    assert len(row.dropped) == 300
    assert set(kept["user_id"].dropna()) == {"slow", "few", "keen"}


def test_impossible_quantities_go_and_returns_stay():
    table = lines(
        ("O1", "I1", 1), ("O1", "I2", 0), ("O2", "I1", 10_000), ("O2", "I2", 9_999),
        ("CO3", "I1", -1), ("RO4", "I1", -1), ("O5", "I1", -1), ("CO6", "I1", -10_000),
    )  # fmt: skip
    kept, row = cleaning.drop_impossible_quantities(table)
    assert labels(row.dropped) == [1, 2, 6, 7]
    assert kept["order_id"].tolist() == ["O1", "O2", "CO3", "RO4"]
    numbered = table.assign(order_id=range(8))  # no number of an order begins with C or R
    assert cleaning.drop_impossible_quantities(numbered)[0]["order_id"].tolist() == [0, 3]


# ---------------------------------------------------------------- orders


def test_prices_in_cents_are_divided_by_100():
    items = pd.DataFrame({"item_id": ["I1", "I2"], "price": [22.58, 2258.0]})
    table = lines(("O1", "I1", 1), ("O1", "I2", 1), ("O2", "I1", 1), ("O3", "I7", 1))
    table["unit_price"] = [2193.0, 2258.0, 22.58, 2258.0]  # I2 is dear, of I7 nothing is known
    fixed, row = cleaning.mend_prices_in_cents(table, items)
    assert fixed["unit_price"].tolist() == [21.93, 2258.0, 22.58, 2258.0]
    assert labels(row.touched) == [0]


# ---------------------------------------------------------------- the clock


def two_books(*rows):
    """Events (written, event) of user and item i, and orders for those that are purchases.

    ``written`` is what the log says, ``true`` what the order says.
    """
    written, true, kind = zip(*rows, strict=True)
    ids = [f"U{i}" for i in range(len(rows))]
    events = pd.DataFrame(
        {"occurred_at": pd.to_datetime(written), "user_id": ids, "item_id": "I1", "event": kind},
        index=range(100, 100 + len(rows)),
    )
    orders = pd.DataFrame({"ordered_at": pd.to_datetime(true), "user_id": ids, "item_id": "I1"})
    return events, orders[events["event"].to_numpy() == "purchase"]


WINTER = [  # New York is 5 hours behind UTC; the clock is wrong from the third row to the sixth
    ("2025-01-12 21:00", "2025-01-12 21:00", "purchase"),
    ("2025-01-12 23:50", "2025-01-12 23:50", "view"),
    ("2025-01-13 05:10", "2025-01-13 00:10", "view"),
    ("2025-01-13 10:00", "2025-01-13 05:00", "purchase"),
    ("2025-01-14 01:00", "2025-01-13 20:00", "purchase"),
    ("2025-01-14 03:00", "2025-01-13 22:00", "view"),
    ("2025-01-14 00:30", "2025-01-14 00:30", "view"),
    ("2025-01-14 09:00", "2025-01-14 09:00", "purchase"),
]


def test_the_stretch_written_in_utc_is_found_between_the_jumps_and_mended():
    events, orders = two_books(*WINTER)
    fixed, row = cleaning.mend_time_zone(events, orders)
    assert fixed["occurred_at"].tolist() == [pd.Timestamp(true) for _, true, _ in WINTER]
    assert labels(row.touched) == [102, 103, 104, 105]


def test_after_a_quiet_night_the_stretch_ends_at_midnight():
    # From 22:00 (written 03:00) nobody comes until 8:30: the written clock never runs back.
    quiet = [*WINTER[:6], ("2025-01-14 08:30", "2025-01-14 08:30", "view"), *WINTER[7:]]
    events, orders = two_books(*quiet)
    fixed, _ = cleaning.mend_time_zone(events, orders)
    assert fixed["occurred_at"].tolist() == [pd.Timestamp(true) for _, true, _ in quiet]


def test_a_log_all_in_utc_is_mended_in_summer_too():
    summer = [("2025-07-01 16:00", "2025-07-01 12:00", "purchase")] * 2
    fixed, row = cleaning.mend_time_zone(*two_books(*summer))
    assert fixed["occurred_at"].tolist() == [pd.Timestamp("2025-07-01 12:00")] * 2
    assert len(row.touched) == 2


def test_a_right_clock_is_left_alone():
    right = [(true, true, kind) for _, true, kind in WINTER]
    events, orders = two_books(*right)
    fixed, row = cleaning.mend_time_zone(events, orders)
    pd.testing.assert_frame_equal(fixed, events)
    assert len(row.touched) == 0


def test_the_same_user_buying_the_same_again_five_hours_later_is_no_wrong_clock():
    events, orders = two_books(*[WINTER[0]] * 2)
    events["user_id"] = orders["user_id"] = "U1"
    later = orders["ordered_at"].iloc[0] + pd.Timedelta(hours=5)
    events.iloc[1, events.columns.get_loc("occurred_at")] = later
    orders.iloc[1, orders.columns.get_loc("ordered_at")] = later
    assert len(cleaning.mend_time_zone(events, orders)[1].touched) == 0


def test_clocks_that_alternate_are_an_error():
    events, orders = two_books(WINTER[3], WINTER[0], WINTER[4])
    with pytest.raises(ValueError, match="in turns between rows 100 and 102"):
        cleaning.mend_time_zone(events, orders)


# ---------------------------------------------------------------- groceries and other products


def test_fuel_and_coupons_are_no_groceries():
    products = pd.DataFrame(
        {
            "item_id": [1, 2, 3, 4],
            "department": ["FUEL", "GROCERY", "DRUG GM", "MISCELLANEOUS"],
            "product_category": ["GAS", None, "COUPON/MISC ITEMS", "OTHER"],
        }
    )
    transactions = pd.DataFrame({"item_id": [1, 2, 3, 4, 2, 99]})  # 99 is in no list
    kept, row = cleaning.drop_non_groceries(transactions, products)
    assert kept["item_id"].tolist() == [2, 2, 99]
    assert labels(row.dropped) == [0, 2, 3]


def test_postage_is_no_product():
    kept, _ = cleaning.drop_non_products(pd.DataFrame({"item_id": ["85123A", "POST", "22423"]}))
    assert kept["item_id"].tolist() == ["85123A", "22423"]


# ---------------------------------------------------------------- the score


def test_the_score_counts_what_was_found_missed_and_harmed():
    def row(rule, table, touched, dropped):
        return LedgerRow(rule, table, pd.Index(touched), pd.Index(dropped), "")

    ledger = Ledger(
        (
            row("drop_duplicate_rows", "ratings", [], [4]),
            row("parse_dates", "ratings", [1, 2], []),
            row("drop_off_scale_ratings", "ratings", [], [3, 9]),
            row("parse_dates", "users", [8], []),
        )
    )
    faults = pd.DataFrame(
        [
            ("ratings", 1, "mixed_date"),  # found
            ("ratings", 4, "mixed_date"),  # found: gone as a duplicate before it could be read
            ("ratings", 8, "mixed_date"),  # missed: row 8 of users is another row
            ("ratings", 2, "off_scale_rating"),  # missed: its date was read, its rating was not
            ("ratings", 3, "off_scale_rating"),  # found; 9 was good and is harmed
            ("ratings", 4, "duplicate_row"),
        ],
        columns=["table", "row", "fault"],
    )
    score = cleaning.score(ledger, faults).set_index("fault")
    assert score["table"].unique().tolist() == ["ratings"]
    assert score[["planted", "found", "missed", "harmed"]].T.to_dict("list") == {
        "duplicate_row": [1, 1, 0, 0],
        "mixed_date": [3, 2, 1, 0],
        "off_scale_rating": [2, 1, 1, 1],
    }


def test_the_ledger_shows_itself_as_counts():
    _, row = cleaning.parse_money(column("$1", "2"), "at")
    (line,) = Ledger((row,)).table().to_numpy().tolist()
    assert line == ["parse_money", "table", 1, 0, "at names its currency"]
    assert "parse_money" in repr(Ledger((row,)))
