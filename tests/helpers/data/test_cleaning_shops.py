"""Whole shops cleaned: the simulated one against its key and its truth, Online Retail against
the published counts, Complete Journey without its fuel."""

import pandas as pd
import pytest

from helpers.data import cleaning, downloads, problems, sources
from helpers.data.cleaning import pipeline
from helpers.data.shop.export import make_export
from helpers.data.shop.simulation import Size, simulate

LOST_FOR_GOOD = {  # faults that leave no way to know what the row should say
    "missing_user", "impossible_quantity", "impossible_price", "orphan_item", "orphan_user",
    "off_scale_rating",
}  # fmt: skip
KEYS = {
    "users": ["user_id"],
    "items": ["item_id"],
    "events": ["event_id"],
    "order_lines": ["order_id", "item_id"],
    "ratings": ["user_id", "item_id"],
    "campaign": ["user_id"],
}


@pytest.fixture(scope="module")
def raw():
    return sources.load_raw_shop()


@pytest.fixture(scope="module")
def cleaned(raw):
    return cleaning.clean_shop(raw)


@pytest.fixture(scope="module")
def faults():
    return sources.load_shop_key()["faults"]


# ---------------------------------------------------------------- the shop


def test_every_planted_fault_is_found_and_no_good_row_is_harmed(cleaned, faults):
    _, ledger = cleaned
    score = cleaning.score(ledger, faults)
    assert set(score["fault"]) == set(pipeline.RULE_FOR)
    assert score.loc[score["missed"] > 0].to_dict("records") == []
    assert score.loc[score["harmed"] > 0].to_dict("records") == []


def test_what_is_left_is_the_truth_but_for_what_no_one_can_know(cleaned, faults):
    shop, _ = cleaned
    lost = faults[faults["fault"].isin(LOST_FOR_GOOD)].groupby("table")["row"].nunique()
    for name, truth in simulate("small").shop:
        ours = getattr(shop, name).set_index(KEYS[name])
        truth = truth.set_index(KEYS[name])
        assert len(ours) == len(truth) - lost.get(name, 0), name
        same = truth.loc[ours.index].astype(ours.dtypes)  # a KeyError here is a row made up
        pd.testing.assert_frame_equal(ours, same, check_exact=True)


def test_rows_keep_their_numbers_in_the_file(cleaned, raw):
    shop, _ = cleaned
    for name, table in shop:
        key = KEYS[name][0]
        assert (table[key] == raw[name].loc[table.index, key]).all()


@pytest.mark.parametrize("seed", range(3))
def test_other_shops_are_cleaned_as_well(seed):
    simulation = simulate(Size(users=1_500, items=250, ratings=5_000), seed=seed)
    export, faults = make_export(simulation, seed=seed)
    export = {name: table.replace("", None).astype("str") for name, table in export.items()}
    shop, ledger = cleaning.clean_shop(export)
    score = cleaning.score(ledger, faults)
    # In a small shop nobody may come for hours around the moment when the log's clock was set, and
    # then the log cannot tell on which side of it a handful of visits lie.
    clock = score["fault"] == "time_zone"
    assert score.loc[~clock, ["missed", "harmed"]].sum().tolist() == [0, 0]
    assert score.loc[clock, ["missed", "harmed"]].to_numpy().sum() <= 0.001 * len(shop.events)


def test_cleaning_what_is_clean_changes_nothing(cleaned):
    shop, _ = cleaned
    again, ledger = cleaning.clean_shop(dict(iter(shop)))
    assert ledger.table()[["touched", "dropped"]].to_numpy().sum() == 0
    for name, table in again:
        pd.testing.assert_frame_equal(table, getattr(shop, name))


def test_a_missing_table_is_named(raw):
    with pytest.raises(ValueError, match="has no table ratings; it has users, items, events"):
        cleaning.clean_shop({name: table for name, table in raw.items() if name != "ratings"})


def test_an_export_without_rows_is_a_shop_without_rows(raw):
    shop, _ = cleaning.clean_shop({name: table.head(0) for name, table in raw.items()})
    assert [len(table) for _, table in shop] == [0] * 6


