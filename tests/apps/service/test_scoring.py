"""The nightly batch job: what it may know, what it finds, and what it stores."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from apps.service import models, scoring, tables
from apps.service.features import data_hash, known_by, user_features
from apps.service.models import (
    Parameters,
    coupon_evidence,
    coupon_profit,
    fit_recommender,
    popular_items,
    top_lists,
    user_scores,
)
from apps.service.releases import released, roll_back
from apps.service.scoring import score
from helpers.churn import churn_features, silence_by_bgnbd
from helpers.data.problems import TableError
from helpers.data.schema import Shop
from helpers.data.sources import load_shop, load_shop_key
from helpers.value import (
    BetaGeoModel,
    GammaGammaModel,
    btyd_summary,
    customer_lifetime_value,
)
from tests.apps.service.job import AS_OF, some_shop

EVENING = "2025-11-30"


@pytest.fixture(scope="module")
def shop():
    return some_shop(150)


@pytest.fixture(scope="module")
def whole():
    """The whole shop of the course, as of the last evening."""
    known = known_by(load_shop(), AS_OF)
    return known, user_features(known.order_lines, AS_OF)


def read(engine, name, *order):
    table = tables.metadata.tables[name]
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*(order or table.primary_key)))
        return pd.DataFrame(found.mappings().all(), columns=table.columns.keys())


# ---------------------------------------------------------------- what is known


def test_features_by_hand():
    # Ana buys on March 1 (2 · 10 · 0.9 = 18), on March 8 (5 + 7 = 12) and, too late, on March 20.
    # By March 10: 2 days with a purchase, the last one 2 and the first one 9 days ago; 30 dollars,
    # 12 of them on the one day after the first; one line of three below list price.
    lines = pd.DataFrame(
        {
            "user_id": ["Ana", "Ana", "Ana", "Ana", "Ben"],
            "ordered_at": ["2025-03-01", "2025-03-08", "2025-03-08", "2025-03-20", "2025-03-10"],
            "quantity": [2, 1, 1, 1, 1],
            "unit_price": [10.0, 5.0, 7.0, 99.0, 3.0],
            "discount": [0.1, 0.0, 0.0, 0.5, 0.0],
        }
    ).astype({"ordered_at": "datetime64[us]"})
    found = user_features(
        lines.assign(ordered_at=lines["ordered_at"] + pd.Timedelta("23h")), "2025-03-10"
    )
    assert found.loc["Ana"].tolist() == pytest.approx([2, 2, 30, 12, 9, 1 / 3])
    assert found.loc["Ben"].tolist() == pytest.approx([0, 1, 3, np.nan, 0, 0], nan_ok=True)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("user_id", None, "missing"),
        ("ordered_at", None, "missing"),
        ("quantity", -1, "negative"),
        ("unit_price", -1.0, "negative"),
        ("discount", 15.0, "above 1"),
        ("discount", np.nan, "missing"),
    ],
)
def test_features_name_the_column_and_the_row_that_are_wrong(shop, column, value, said):
    lines = shop.order_lines.copy()
    lines.loc[7, column] = value
    with pytest.raises(TableError, match=rf'"{column}" is {said} in 1 of .* rows \(row 7'):
        user_features(lines, EVENING)
    with pytest.raises(TableError, match=f'no column "{column}"'):
        user_features(lines.drop(columns=column), EVENING)


def test_nothing_that_happens_later_is_known(shop):
    end, rng = pd.Timestamp(EVENING) + pd.Timedelta(days=1), np.random.default_rng(16)
    shuffled, cut = {}, {}
    for name, table in shop:
        (moment,) = table.select_dtypes("datetime").columns
        later = table[moment] >= end
        cut[name], shuffled[name] = table[~later], table.copy()
        for column in table.columns.drop(moment):  # each later row tells something else
            values = table.loc[later, column].to_numpy()
            shuffled[name].loc[later, column] = values[rng.permutation(len(values))]
    assert not shuffled["order_lines"].equals(shop.order_lines)
    assert len(cut["order_lines"]) < len(shop.order_lines) - 20
    known = known_by(shop, EVENING)
    for other in (Shop(**shuffled), Shop(**cut)):
        again = known_by(other, EVENING)
        assert data_hash(again) == data_hash(known)
        for name, table in known._asdict().items():
            pd.testing.assert_frame_equal(getattr(again, name), table)


def test_a_coupon_counts_when_its_four_weeks_are_over(shop):
    # Sent on October 1 at 9:00, so they end on October 29 at 9:00.
    assert known_by(shop, "2025-10-28").campaign.empty
    assert len(known_by(shop, "2025-10-29").campaign) == len(shop.campaign) > 100


def test_orders_of_strangers_are_refused(shop):
    late = shop.users.assign(signed_up_at=pd.Timestamp("2025-12-31"))
    broken = replace(shop, users=late)
    with pytest.raises(ValueError, match=r'"user_id" names users not known when they bought'):
        known_by(broken, EVENING)


def test_the_hash_sees_every_cell_and_the_order(shop):
    known, hashes = known_by(shop, EVENING), set()
    changed = known.order_lines.copy()
    changed.loc[changed.index[7], "discount"] += 1e-9
    for each in (
        known,
        known._replace(order_lines=changed),
        known._replace(items=known.items[::-1]),
    ):
        hashes.add(data_hash(each))
    hashes.add(data_hash(known._replace(users=known.users.rename(columns={"user_id": "id"}))))
    assert len(hashes) == 4


# ---------------------------------------------------------------- what is found


def test_risk_and_value_are_those_of_the_lessons(whole):
    known, features = whole
    scores = user_scores(features, known, Parameters())
    lines = known.order_lines
    orders = lines.assign(value=lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]))
    risk = silence_by_bgnbd(churn_features(orders, AS_OF), horizon=90)
    np.testing.assert_allclose(scores["churn_risk"], risk[scores.index], atol=1e-4)
    summary = btyd_summary(orders, value="value", observation_end=AS_OF)
    models = BetaGeoModel().fit(summary), GammaGammaModel().fit(summary)
    terms = {"horizon": 52, "margin": 0.4, "discount": 1.15 ** (7 / 365.25) - 1}
    clv = customer_lifetime_value(*models, summary, **terms)
    np.testing.assert_allclose(scores["lifetime_value"], clv[scores.index], atol=0.02)


def test_the_campaign_shows_what_lesson_14_reads_from_it(whole):
    evidence = coupon_evidence(whole[0], Parameters())
    assert evidence["users"] == 1042 + 1072
    found = [evidence["effect"][end] for end in ("estimate", "low", "high")]
    assert found == pytest.approx([2.02, -0.75, 4.80], abs=0.006)
    profit = evidence["profit"]
    assert profit["low"] < profit["estimate"] < profit["high"]
    assert profit["low"] < 0  # one campaign is too small to show that the rule earns anything


def test_in_truth_the_rule_earns_more_than_coupons_for_all_or_at_random(whole):
    known, features = whole
    secret = load_shop_key()["campaign"].set_index("user_id")
    both = secret.index.intersection(features.index)
    arms = pd.DataFrame(
        {"control": secret["organic"], "treated": secret["organic"] + secret["uplift"]}
    )
    truth = coupon_profit(arms.loc[both], 100, Parameters())
    action = user_scores(features, known, Parameters()).loc[both, "action"]
    sent = action == "coupon"
    assert truth[sent].sum() > 0 > truth.sum()
    assert truth[sent].mean() > truth.mean() + 1
    assert truth[sent].sum() < truth.clip(lower=0).sum() / 2  # far from the optimum


def test_profit_by_hand():
    # (0.5 − 0.25) · 80 · 0.3 = 6 with the coupon, 0.5 · 80 · 0.1 = 4 without, and 1 for sending it.
    arms = pd.DataFrame({"treated": [0.3], "control": [0.1]})
    terms = Parameters(margin=0.5, coupon=0.25, coupon_cost=1.0)
    assert coupon_profit(arms, 80, terms).tolist() == pytest.approx([1.0])


def test_actions_follow_from_their_reasons_and_tell_nothing_else(whole):
    known, features = whole
    scores = user_scores(features, known, Parameters())
    words = r"A coupon is expected to (bring|cost) \d+\.\d\d dollars more than it (costs|brings)\."
    assert scores["reason"].str.fullmatch(words).all()
    brings = scores["reason"].str.contains(" to bring ")
    assert (brings == (scores["action"] == "coupon")).all()
    assert 0 < brings.sum() < len(scores)
    assert scores["churn_risk"].between(0, 1).all()


@pytest.mark.parametrize("day", ["2025-09-30", "2025-10-28"])
def test_before_a_campaign_is_measured_nobody_gets_a_coupon(shop, day):
    known = known_by(shop, day)
    scores = user_scores(user_features(known.order_lines, day), known, Parameters())
    assert scores["uplift"].isna().all()
    assert set(scores["action"]) == {"nothing"}
    assert set(scores["reason"]) == {"No coupon has been tested yet, so none is sent."}
    assert coupon_evidence(known, Parameters()) == {}


def test_lists_hold_ten_items_that_the_user_has_not_bought(shop):
    known = known_by(shop, AS_OF)
    recommender = fit_recommender(known, Parameters())
    users = known.order_lines["user_id"].unique()
    lists = top_lists(recommender, users)
    assert (
        lists.groupby("user_id")["position"].agg(list).map(lambda p: p == list(range(1, 11))).all()
    )
    assert lists["user_id"].nunique() == len(users)
    assert not lists.duplicated(["user_id", "item_id"]).any()
    assert lists.merge(known.order_lines, on=["user_id", "item_id"]).empty


def test_popular_items_are_those_with_most_buyers(shop):
    known = known_by(shop, AS_OF)
    popular = popular_items(fit_recommender(known, Parameters()))
    pairs = set(zip(known.order_lines["user_id"], known.order_lines["item_id"], strict=True))
    buyers = Counter(item for _, item in pairs)
    assert popular["score"].tolist() == sorted(buyers.values(), reverse=True)[:10]
    assert all(buyers[row.item_id] == row.score for row in popular.itertuples())
    assert popular["position"].tolist() == list(range(1, 11))


# ---------------------------------------------------------------- what is stored


def test_a_version_is_stored_with_all_that_it_was_made_of(database, shop):
    before = datetime.now(UTC)
    assert score(database, shop, EVENING) == (1, True, True, "")
    known = known_by(shop, EVENING)
    (row,) = read(database, "versions").to_dict("records")
    assert (row["version"], row["as_of"]) == (1, date(2025, 11, 30))
    assert before <= row["made_at"] <= datetime.now(UTC)
    assert row["data_hash"] == data_hash(known)
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?|unknown", row["git_commit"])
    assert Parameters(**row["parameters"]) == Parameters()
    buyers = known.order_lines["user_id"].nunique()
    counts = {"features": buyers, "scores": buyers, "popular": 10, "recommendations": 10 * buyers}
    assert row["row_counts"] == counts == {name: len(read(database, name)) for name in counts}
    assert row["measured"]["effect"]["low"] < row["measured"]["effect"]["high"]


def test_what_is_stored_is_what_was_computed(database, shop):
    score(database, shop, EVENING)
    known = known_by(shop, EVENING)
    features = user_features(known.order_lines, EVENING)
    stored = read(database, "features").set_index("user_id").drop(columns="version")
    pd.testing.assert_frame_equal(stored, features, check_dtype=False, check_index_type=False)
    lists = top_lists(fit_recommender(known, Parameters()), features.index)
    stored = read(database, "recommendations")[list(lists)]
    pd.testing.assert_frame_equal(stored, lists, check_dtype=False)
    users = read(database, "users").set_index("user_id")
    local = users["signed_up_at"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    signed_up = known.users.set_index("user_id")["signed_up_at"]
    pd.testing.assert_series_equal(local, signed_up[local.index], check_dtype=False)


def test_the_same_again_is_the_same_version(database, shop):
    score(database, shop, EVENING)
    before = {name: read(database, name) for name in tables.metadata.tables}
    assert score(database, shop, EVENING) == (1, False, False, "")
    for name, table in before.items():
        pd.testing.assert_frame_equal(read(database, name), table)


def test_other_data_day_parameters_or_code_make_another_version(database, shop, monkeypatch):
    assert score(database, shop, EVENING).version == 1
    assert score(database, shop, "2025-11-29").version == 2
    assert score(database, shop, EVENING, parameters=Parameters(damping=0.0)).version == 3
    fewer = replace(shop, order_lines=shop.order_lines.drop(index=shop.order_lines.index[3]))
    assert score(database, fewer, EVENING).version == 4
    assert score(database, shop, EVENING) == (1, False, False, "")
    monkeypatch.setattr(scoring, "git_commit", lambda: "another")
    assert score(database, shop, EVENING).version == 5


def test_without_git_a_container_names_the_commit(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scoring.git_commit() == "unknown"
    monkeypatch.setenv("SHOP_COMMIT", "c0ffee")
    assert scoring.git_commit() == "c0ffee"


def test_only_the_first_version_is_released_unasked(database, shop):
    score(database, shop, EVENING)
    assert score(database, shop, AS_OF) == (2, True, False, "")
    assert released(database).version == 1
    assert score(database, shop, AS_OF, release=True) == (2, False, True, "")
    assert score(database, shop, AS_OF, release=True) == (2, False, False, "")
    assert (released(database).version, released(database).reason) == (2, f"scored as of {AS_OF}")
    assert roll_back(database, "clicks fell").version == 1
    assert score(database, shop, AS_OF) == (2, False, False, "")


def test_the_shop_follows_its_newest_evening(database, shop):
    def price():
        return read(database, "items")["price"].iloc[0]

    her = shop.order_lines["user_id"].iloc[0]  # the later export has lost her
    users, lines = (t[t["user_id"] != her] for t in (shop.users, shop.order_lines))
    items = shop.items.assign(price=shop.items["price"] + 1)
    dearer = replace(shop, items=items, users=users, order_lines=lines)
    old, new = shop.items.sort_values("item_id")["price"].iloc[0] + np.array([0, 1])
    score(database, replace(shop, users=users, order_lines=lines), EVENING)
    assert price() == old
    score(database, dearer, AS_OF)
    assert price() == new
    score(database, shop, "2025-11-29")  # an earlier evening takes nothing back
    assert price() == new
    assert her in set(read(database, "scores")["user_id"])


def test_a_parts_file_that_is_there_is_used(database, shop, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "store", stop)
        with pytest.raises(RuntimeError, match="the power is gone"):
            score(database, shop, EVENING, folder=tmp_path / "work")
    assert len(list(tmp_path.glob("work/*/*.parquet"))) == 4
    monkeypatch.setattr(models, "user_scores", stop)
    monkeypatch.setattr(models, "fit_recommender", stop)
    assert score(database, shop, EVENING, folder=tmp_path / "work") == (1, True, True, "")
    assert not any((tmp_path / "work").iterdir())


def test_a_parts_file_that_is_damaged_is_deleted(database, shop, tmp_path, monkeypatch):
    def keep(_, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{ the disk failed")

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "keep", keep)
        with pytest.raises(ValueError, match="are damaged or were deleted"):
            score(database, shop, EVENING, folder=tmp_path / "work")
    assert not any((tmp_path / "work").iterdir())
    assert score(database, shop, EVENING, folder=tmp_path / "work").new
