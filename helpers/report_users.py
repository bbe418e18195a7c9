"""Sections of a report about customers: key figures, cohorts, RFM, value, groups, churn."""

import functools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import behavior, churn, plots, segments, value
from helpers.own_shop import OwnShop
from helpers.report_section import (
    PERIODS,
    Figure,
    Section,
    Skip,
    Table,
    complete,
    count,
    money,
    need,
    period_of,
    section,
)

SHOWN = 12  # periods, cohorts, or customers in a table
TOLD_BY = {"recency": "how recently", "frequency": "how often", "monetary": "for how much"}
CLEAR = 0.05  # by which a silhouette must beat that of shuffled data
DAY = pd.Timedelta(days=1)


# ---------------------------------------------------------------- key figures


@section("figures", "How is the shop doing?")
def key_figures(shop: OwnShop) -> Section:
    """Sum up orders, customers and revenue, and how they ran."""
    orders, users = shop.orders, shop.orders["user_id"].nunique()
    once = (orders.groupby("user_id").size() == 1).mean()
    span = f"{shop.first_day:%Y-%m-%d} to {shop.last_day:%Y-%m-%d}"
    brought = f" brought {money(shop, orders['value'].sum())}" if shop.has_money else ""
    title = f"{count(len(orders), 'order')} of {count(users, 'customer')}{brought}"
    reading = [f"From {span}, {count(shop.days, 'day')}."]
    caveats = []
    if shop.has_money:
        mean, middle = orders["value"].mean(), orders["value"].median()
        reading.append(
            f"An order is worth {money(shop, mean, 2)} on average; half of them are worth "
            f"{money(shop, middle, 2)} or less."
        )
        caveats.append("Revenue is what these rows add up to. Costs, tax and postage are unknown.")
    reading.append(f"{once:.0%} of the customers have ordered once so far.")
    if shop.has_money and users >= 20:
        spent = orders.groupby("user_id")["value"].sum().sort_values(ascending=False)
        best = spent.head(round(users / 10)).sum() / spent.sum()
        reading.append(f"The tenth of customers who spent most brought {best:.0%} of it.")
    period, table = _by_period(shop)
    whole = complete(shop, table)
    if len(whole) < 4:
        return Section(title, tuple(reading), tuple(caveats))
    reading += _change(shop, whole) if period == "M" else []
    caveats.append(
        f"Only whole {PERIODS[period]}s are shown: one that was observed in part looks like a bad "
        "one. Who had bought before the file begins counts as new."
    )
    tables = [Table(f"The last {PERIODS[period]}s", _figures_table(shop, whole))]
    return Section(title, tuple(reading), tuple(caveats), tuple(tables), (_course(shop, whole),))


def _by_period(shop: OwnShop) -> tuple[str, pd.DataFrame]:
    period = period_of(shop)
    lines = shop.order_lines if shop.has_money else shop.order_lines.assign(unit_price=1.0)
    return period, behavior.kpis(lines, period=period)


def _figures_table(shop: OwnShop, whole: pd.DataFrame) -> pd.DataFrame:
    last = whole.tail(SHOWN)
    columns = {
        "period": last.index.astype(str),
        "customers": last["buyers"].map("{:,.0f}".format),
        "of them bought before": last["repeat_rate"].map("{:.0%}".format, na_action="ignore"),
        "orders": last["orders"].map("{:,.0f}".format),
        "units per order": last["units_per_order"].map("{:.1f}".format, na_action="ignore"),
    }
    if shop.has_money:
        columns["per order"] = [money(shop, one, 2) for one in last["aov"].fillna(0)]
        columns["revenue"] = [money(shop, one) for one in last["revenue"]]
    return pd.DataFrame(columns).fillna("–").reset_index(drop=True)


