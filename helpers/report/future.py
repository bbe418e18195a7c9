"""Sections of a report about what is to come: value, groups to write to, who may fall silent."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import churn, plots, segments, value
from helpers.churn import labels
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.section import Figure, Section, Skip, Table, about, money, need, section

SHOWN = 12  # customers in a table
TOLD_BY = {"recency": "how recently", "frequency": "how often", "monetary": "for how much"}
CLEAR = 0.05  # by which a silhouette must beat that of shuffled data
STABLE = 0.8  # adjusted Rand index of groups that hardly change
DAY = pd.Timedelta(days=1)


# ---------------------------------------------------------------- value to come


@section("value", "What will today's customers still bring?")
def value_to_come(shop: OwnShop) -> Section:
    """Expect purchases and spending of each customer, and test the model on the last months."""
    weeks = shop.days / 7
    need(weeks, 26, "weeks of orders")
    need(shop.orders["user_id"].nunique(), 100, "customers")
    summary = value.btyd_summary(shop.orders, value=_amount(shop), observation_end=shop.last_day)
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
    rough = about(total)
    sum_of = money(shop, rough) if shop.has_money else pluralize(rough, "purchase")
    title = (
        f"About {sum_of} in the next {ahead} weeks, {best:.0%} of it from a tenth of the customers"
    )
    if not tests:
        title = f"Perhaps {sum_of} in the next {ahead} weeks: it could not be tested"
    reading.insert(
        0,
        f"If they go on as they did, today's {pluralize(len(ranked), 'customer')} will bring about "
        f"{sum_of} in the next {ahead} weeks, on {about(ranked['purchases'].sum()):,.0f} days of "
        "purchase.",
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
    tables = *tests, Table("Customers of whom most is expected", cells)
    return Section(title, tuple(reading), tuple(caveats), tables, (_tenths(ranked[by]),))


def _tenths(ranked: pd.Series) -> Figure:
    """Draw which share each tenth of the customers will bring, the best first."""
    tenth = np.arange(len(ranked)) * 10 // len(ranked)
    parts = 100 * ranked.groupby(tenth).sum() / ranked.sum()
    parts.index = ["best tenth", "2nd", "3rd", *(f"{n}th" for n in range(4, 11))][: len(parts)]
    few = parts.iloc[0] > 30

    def draw() -> Axes:
        message = (
            "A tenth of the customers carries the future"
            if few
            else "The future rests on many customers"
        )
        label = f"share of expected {ranked.name} (%)"
        return plots.bars(parts, message, label=label, accent=parts.index[:1], number="{:.0f}")

    words = f"the best tenth of customers is expected to bring {parts.iloc[0]:.0f} %, the next "
    words += f"{parts.iloc[1]:.0f} %, the last {parts.iloc[-1]:.0f} %."
    return Figure(draw, words)


def _tested_value(shop: OwnShop, ahead: int) -> tuple[list[Table], list[str]]:
    """Predict the last weeks from those before, and compare with what happened."""
    cut = shop.last_day - ahead * 7 * DAY
    known = value.btyd_summary(shop.orders, value=_amount(shop), observation_end=cut)
    try:
        model = value.BetaGeoModel().fit(known)
    except ValueError:
        return [], [
            f"It could not be tested: what was known {ahead} weeks ago does not tell who had left "
            "by then. Do not plan with these numbers alone."
        ]
    later = shop.orders.assign(day=shop.orders["ordered_at"].dt.normalize())
    later = later[(later["day"] > cut) & later["user_id"].isin(known.index)]
    days = later.drop_duplicates(["user_id", "day"]).groupby("user_id").size()
    happened = pd.DataFrame({"purchases": days.reindex(known.index, fill_value=0)})
    predicted = pd.DataFrame({"purchases": model.expected_purchases(ahead, known)})
    naive = pd.DataFrame({"purchases": known["frequency"] / known["T"].clip(lower=1) * ahead})
    if shop.has_money:
        each = value.GammaGammaModel().fit(known).expected_spend(known)
        predicted["revenue"] = predicted["purchases"] * each
        naive["revenue"] = naive["purchases"] * known["monetary"]
        spent = later.groupby("user_id")["value"].sum()
        happened["revenue"] = spent.reindex(known.index, fill_value=0.0)
    by = happened.columns[-1]
    off = predicted[by].sum() / max(happened[by].sum(), 1) - 1
    said, came = (
        money(shop, about(table[by].sum()))
        if shop.has_money
        else pluralize(table[by].sum(), "purchase")
        for table in (predicted, happened)
    )
    reading = [
        f"A test: told nothing of the last {ahead} weeks, the model expected {said} of the "
        f"customers known then; there came {came}, so it was {abs(off):.0%} too "
        f"{'high' if off > 0 else 'low'}. "
        + (
            "That is near enough to plan with."
            if abs(off) < 0.15
            else "Take its totals with that much salt; its ranking may still help."
        )
    ]
    guesses = {"what happened": happened, "the model": predicted, "each goes on as before": naive}
    cells = pd.DataFrame({"forecast by": list(guesses)})
    cells["purchases"] = [f"{guess['purchases'].sum():,.0f}" for guess in guesses.values()]
    if shop.has_money:
        cells["revenue"] = [money(shop, guess["revenue"].sum()) for guess in guesses.values()]
    best = [
        happened[by][guess[by].nlargest(round(len(guess) / 10)).index].sum()
        for guess in (predicted, naive)
    ]
    cells["share of its best tenth"] = [
        "",
        *(f"{x / max(happened[by].sum(), 1):.0%}" for x in best),
    ]
    return [Table(f"The last {ahead} weeks, forecast from those before", cells)], reading


def _amount(shop: OwnShop) -> str | None:
    return "value" if shop.has_money else None


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
    test = segments.choose_k(sample, [4], model, nulls=9).iloc[0]
    real = test["silhouette"] > test["silhouette_null"] + CLEAR
    size = profile["users"]
    title = f"Four groups of {size.min():,} to {size.max():,} customers: " + (
        "they stand apart" if real else "a handy cut, not kinds of people"
    )
    reading = [
        f"The groups are told apart by {' and '.join(TOLD_BY[name] for name in features)} "
        "customers bought. "
        + (
            "They stand out more than groups found in shuffled data do."
            if real
            else "Groups found in shuffled data, in which there are none, stand out hardly less. "
            "Take them as a handy way to cut the list of customers, not as kinds of people. That "
            "there are four is a choice: so many letters can be written."
        ),
        f"The table says what each group might be sent, how many bought within {ahead} days "
        "anyway, and by how many points an action would have to move that share to be seen in a "
        "test of half against half.",
    ]
    caveats = [
        "None of the actions is known to help. Send them to half of a group, by lot, and compare.",
        f"How far the groups stand apart (silhouette, at most 1): {test['silhouette']:.2f}; the "
        f"best of nine shuffled tables reached {test['silhouette_null']:.2f}.",
        f"Cut anew from customers drawn by lot, the groups agree with these by "
        f"{test['stability']:.2f} (1 is the same, 0 is chance)"
        + ("." if test["stability"] > STABLE else ": customers near a border change sides."),
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

WORTH = 0.005  # of AUC; less is no reason to know more
VISITS = ("sessions", "views", "favorites", "carts", "unseen")
REASONS = {  # what changed for a customer, in words: now, and then
    "overdue": ("silent for {} times the usual pause", 1),
    "recency": ("last bought {} days ago", 0),
    "recent": ("bought on {} days lately", 0),
    "trend": ("purchases against the time before: {}", 0),
    "frequency": ("bought on {} days in all", 0),
    "gap": ("usual pause {} days", 0),
    "spent": ("spent {} in all", 0),
    "spent_recent": ("spent {} lately", 0),
    "per_purchase": ("spends {} a time", 0),
    "sessions": ("{} visits lately", 0),
    "views": ("looked at {} items lately", 0),
    "favorites": ("{} favorites lately", 0),
    "carts": ("{} items put into the cart lately", 0),
    "unseen": ("last visit {} days ago", 0),
    "age": ("customer for {} days", 0),
}


@section("churn", "Who is about to fall silent?")
def churn_list(shop: OwnShop) -> Section:
    """Learn from the past who fell silent, test it later, and list whose risk has risen."""
    need(shop.orders["user_id"].nunique(), 200, "customers")
    need(shop.days, 150, "days of orders")
    ahead = 90 if shop.days >= 450 else 60 if shop.days >= 300 else 30
    end = shop.last_day
    test_day, train_day = end - ahead * DAY, end - 2 * ahead * DAY
    options = {"window": ahead, "events": _seen_long_enough(shop, train_day, ahead)}
    for day in (train_day, test_day):
        silent = churn.churn_labels(shop.orders, day, ahead, observation_end=end)
        if silent.all() or not silent.any():
            whom = "nobody" if silent.all() else "everybody"
            raise Skip(
                f"{whom} known by {day:%Y-%m-%d} bought again within {ahead} days, so there is "
                "nothing to tell apart"
            )
    split = churn.split_out_of_time(
        shop.orders, train_day, test_day, ahead, observation_end=end, **options
    )
    known = _known(split.train, shop)
    scores, areas, best = _tested_churn(split, known)
    columns = known[best]
    # Learned anew from the labels that are complete today, to be used today.
    model = churn.classifiers()["logistic"].fit(split.test[columns], split.y_test)
    now, before = (
        churn.churn_features(shop.orders, day, **options)[columns]
        for day in (end, end - ahead // 3 * DAY)
    )
    risk = model.predict_proba(now)[:, 1].mean()
    loyal = now[now["frequency"] >= 3]  # whose silence is news
    listed = churn.early_warning(model, loyal, before, n=SHOWN) if len(loyal) else loyal.head(0)
    title = f"{risk:.0%} of the customers will probably not buy within {ahead} days"
    silent = split.y_test.mean()
    reading = [
        f"Silent means: no purchase within {ahead} days. Of those who had bought by "
        f"{test_day:%Y-%m-%d}, {silent:.0%} were silent afterwards.",
        *_how_good(areas, best, train_day, ahead),
        f"It expected {scores[best].mean():.0%} to fall silent, and {silent:.0%} did.",
        f"The list names customers with three purchases or more whose risk has risen most in "
        f"{ahead // 3} days. The customers with the highest risk left long ago; that is no news."
        if len(listed)
        else "No risk of a customer with three purchases has risen, so there is no list.",
    ]
    caveats = [
        "A risk is no cause: who has been away for long is at risk, but a letter need not help.",
        "Try any offer on half of the list, by lot. Some customers leave because of letters.",
    ]
    if any(row.rule.startswith("net_") for row in shop.ledger):
        caveats.append("What came back later counts as if it had never been bought.")
    tables = (_warnings(listed, ahead),) if len(listed) else ()
    calibration = churn.calibration_table(split.y_test, scores[best], bins=8)
    return Section(
        title, tuple(reading), tuple(caveats), tables, (_calibration(calibration, ahead),)
    )


def _tested_churn(
    split: labels.Split, known: dict[str, list[str]]
) -> tuple[dict[str, np.ndarray], pd.Series, str]:
    """Score the later customers by what was learned earlier: risks, AUC of each, the best name."""
    ready = {"recency alone": churn.classifiers()["recency alone"]}
    ready |= {name: churn.classifiers()["logistic"] for name in known}
    scores = {}
    for name, model in ready.items():
        columns = known.get(name, known["orders"])
        model.fit(split.train[columns], split.y_train)
        scores[name] = model.predict_proba(split.test[columns])[:, 1]
    areas = churn.compare_models(split.y_test, scores)["auc"]
    worth = areas.get("orders and visits", 0) > areas["orders"] + WORTH
    return scores, areas, "orders and visits" if worth else "orders"


def _how_good(areas: pd.Series, best: str, train_day: pd.Timestamp, ahead: int) -> list[str]:
    """Say what AUC means: in how many pairs the one who fell silent has the higher risk."""
    auc, simple = areas["orders"], areas["recency alone"]
    said = [
        f"A test: it learned on {train_day:%Y-%m-%d} and was tried out {ahead} days later. Of two "
        "customers, one who fell silent and one who bought, it gave the silent one the higher "
        f"risk in {auc:.0%} of all pairs; a coin does in 50%. "
        + (
            f"The days since the last purchase alone do in {simple:.0%}."
            if auc > simple + WORTH
            else f"The days since the last purchase alone do as well ({simple:.0%}): sorting by "
            "them is all you need."
        )
    ]
    if "orders and visits" in areas:
        said.append(
            "Told also what customers looked at and put into their carts, it is right in "
            f"{areas['orders and visits']:.0%} of the pairs"
            + (", so it goes by orders alone." if best == "orders" else ", so it is told.")
        )
    return said


def _warnings(listed: pd.DataFrame, ahead: int) -> Table:
    cells = pd.DataFrame(
        {
            "customer": listed.index.astype(str),
            "risk before": listed["risk_before"].map("{:.0%}".format),
            "risk today": listed["risk"].map("{:.0%}".format),
            "what changed": listed["why"].map(_in_plain_words, na_action="ignore").fillna(""),
        }
    )
    return Table(f"Customers whose risk rose most within {ahead // 3} days", cells)


def _known(features: pd.DataFrame, shop: OwnShop) -> dict[str, list[str]]:
    """Return what a model may be told: columns of orders, and of visits if there are any."""
    visits = [name for name in features if name in VISITS]
    told = [name for name in features if name not in VISITS]
    if not shop.has_money:  # each order counts 1: what was "spent" says nothing more
        told = [name for name in told if "spent" not in name and name != "per_purchase"]
    return {"orders": told} | ({"orders and visits": told + visits} if visits else {})


def _seen_long_enough(shop: OwnShop, day: pd.Timestamp, window: int) -> pd.DataFrame | None:
    """Return the events, if they begin early enough to be counted in the window up to a day."""
    if shop.events is None:
        return None
    first = shop.events["occurred_at"].min().normalize()
    return shop.events if first <= day - (window - 1) * DAY else None


def _in_plain_words(why: str) -> str:
    """Say what changed; that a customer grew older only where nothing else did.

    Examples
    --------
    >>> _in_plain_words("overdue 0.571 → 9.14; age 9 → 39; recency 2 → 32")
    'silent for 9.1 times the usual pause (before: 0.6), last bought 32 days ago (before: 2)'
    """
    said = {}
    for part in why.split("; "):
        name, old, _, new = part.split()
        text, digits = REASONS[name]
        old, new = (
            one if one == "unknown" else f"{float(one.replace(',', '')):,.{digits}f}"
            for one in (old, new)
        )
        said[name] = f"{text.format(new)} (before: {old})"
    return ", ".join([text for name, text in said.items() if name != "age"] or said.values())


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