def test_tables_of_one_row(raw):
    one = {name: table.head(1) for name, table in raw.items()}
    one["ratings"] = one["ratings"].assign(user_id="U00001", item_id="I0001")
    shop, _ = cleaning.clean_shop(one)
    assert len(shop.users) == len(shop.items) == len(shop.ratings) == 1


def test_a_value_that_cannot_be_read_is_named_with_its_row(raw):
    ratings = raw["ratings"].copy()
    ratings.loc[4, "rated_at"] = "last Tuesday"
    with pytest.raises(problems.TableError, match=r'ratings: column "rated_at".*row 4: "last Tues'):
        cleaning.clean_shop({**raw, "ratings": ratings})


# ---------------------------------------------------------------- Online Retail


@pytest.fixture(scope="module")
def retail():
    if not downloads.is_cached("online_retail"):
        pytest.skip("Online Retail is not in the cache: python -m tools.data online_retail")
    return sources.load_online_retail()


@pytest.fixture(scope="module")
def retail_lines(retail):
    return sources.online_retail_order_lines(retail)


def test_online_retail_as_published(retail):
    assert retail.shape == (541_909, 8)
    assert retail["InvoiceNo"].nunique() == 25_900
    assert retail["CustomerID"].nunique() == 4_372
    assert retail["Description"].isna().sum() == 1_454
    days = retail["InvoiceDate"].dt.normalize().drop_duplicates()
    assert len(days) == 305
    assert "Saturday" not in set(days.dt.day_name())


@pytest.mark.parametrize(
    ("rule", "arguments", "dropped"),
    [
        (cleaning.drop_missing, ("user_id",), 135_080),
        (cleaning.drop_duplicate_rows, (), 5_268),
        (cleaning.net_cancellations, (), 9_288),
        (cleaning.drop_impossible_quantities, (100_000,), 1_336),
        (cleaning.drop_impossible_prices, (), 2_515 + 2),
        (cleaning.drop_non_products, (), 2_995),
    ],
)
def test_each_rule_finds_the_published_rows(retail_lines, rule, arguments, dropped):
    kept, row = rule(retail_lines, *arguments)
    assert (len(row.dropped), len(kept), row.table) == (dropped, 541_909 - dropped, "order_lines")


def test_codes_that_are_no_products(retail_lines):
    _, row = cleaning.drop_non_products(retail_lines)
    assert retail_lines.loc[row.dropped, "item_id"].nunique() == 33


def test_the_rules_in_turn_leave_the_published_sales(retail_lines):
    table, _ = cleaning.drop_missing(retail_lines, "user_id")
    table, _ = cleaning.net_cancellations(table)
    table, _ = cleaning.drop_impossible_prices(table)
    revenue = (table["quantity"] * table["unit_price"]).sum()
    assert (len(table), table["user_id"].nunique()) == (397_884, 4_338)
    assert revenue == pytest.approx(8_911_407.90, abs=0.01)
    # Who bought until 91 days before the end, and did not in these 91 days, is inactive.
    cut = table["ordered_at"].max() - pd.Timedelta(days=91)
    before = table.loc[table["ordered_at"] <= cut, "user_id"].unique()
    after = table.loc[table["ordered_at"] > cut, "user_id"].unique()
    assert 1 - pd.Series(before).isin(after).mean() == pytest.approx(0.43, abs=0.005)
    table, _ = cleaning.drop_duplicate_rows(table)
    assert len(table) == 392_692


# ---------------------------------------------------------------- Complete Journey


def test_fuel_is_most_units_of_complete_journey():
    journey = sources.load_complete_journey()
    sales, products = journey["transactions"], journey["products"]
    fuel = sales["item_id"].isin(products["item_id"][products["department"] == "FUEL"])
    units = sales["quantity"]
    assert units[fuel].sum() / units.sum() == pytest.approx(0.848, abs=0.0005)
    groceries, row = cleaning.drop_non_groceries(sales, products)
    assert (len(groceries), groceries["quantity"].max()) == (1_450_209, 144)
    assert len(row.dropped) == 1_469_307 - 1_450_209