def _change(shop: OwnShop, whole: pd.DataFrame) -> list[str]:
    """Say how the last twelve months compare with those before, and which factor moved them."""
    if len(whole) < 24 or not shop.has_money:
        return []
    names = {
        "buyers": "the number of customers a month",
        "orders_per_buyer": "orders per customer",
        "units_per_order": "units per order",
        "price_per_unit": "the price of a unit",
    }
    year = [whole.iloc[-24:-12], whole.iloc[-12:]]
    sums = [half[["buyers", "orders", "units", "revenue"]].sum() for half in year]
    before, after = (
        pd.Series(
            {
                "buyers": s["buyers"],
                "orders_per_buyer": s["orders"] / s["buyers"],
                "units_per_order": s["units"] / s["orders"],
                "price_per_unit": s["revenue"] / s["units"],
            }
        )
        for s in sums
    )
    change = sums[1]["revenue"] / sums[0]["revenue"] - 1
    parts = behavior.decompose_change(before, after)
    largest = parts.abs().idxmax()
    word = "more" if change >= 0 else "less"
    return [
        f"The last twelve whole months brought {abs(change):.0%} {word} than the twelve before. "
        f"Most of the difference, {money(shop, parts[largest])}, goes with {names[largest]}."
    ]


def _course(shop: OwnShop, whole: pd.DataFrame) -> Figure:
    what = "revenue" if shop.has_money else "orders"
    values = whole[what].tail(3 * SHOWN)
    best, last = values.idxmax(), values.index[-1]
    amount = functools.partial(money, shop) if shop.has_money else "{:,.0f}".format
    title = f"The best {PERIODS[whole.index.freqstr[0]]} was {best}"

    def draw() -> Axes:
        _, ax = plt.subplots()
        ax.plot(values.index.to_timestamp(), values, color=plots.CONTEXT, marker="o", markersize=4)
        ax.plot([best.to_timestamp()], [values[best]], "o", color=plots.ACCENT, markersize=9)
        unit = f"revenue ({shop.currency})" if shop.currency and shop.has_money else what
        ax.set(title=title, ylabel=unit)
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.figure.autofmt_xdate(rotation=30)
        return ax

    words = (
        f"{what} by {PERIODS[whole.index.freqstr[0]]}: the highest is {best} with "
        f"{amount(values[best])}, the lowest {values.idxmin()} with {amount(values.min())}, the "
        f"last whole one {last} with {amount(values.iloc[-1])}."
    )
    return Figure(draw, words)


# ---------------------------------------------------------------- cohorts


@section("cohorts", "Do new customers come back?")
def cohorts(shop: OwnShop) -> Section:
    """Follow customers by the period in which they first bought."""
    need(shop.orders["user_id"].nunique(), 20, "customers")
    period = period_of(shop)
    need(shop.days, {"D": 4, "W": 28, "M": 150, "Q": 2000}[period], "days of orders")
    counts = behavior.cohort_counts(shop.orders, period=period, until=shop.last_day)
    shares = _pooled(counts)
    if len(shares) < 2:
        raise Skip(f"no {PERIODS[period]} after a first order was observed to its end")
    word = PERIODS[period]
    later = min(6, len(shares) - 1)
    title = f"Of 100 new customers, {100 * shares[1]:.0f} order again in the {word} after the first"
    reading = [
        f"In the {word} after their first order {shares[1]:.1%} order again"
        + (f", and {later} {word}s after it {shares[later]:.1%}." if later > 1 else "."),
        f"Each row of the figure follows the customers who first ordered in one {word}. "
        f"Read along a row: how many of them order in each later {word}.",
    ]
    caveats = [
        "The first rows may hold old customers whose earlier orders are not in the file.",
        f"Blank cells have not been observed to the end of the {word}; they are not zero.",
    ]
    rates = counts.div(counts[0], axis=0)[counts[0] >= 5].tail(SHOWN)
    rates = rates.loc[:, 1 : min(SHOWN, rates.shape[1] - 1)].dropna(axis=1, how="all")
    rates = rates.dropna(how="all")
    if rates.empty:
        return Section(title, tuple(reading), tuple(caveats))
    rates.index = rates.index.astype(str)
    best = rates[1].idxmax()

    def draw() -> Axes:
        text = f"{word}s since the first order"
        message = f"{shares[1]:.0%} order again in the next {word}"
        return plots.heat_map(rates, message, rows=f"{word} of the first order", columns=text)

    words = (
        f"shares of customers who order again, by {word} of the first order. In the first {word} "
        f"after it they run from {rates[1].min():.0%} to {rates[1].max():.0%} ({best})."
    )
    cells = rates.map("{:.0%}".format, na_action="ignore").fillna("")
    cells.insert(
        0, "new", counts[0][counts[0] >= 5].tail(SHOWN).astype(int).to_numpy()[: len(cells)]
    )
    cells.columns = ["new customers", *(f"{word} {lag}" for lag in rates.columns)]
    table = Table(
        f"Share of customers who order again, by {word} of the first order",
        cells.rename_axis(f"first {word}").reset_index().astype(str),
        folded=True,
    )
    return Section(title, tuple(reading), tuple(caveats), (table,), (Figure(draw, words),))


