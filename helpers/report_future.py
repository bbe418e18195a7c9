"""Sections of a report about what is to come: value, groups to write to, who may fall silent."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import churn, plots, segments, value
from helpers.own_shop import OwnShop
from helpers.report_section import Figure, Section, Skip, Table, count, money, need, section

SHOWN = 12  # customers in a table
TOLD_BY = {"recency": "how recently", "frequency": "how often", "monetary": "for how much"}
CLEAR = 0.05  # by which a silhouette must beat that of shuffled data
DAY = pd.Timedelta(days=1)


# ---------------------------------------------------------------- value to come


@section("value", "What will today's customers still bring?")
def value_to_come(shop: OwnShop) -> Section:
    """Expect purchases and spending of each customer, and test the model on the last months."""
    weeks = shop.days / 7
    need(weeks, 26, "weeks of orders")
    need(shop.orders["user_id"].nunique(), 100, "customers")
    amount = "value" if shop.has_money else None
    summary = value.btyd_summary(shop.orders, value=amount, observation_end=shop.last_day)
    need((summary["frequency"] > 0).sum(), 30, "customers who bought on more than one day")
    try:
        model = value.BetaGeoModel().fit(summary)
    except ValueError:
        raise Skip(
            "the purchases do not tell how fast these customers leave, so that forecasts far apart "
            "would fit them equally well"
        ) from None
    tests, reading = _tested_value(shop, int(min(26, weeks // 3)))
    ahead = int(min(52, weeks))
    expected = pd.DataFrame({"purchases": model.expected_purchases(ahead, summary)})
    expected["alive"] = model.probability_alive(summary)
    caveats = [
        "It is about customers who have bought already. New ones come on top.",
        "The model knows no seasons, no campaigns and no competitors.",
    ]
    if expected["alive"].mean() > 0.97:
        caveats.append(
            "It takes nearly all customers to be still active, however long they have been silent. "
            "Its totals are rather too high than too low."
        )
    by = "purchases"
    if shop.has_money:
        by = "revenue"
        spending = value.GammaGammaModel().fit(summary)
        expected["revenue"] = expected["purchases"] * spending.expected_spend(summary)
        again = summary[summary["frequency"] > 0]
        together = again["frequency"].corr(again["monetary"], method="spearman")
        caveats.append(
            "It is revenue, not profit: multiply by your margin. The model takes how often and how "
            f"much to have nothing to do with each other; here their rank correlation is "
            f"{together:.2f}."
        )
    ranked = expected.sort_values(by, ascending=False)
    total = ranked[by].sum()
    best = ranked[by].head(round(len(ranked) / 10)).sum() / total
    sum_of = money(shop, total) if shop.has_money else count(total, "purchase")
    title = f"{sum_of} in the next {ahead} weeks, {best:.0%} of it from a tenth of the customers"
    reading.insert(
        0,
        f"If they go on as they did, today's {count(len(ranked), 'customer')} will bring {sum_of} "
        f"in the next {ahead} weeks, on {ranked['purchases'].sum():,.0f} days of purchase.",
    )
    top = ranked.head(SHOWN)
    cells = pd.DataFrame(
        {
            "customer": top.index.astype(str),
            "still active": top["alive"].map("{:.0%}".format),
            f"purchases in {ahead} weeks": top["purchases"].map("{:.1f}".format),
        }
    )
    if shop.has_money:
        cells[f"revenue in {ahead} weeks"] = [money(shop, one) for one in top["revenue"]]
    tenth = np.arange(len(ranked)) * 10 // len(ranked)
    parts = 100 * ranked[by].groupby(tenth).sum() / total
    parts.index = ["best tenth", "2nd", "3rd", *(f"{n}th" for n in range(4, 11))][: len(parts)]

    def draw() -> Axes:
        message = "A tenth of the customers carries the future" if best > 0.3 else "No few carry it"
        label = f"share of expected {by} (%)"
        return plots.bars(parts, message, label=label, accent=parts.index[:1], number="{:.0f}")

    words = f"the best tenth of customers is expected to bring {parts.iloc[0]:.0f} %, the next "
    words += f"{parts.iloc[1]:.0f} %, the last {parts.iloc[-1]:.0f} %."
    tables = *tests, Table("Customers of whom most is expected", cells)
    return Section(title, tuple(reading), tuple(caveats), tables, (Figure(draw, words),))


def _tested_value(shop: OwnShop, ahead: int) -> tuple[list[Table], list[str]]:
    """Predict the last weeks from those before, and compare with what happened."""
    cut = shop.last_day - ahead * 7 * DAY
    known = value.btyd_summary(shop.orders, observation_end=cut)
    try:
        model = value.BetaGeoModel().fit(known)
    except ValueError:
        return [], [
            f"It could not be tested: what was known {ahead} weeks ago does not tell who had left "
            "by then. Do not plan with these numbers alone."
        ]
    days = shop.orders[["user_id"]].assign(day=shop.orders["ordered_at"].dt.normalize())
    days = days[(days["day"] > cut) & days["user_id"].isin(known.index)].drop_duplicates()
    actual = days.groupby("user_id").size().reindex(known.index, fill_value=0)
    predicted = model.expected_purchases(ahead, known)
    naive = known["frequency"] / known["T"].clip(lower=1) * ahead
    guesses = {"the model": predicted, "each goes on as before": naive}
    rows = [("what happened", actual.sum(), "")]
    for name, guess in guesses.items():
        best = guess.sort_values(ascending=False, kind="stable").index[: round(len(guess) / 10)]
        share = actual[best].sum() / max(actual.sum(), 1)
        rows.append((name, guess.sum(), f"{share:.0%}"))
    off = predicted.sum() / max(actual.sum(), 1) - 1
    reading = [
        f"A test: told nothing of the last {ahead} weeks, the model expected "
        f"{predicted.sum():,.0f} purchases of the customers known then; there were "
        f"{actual.sum():,}, so it was {abs(off):.0%} too {'high' if off > 0 else 'low'}. "
        + (
            "That is near enough to plan with."
            if abs(off) < 0.15
            else "Take its totals with that much salt; its ranking may still help."
        )
    ]
    cells = pd.DataFrame(rows, columns=["forecast by", "purchases", "made by its best tenth"])
    cells["purchases"] = cells["purchases"].map("{:,.0f}".format)
    return [Table(f"The last {ahead} weeks, forecast from those before", cells)], reading


# ---------------------------------------------------------------- groups


@section("groups", "Which letters should marketing write?")
def groups(shop: OwnShop) -> Section:
    """Cut customers into four groups, ask whether they are more than a cut, and plan a test."""
    need(shop.orders["user_id"].nunique(), 200, "customers")
    ahead = 90 if shop.days >= 360 else 30
    need(shop.days, 90, "days of orders")
    then = shop.last_day - ahead * DAY
    users = value.rfm(shop.orders, value="value", observation_end=then)
    need(len(users), 200, f"customers {ahead} days before its end")
    known = segments.RFM if shop.has_money else segments.RFM[:2]
    features = [name for name in known if users[name].nunique() >= 4]
    need(len(features), 2, "things in which customers differ")
    model = segments.Segmentation(k=4, features=features).fit(users)
    found = model.assign(users)
    active = shop.orders["user_id"][shop.orders["ordered_at"] >= then + DAY].unique()
    bought = pd.Series(users.index.isin(active), users.index)
    plan = segments.action_plan(users, found, bought)
    profile = segments.profile(users, found, features)
    sample = users.sample(min(len(users), 2_000), random_state=0)
    test = segments.choose_k(sample, [4], model, nulls=9, resamples=1).iloc[0]
    real = test["silhouette"] > test["silhouette_null"] + CLEAR
    size = profile["users"]
    title = f"Four groups of {size.min():,} to {size.max():,} customers, " + (
        "which stand apart" if real else "cut from one cloud"
    )
    reading = [
        f"The groups are told apart by {' and '.join(TOLD_BY[name] for name in features)} "
        "customers bought. "
        + (
            "They stand out more than groups found in shuffled data do."
            if real
            else "Groups found in shuffled data, in which there are none, stand out hardly less. "
            "Take them as a handy way to cut the list of customers, not as kinds of people."
        ),
        f"The table says what each group might be sent, how many bought within {ahead} days "
        "anyway, and by how many points an action would have to move that share to be seen in a "
        "test of half against half.",
    ]
    caveats = [
        "None of the actions is known to help. Send them to half of a group, by lot, and compare.",
        f"Silhouette {test['silhouette']:.2f}; the best of nine shuffled tables reached "
        f"{test['silhouette_null']:.2f}.",
    ]
    cells = pd.DataFrame(
        {
            "group": plan.index.astype(str),
            "customers": plan["users"].map("{:,}".format),
            "days since the last order": profile["recency"].map("{:,.0f}".format),
            "days with an order": profile["frequency"].map("{:,.0f}".format),
            "what to try": plan["action"],
            f"bought within {ahead} days": plan["bought"].map("{:.0%}".format),
            "smallest effect to be seen (points)": (100 * plan["detectable"]).map("{:.1f}".format),
        }
    )
    table = Table(f"Groups as of {then:%Y-%m-%d}; medians of days", cells)
    return Section(title, tuple(reading), tuple(caveats), (table,))


# ---------------------------------------------------------------- churn

FEATURES = {
    "per_purchase": "spent per purchase",
    "spent_recent": "spent lately",
    "recency": "days since the last purchase",
    "frequency": "days with a purchase",
    "overdue": "silence ÷ usual pause",
    "recent": "recent purchases",
    "spent": "spent in all",
    "trend": "trend of purchases",
    "age": "days as a customer",
    "gap": "usual pause (days)",
}


@section("churn", "Who is about to fall silent?")
def churn_list(shop: OwnShop) -> Section:
    """Learn from the past who fell silent, test it later, and list whose risk has risen."""
    need(shop.orders["user_id"].nunique(), 200, "customers")
    need(shop.days, 150, "days of orders")
    ahead = 90 if shop.days >= 450 else 60 if shop.days >= 300 else 30
    orders, end = shop.orders, shop.last_day
    test_day, train_day = end - ahead * DAY, end - 2 * ahead * DAY
    options = {"window": ahead}
    for day in (train_day, test_day):
        silent = churn.churn_labels(orders, day, ahead, observation_end=end)
        if silent.all() or not silent.any():
            whom = "nobody" if silent.all() else "everybody"
            raise Skip(
                f"{whom} known by {day:%Y-%m-%d} bought again within {ahead} days, so there is "
                "nothing to tell apart"
            )
    split = churn.split_out_of_time(
        orders, train_day, test_day, ahead, observation_end=end, **options
    )
    known = list(split.train)
    if not shop.has_money:  # each order counts 1: what was "spent" says nothing more
        known = [name for name in known if "spent" not in name and name != "per_purchase"]
    train, test = split.train[known], split.test[known]
    names = ["recency alone", "logistic"]
    ready = churn.classifiers()
    scores = {
        name: ready[name].fit(train, split.y_train).predict_proba(test)[:, 1] for name in names
    }
    measured = churn.compare_models(split.y_test, scores)
    model = churn.classifiers()["logistic"]
    # Learned anew from the labels that are complete today, to be used today.
    model.fit(test, split.y_test)
    now, before = (
        churn.churn_features(orders, day, **options)[known] for day in (end, end - ahead // 3 * DAY)
    )
    risk = pd.Series(model.predict_proba(now)[:, 1], now.index)
    loyal = now[now["frequency"] >= 3]  # whose silence is news
    listed = churn.early_warning(model, loyal, before, n=SHOWN) if len(loyal) else loyal.head(0)
    auc, simple = measured["auc"]["logistic"], measured["auc"]["recency alone"]
    title = f"{risk.mean():.0%} of the customers will probably not buy within {ahead} days"
    reading = [
        f"Silent means: no purchase within {ahead} days. Of those who had bought by "
        f"{test_day:%Y-%m-%d}, {split.y_test.mean():.0%} were silent afterwards.",
        f"A test: learned on {train_day:%Y-%m-%d} and tried out {ahead} days later, the model told "
        f"silent from active customers with an AUC of {auc:.2f} (0.5 is a coin, 1 is perfect)"
        + (
            f"; the days since the last purchase alone reach {simple:.2f}."
            if auc > simple + 0.005
            else f". The days since the last purchase alone do as well ({simple:.2f}): sorting by "
            "them is all you need."
        ),
        f"It expected {scores['logistic'].mean():.0%} to fall silent, and "
        f"{split.y_test.mean():.0%} did.",
        f"The list names customers with three purchases or more whose risk has risen most in "
        f"{ahead // 3} days. The customers with the highest risk left long ago; that is no news.",
    ]
    caveats = [
        "A risk is no cause: who has been away for long is at risk, but a letter need not help.",
        "Try any offer on half of the list, by lot. Some customers leave because of letters.",
    ]
    if listed.empty:
        reading[-1] = "No risk of a customer with three purchases has risen, so there is no list."
        listed = listed.reindex(columns=["risk_before", "risk", "why"])
    cells = pd.DataFrame(
        {
            "customer": listed.index.astype(str),
            "risk before": listed["risk_before"].map("{:.0%}".format),
            "risk today": listed["risk"].map("{:.0%}".format),
            "what changed": listed["why"].map(_in_plain_words, na_action="ignore").fillna(""),
        }
    )
    listed_as = Table(f"Customers whose risk rose most within {ahead // 3} days", cells)
    tables = () if cells.empty else (listed_as,)
    calibration = churn.calibration_table(split.y_test, scores["logistic"], bins=8)
    figure = _calibration(calibration, ahead)
    return Section(title, tuple(reading), tuple(caveats), tables, (figure,))


def _in_plain_words(why: str) -> str:
    parts = []
    for part in why.split("; "):
        name, _, values = part.partition(" ")
        parts.append(f"{FEATURES.get(name, name)} {values}")
    return "; ".join(parts)


def _calibration(table: pd.DataFrame, ahead: int) -> Figure:
    off = (table["predicted"] - table["observed"]).abs().max()
    message = "Predicted risks are about right" if off < 0.1 else "Predicted risks are rough"

    def draw() -> Axes:
        _, ax = plt.subplots(figsize=(6, 5))
        ax.plot([0, 100], [0, 100], color=plots.CONTEXT, linewidth=1.5)
        ax.plot(100 * table["predicted"], 100 * table["observed"], "o", color=plots.ACCENT)
        ax.set(title=message, xlim=(0, 100), ylim=(0, 100))
        ax.set(xlabel="predicted risk (%)", ylabel=f"silent for {ahead} days (%)")
        return ax

    words = (
        f"customers in groups of similar predicted risk; on the diagonal a prediction comes true. "
        f"The groups run from {table['predicted'].min():.0%} to {table['predicted'].max():.0%}, "
        f"and the furthest is {100 * off:.0f} points off."
    )
    return Figure(draw, words)