def _pooled(counts: pd.DataFrame) -> pd.Series:
    """Return the share who order k periods later, all cohorts that were observed added up."""
    size = counts[0].to_numpy()[:, None] * counts.notna()
    return (counts.sum() / size.sum().where(size.sum() > 0)).dropna()


# ---------------------------------------------------------------- RFM

MEANING = {
    "New": "very recent, fewest orders: make the next one easy",
    "Promising": "recent, fewest orders: remind",
    "Potential loyal": "recent, some orders: keep them coming",
    "Loyal": "many orders, fairly recent: thank",
    "Champions": "most orders, most recent: early access, no discount",
    "About to sleep": "silent for a while, few orders: ask why",
    "Need attention": "silent for a while, some orders: ask why",
    "Hibernating": "silent for long, few orders: a reminder that costs nothing",
    "At risk": "were good customers, silent for long: win back",
    "Can't lose": "were among the best, silent for long: call",
    "Lost": "silent longest, few orders: leave alone",
}


@section("rfm", "Who are the customers, by what they did?")
def rfm(shop: OwnShop) -> Section:
    """Score customers by recency and frequency, and name the cells."""
    need(shop.orders["user_id"].nunique(), 20, "customers")
    table = value.rfm(shop.orders, value="value", observation_end=shop.last_day)
    by_segment = table.groupby("segment", observed=True)
    found = pd.DataFrame(
        {
            "users": by_segment.size(),
            "share": by_segment.size() / len(table),
            "revenue": by_segment["monetary"].sum() / table["monetary"].sum(),
            "recency": by_segment["recency"].median(),
            "frequency": by_segment["frequency"].median(),
        }
    ).sort_values("revenue", ascending=False)
    brought = "of the revenue" if shop.has_money else "of the orders"
    best = found.index[0]
    title = (
        f"“{best}”: {found['share'].iloc[0]:.0%} of the customers, "
        f"{found['revenue'].iloc[0]:.0%} {brought}"
    )
    gone = found.index.isin(["At risk", "Can't lose"])
    reading = [
        "Each customer is scored from 1 to 5 by how recently and how often they bought, against "
        "all others. The names are only names for pairs of scores.",
        f"{count(found['users'][gone].sum(), 'customer')} were good and have fallen silent; they "
        f"brought {found['revenue'][gone].sum():.0%} {brought}.",
    ]
    caveats = [
        "Scores compare customers with each other: there are always some at the bottom.",
        "They describe the past. Who is “at risk” is a question for the section on churn.",
    ]
    cells = pd.DataFrame(
        {
            "segment": found.index.astype(str),
            "customers": found["users"].map("{:,.0f}".format),
            "share": found["share"].map("{:.0%}".format),
            brought.removeprefix("of the "): found["revenue"].map("{:.0%}".format),
            "days since the last order": found["recency"].map("{:,.0f}".format),
            "days with an order": found["frequency"].map("{:,.0f}".format),
            "what it may mean": [MEANING[str(name)] for name in found.index],
        }
    )
    shares = found["revenue"].set_axis(found.index.astype(str)) * 100

    def draw() -> Axes:
        label = f"share {brought} (%)"
        return plots.bars(shares, title, label=label, accent=[str(best)], number="{:.0f}")

    words = f"“{best}” bring {shares.iloc[0]:.0f} % {brought}, the last, “{shares.index[-1]}”, "
    words += f"{shares.iloc[-1]:.0f} %."
    table = Table("Customers by recency and frequency; medians of days", cells)
    return Section(title, tuple(reading), tuple(caveats), (table,), (Figure(draw, words),))


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
