"""Exercises of lesson 13: weekly demand, orders, a slide; errors, lead time, TSB, stockouts."""

import numpy as np
import pandas as pd
from scipy import stats

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "Demand forecasting"


# Three weeks from Monday, December 30, 2024 on. The second sold nothing. The day before the first
# week and the Monday after the last one do not count.
THREE_WEEKS = by_row("""
    ordered_at quantity
    2025-01-03T12:00 1; 2024-12-29T23:59 4; 2025-01-20T00:00 5; 2024-12-30T00:00 2
    2025-01-19T23:30 3
""")
# Eleven weeks from December 23 on, without a sale in the first of them.
ELEVEN_WEEKS = by_row("""
    ordered_at quantity
    2024-12-22T10:00 3; 2024-12-30T00:00 1; 2025-01-20T10:00 6; 2025-02-14T18:00 2
    2025-02-15T18:00 1; 2025-03-03T00:30 2; 2025-03-09T12:00 1; 2025-03-10T00:00 7
""")
# Three weeks from January 6 on; the lines cover the last of them only up to its Tuesday.
UP_TO_A_TUESDAY = by_row("""
    ordered_at quantity
    2025-01-14T09:00 1; 2025-01-03T15:00 4; 2025-01-21T11:00 5; 2025-01-08T10:00 3
""")
# Five weeks from March 3, 2025 on. The last sold 6 units on its Sunday.
FIVE_WEEKS = by_row("""
    ordered_at quantity
    2025-03-02T20:00 8; 2025-03-12T09:00 1; 2025-03-13T09:00 2; 2025-04-02T15:00 2
    2025-04-06T22:00 6; 2025-04-07T00:00 4
""")


def mean_weekly_demand(lines, first, last):
    """Divide the units sold in these weeks by the number of weeks, with a sale or without."""
    end = last + pd.Timedelta(days=7)
    inside = lines[(lines["ordered_at"] >= first) & (lines["ordered_at"] < end)]
    return inside["quantity"].sum() / ((end - first).days / 7)


def _mondays(first, last):
    return pd.date_range(first, last, freq="W-MON")


def _complete_weeks(lines, first, last):
    """Sum the units of each week that the lines cover to its end, as `forecast.weekly_demand`."""
    day = lines["ordered_at"].dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    complete = _mondays(day.min(), day.max() - pd.Timedelta(days=6))
    return lines["quantity"].groupby(monday).sum().reindex(complete, fill_value=0)[first:last]


MEAN_WEEKLY_DEMAND = Exercise(
    id="13-1",
    hints=(
        "How many weeks are there from the first to the last, and what was sold in the weeks "
        "without a line?",
        "The last week ends just before the Monday after `last`. Weeks without a line have a "
        "demand of zero and count in the denominator.",
        "Units with first ≤ ordered_at < last + pd.Timedelta(days=7), divided by the number of "
        "weeks between these two dates.",
    ),
    solution=mean_weekly_demand,
    check=on_cases(
        Case(
            *(THREE_WEEKS, pd.Timestamp("2024-12-30"), pd.Timestamp("2025-01-13")),
            right=(2 + 1 + 0 + 3) / 3,
        ),
        Case(
            *(ELEVEN_WEEKS, pd.Timestamp("2024-12-23"), pd.Timestamp("2025-03-03")),
            right=(1 + 6 + 2 + 1 + 2 + 1) / 11,
        ),
        Case(
            *(UP_TO_A_TUESDAY, pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-20")),
            right=(3 + 1 + 5) / 3,
        ),
        held_back=[
            Case(
                *(FIVE_WEEKS, pd.Timestamp("2025-03-03"), pd.Timestamp("2025-03-31")),
                right=(1 + 2 + 2 + 6) / 5,
            )
        ],
    ),
    mistakes="""
    ((end - first).days / 7) => ((inside["ordered_at"] - first).dt.days // 7).nunique()
        This is the mean over the weeks with a sale. A week without one had a demand of zero, and it
        counts.
    ((end - first).days / 7) => (np.ptp((inside["ordered_at"] - first).dt.days // 7) + 1)
        You counted the weeks from the first sale to the last. The weeks before and after them, from
        `first` to `last`, had a demand of zero.
    inside["quantity"].sum() => len(inside)
        This counts lines. A line can hold several units: sum `quantity`.
    inside = … => inside = lines
        Your sum holds lines of other weeks. Keep those from `first` to the end of the week that
        begins with `last`.
    lines["ordered_at"] < end => lines["ordered_at"] <= last
        The last week is cut off: `last` is the Monday on which it begins.
    lines["ordered_at"] < end => lines["ordered_at"] <= last + pd.Timedelta(days=6)
        The last Sunday is cut off: six days after the Monday `last`, it only begins.
    lines["ordered_at"] < end => lines["ordered_at"] <= last
    end - first => last - first
        Your units and your number of weeks both leave out the last week. `last` is the Monday on
        which it begins.
    end - first => last - first
        You divided by one week too few. From the first Monday to the last, both count.
    < end => <= end
        An order at midnight on the Monday after the last week is counted: < instead of ≤.
    >= first => > first
        An order at midnight on the first Monday is left out: ≥ instead of >.
    => weeks = lines.set_index("ordered_at")["quantity"].resample("W-MON").sum()
    return … => return weeks.reindex(pd.date_range(first, last, freq="W-MON"), fill_value=0).mean()
        Your weeks end on Monday: that is what `W-MON` means. Weeks that begin on it are `W-SUN`, or
        have closed='left' and label='left' in `resample`.
    return … => return inside.set_index("ordered_at")["quantity"].resample("W-MON").sum().mean()
        Your weeks end on Monday: that is what `W-MON` means. Weeks that begin on it are `W-SUN`, or
        have closed='left' and label='left' in `resample`.
    ((end - first).days / 7) => (end - first).days
        This is the mean per day. The question asks for the mean per week.
    / ((end - first).days / 7) =>
        These are the units of all weeks together, not divided by the number of weeks.
    .sum() / ((end - first).days / 7) => .mean()
        This is the mean per line. Divide the units by the number of weeks.
    => weeks = _complete_weeks(lines, first, last)
    return … => return weeks.reindex(_mondays(first, last), fill_value=0).mean()
        A first or last week that the lines cover only in part is missing, because `weekly_demand`
        leaves it out. Here `first` and `last` say which weeks count.
    => return _complete_weeks(lines, first, last).mean()
        A first or last week that the lines cover only in part is missing, because `weekly_demand`
        leaves it out. Here `first` and `last` say which weeks count.
    """,
    takeaway="A week without a sale is a week with a demand of zero: it counts.",
)

TEN = np.array([3, 0, 5, 2, 2, 7, 1, 4, 3, 12])


def best_stock(demand, cost_under, cost_over):
    """Take the smallest stock that was enough in a large enough share of the weeks."""
    share = cost_under / (cost_under + cost_over)
    return np.quantile(demand, share, method="inverted_cdf")


BEST_STOCK = Exercise(
    id="13-4",
    hints=(
        "In which share of the weeks should the stock be enough? The more a lost sale costs, the "
        "larger this share.",
        "In a share cost_under / (cost_under + cost_over), the critical ratio. Sort the weeks.",
        "`np.quantile(demand, share, method='inverted_cdf')` is the smallest demand that this "
        "share of the weeks did not exceed.",
    ),
    solution=best_stock,
    check=on_cases(
        ArrayCase([4, 1, 9, 2], 3, 1, right=4),  # enough in three of four weeks
        Case(TEN, 9, 2, right=7),  # in 9 of 10 weeks; 5 in 8, less than 9/11
        Case(TEN, 3, 7.5, right=2),  # in 4 of 10 weeks; 1 in 2, less than 2/7
        ArrayCase([0, 5, 0, 0, 6, 0], 1, 1, right=0),  # in four of six weeks
        ArrayCase([1, 1, 9, 1], 3, 1, right=1),  # in three of four weeks
        held_back=[ArrayCase([11, 1, 21, 2, 12, 4, 0], 3, 2, right=11)],  # in 5 of 7 weeks
    ),
    mistakes="""
    return … => return demand.mean()
        You stocked mean demand, which does not depend on the costs.
    share = … => share = 0.5
        You stocked the median, which is right only if both costs are equal.
    cost_under / => cost_over /
        The costs are swapped. The more a lost sale costs, the larger the stock.
    , method="inverted_cdf" =>
        This is a quantile between two of the weeks. The question asks for one of them:
        method='inverted_cdf'.
    cost_under / => cost_over /
    , method="inverted_cdf" =>
        The costs are swapped, and between two of the weeks lies your stock. The share is cost_under
        / (cost_under + cost_over); method='inverted_cdf' gives one of the weeks.
    return … => return np.percentile(demand, share)
        `np.percentile` wants percent, from 0 to 100. `np.quantile` takes a share.
    return … => return share
        This is a share of the weeks, not yet a stock. Which demand did this share of the weeks not
        exceed?
    => short = demand - demand[:, None]
    return … => return (cost_under * short.clip(0) + cost_over * (-short).clip(0)).sum(axis=1).min()
        This is the lowest cost, in money. The question asks for the stock that has it.
    return … => return demand[int(np.ceil(len(demand) * share)) - 1]
        Your weeks are not sorted. Sort them before you take one by its place.
    return … => return next(x for x in demand if (demand <= x).mean() >= share)
        You took the first of the weeks that is enough, in the order of time. For the smallest, go
        through `sorted(demand)`.
    return … => return min(x for x in demand if (demand < x).mean() >= share)
        You counted weeks with a demand below the stock. It is also enough for a demand equal to it:
        ≤, not <.
    np.quantile(demand, => np.quantile(demand[demand > 0],
        You left out the weeks without demand. Any stock is enough in them, so they count.
    np.quantile(demand, => np.quantile(np.unique(demand),
        You counted each value once. The share is one of weeks, and several of them may have the
        same demand.
    return … => return np.sort(demand)[int(len(demand) * share) - 1]
        This stock is enough too seldom. In the sorted weeks, round the place up, not down.
    inverted_cdf => lower
        You took the next lower week, or the nearest. It can be enough too seldom:
        method='inverted_cdf' gives the smallest that is enough often enough.
    return … => return demand.max()
        This stock would always have been enough. But what is left over costs money, too.
    return … => return np.sort(demand)[int(len(demand) * share)]
        This stock is enough more often than it has to be: a smaller one reaches the share exactly,
        and that is enough (≥, not >).
    return … => return np.ceil(np.quantile(demand, share))
        You rounded up a quantile between two weeks. Take the smallest of the weeks that is enough:
        method='inverted_cdf'.
    return … => return np.round(np.quantile(demand, share))
        You rounded to the nearest unit a quantile between two weeks. Take the smallest of the weeks
        that is enough: method='inverted_cdf'.
    return … => return stats.norm(demand.mean(), demand.std()).ppf(share)
        You assumed a normal distribution with the mean and standard deviation of the weeks. Use the
        weeks themselves.
    return … => return stats.poisson(demand.mean()).ppf(share)
        You assumed a Poisson distribution with the mean of the weeks. Use the weeks themselves;
        they vary more than it allows.
    share = … => share = min(cost_under, cost_over) / max(cost_under, cost_over)
        You divided one cost by the other. The share is cost_under / (cost_under + cost_over).
    """,
    takeaway="Order the quantile at cost_under / (cost_under + cost_over), not the mean.",
)

ON_THE_SLIDE = quiz(
    id="13-8",
    options="""
    a) Our new model has a lower WAPE than the true expectation of each week.
        A WAPE below the noise floor is a sign of leakage: the model has seen what it was to
        forecast.
    b) The best forecast for rare items is zero, so we need not stock them.
        If most weeks sell nothing, zero has the lowest WAPE. But what to stock depends on the
        quantile that belongs to the two costs.
    c) From six origins, with past data only, our model's WAPE was lower than that of the seasonal
    naive forecast.
    d) One year of data shows the season: sales rise toward December.
        In one year, a growing shop and a shop with a season look alike. A season has to be seen at
        least twice.
    e) The shop's WAPE is a tenth, so a tenth more of everything is a safe stock.
        The smaller the series, the noisier it is: forecasts of a category are off by far more than
        those of the shop. And a safe stock depends on two costs, not on an error.
    """,
    hints=(
        "Which sentence says how the forecast was tested?",
        "A forecast that knows only the past cannot be clearly better than the expectation itself.",
        "One sentence hides leakage, one asks WAPE for a stock, one mistakes a trend for a season, "
        "and one takes a small series for a large one.",
    ),
    takeaway="A forecast is as good as its test: many origins, only past data, a naive forecast to "
    "beat.",
)

YEARS = np.array([3.0, 8, 1, 5, 9, 2, 4, 12, 1, 7])


def scaled_error(actual, forecasts, history, season):
    """Divide by the mean absolute error of the naive forecast in the known weeks."""
    naive = np.abs(history[season:] - history[:-season]).mean()
    return np.abs(actual - forecasts).mean() / naive


SCALED_ERROR = Exercise(
    id="13-2",
    hints=(
        "What was the mean absolute error of the seasonal naive forecast in the known weeks?",
        "Compare history[season:] with the weeks a season earlier, history[:-season].",
        "mean |y − ŷ| / mean |y_t − y_{t−m}|, the second mean over the history.",
    ),
    solution=scaled_error,
    check=on_cases(
        # The history moves by |6 − 2|, |3 − 4|, |5 − 6|.
        ArrayCase(
            *([5.0, 3], [4.0, 6], [2.0, 4, 6, 3, 5], 2), right=((1 + 3) / 2) / ((4 + 1 + 1) / 3)
        ),
        Case(
            *(np.array([6.0, 2, 9]), np.array([7.0, 5, 5]), YEARS, 3),
            right=((1 + 3 + 4) / 3) / ((2 + 1 + 1 + 1 + 3 + 1 + 3) / 7),
        ),
        held_back=[
            Case(
                *(np.array([4.0, 10, 3, 8]), np.array([6.0, 9, 8, 5]), YEARS[::-1], 4),
                right=((2 + 1 + 5 + 3) / 4) / ((5 + 8 + 7 + 3 + 6 + 6) / 6),
            )
        ],
    ),
    mistakes="""
    history[season:] - history[:-season] => np.diff(history)
        You scaled by steps from week to week. The seasonal naive forecast looks back a whole
        season.
    history[season:] - history[:-season] => actual - history[-1]
        The scale comes from the weeks that were forecast. Take it from the history, which was
        known.
    history[season:] - history[:-season] => actual - np.resize(history[-season:], len(actual))
        Your scale compares the last season of the history with the outcomes. Take it from the
        history alone, which was known.
    history[season:] - history[:-season] => np.diff(actual)
        You scaled by steps of the outcomes. The scale comes from the history, and looks back a
        whole season.
    history[season:] - history[:-season] => np.diff(history, n=season)
        `np.diff` with n=season takes differences of differences. Subtract the week a season
        earlier: history[season:] - history[:-season].
    history[season:] - history[:-season] => (history[season:] - history[:-season])[-season:]
        You scaled by the steps of the last season alone. Take all of the history.
    history[:-season]).mean() => history[:-season]).sum() / len(history)
        You divided the steps by the length of the history, as happens with `fillna(0)`. Its first
        weeks have no week a season earlier: divide by the number of steps.
    forecasts).mean() => forecasts).sum()
        You took the sum of the errors. MASE divides one mean by another.
    history[:-season]).mean() => history[:-season]).sum()
    forecasts).mean() => forecasts).sum()
        You divided two sums, of different numbers of weeks. Divide the means.
    naive = … => naive = np.median(np.abs(history[season:] - history[:-season]))
    return … => return np.median(np.abs(actual - forecasts)) / naive
        You took medians. MASE divides one mean by another.
    / naive =>
        This is the mean absolute error in units, not yet scaled by that of the naive forecast.
    naive = … => naive = history.mean()
        You divided by the mean of the history. Divide by its steps from season to season.
    return … => return (np.abs(actual - forecasts) / actual).mean()
        This is the MAPE, which divides by each outcome. MASE divides by one scale.
    naive = … => naive = ((history[season:] - history[:-season]) ** 2).mean()
    return … => return np.sqrt(((actual - forecasts) ** 2).mean() / naive)
        You squared the errors. MASE takes their absolute values.
    np.abs(actual - forecasts) => ((actual - forecasts) ** 2)
        You squared, and only the errors are squared. MASE takes absolute values in both parts of
        the fraction.
    np.abs(actual - forecasts) => (forecasts - actual)
        Errors up and down cancel, as in the bias. Take absolute values first.
    np.abs(actual - forecasts) => (actual - forecasts)
        Errors up and down cancel, as in the bias. Take absolute values first.
    naive = … => naive = (history[season:] - history[:-season]).mean()
        In your scale, steps up and down cancel. Take their absolute values, too.
    history[season:] - history[:-season] => history - np.roll(history, season)
        `np.roll` wraps around: it compares the first weeks with the last. They have no week a
        season earlier, so leave them out.
    return … => return naive / np.abs(actual - forecasts).mean()
        The fraction is upside down. Divide your error by that of the naive forecast.
    return … => return np.abs(actual - forecasts).sum() / actual.sum()
        This is the WAPE: errors per unit sold. MASE divides by steps of the history.
    """,
    takeaway="A scale from the known weeks makes errors of large and small series comparable.",
    further=True,
)

LONGER = np.array([7.0, 0, 2, 12, 5]), np.array([3.0, 2, 2, 8, 9])


def pinball_loss(actual, forecasts, q):
    """Weight what is above the forecast by q, what is below it by 1 − q, and take the mean."""
    error = actual - forecasts
    return np.maximum(q * error, (q - 1) * error).mean()


PINBALL_LOSS = Exercise(
    id="13-3",
    hints=(
        "Which side of the forecast is more expensive if q is 0.9: demand above it or below it?",
        "A unit above the forecast costs q, a unit below it costs 1 − q. Both costs are positive.",
        "mean of q · max(y − ŷ, 0) + (1 − q) · max(ŷ − y, 0); `np.maximum` works on arrays.",
    ),
    solution=pinball_loss,
    check=on_cases(
        ArrayCase([5.0, 3, 8], [4.0, 6, 8], 0.9, right=(0.9 * 1 + 0.1 * 3 + 0) / 3),
        Case(*LONGER, 0.25, right=(0.25 * (4 + 4) + 0.75 * (2 + 4)) / 5),
        held_back=[
            ArrayCase([1.0, 9, 4, 6], [3.0, 5, 4, 11], 0.7, right=(0.7 * 4 + 0.3 * (2 + 5)) / 4)
        ],
    ),
    mistakes="""
    => q = 1 - q
        The weights are swapped. Demand above the forecast costs q: a high quantile should seldom be
        exceeded.
    return … => return np.abs(error).mean()
        This is the mean absolute error, which treats both sides alike. Weight them by q and 1 − q.
    return … => return (q * np.abs(error)).mean()
        In your loss both sides cost q. A unit below the forecast costs 1 − q.
    (q - 1) * error => 0
        You count only the units above the forecast. Those below it cost 1 − q each.
    q * error, => 0,
        You count only the units below the forecast. Those above it cost q each.
    return … => return (q * error).mean()
        Errors above and below cancel. Both sides are losses, with different weights.
    return … => return np.where(error > 0, q * error, (1 - q) * error).mean()
        Units below the forecast get a negative loss. They cost 1 − q each.
    .mean() => .sum()
        This is the sum over the weeks. The question asks for the mean.
    return … => return (np.where(error > 0, q, 1 - q) * error**2).mean()
        You squared the errors. Pinball loss counts units.
    .mean() => [error != 0].mean()
        You left out the weeks that match exactly. Their loss is 0, and they count in the mean.
    return … => return q * error[error > 0].mean() + (q - 1) * error[error < 0].mean()
        You took the mean within each side, and added the two. Divide by the number of all weeks on
        both sides.
    .mean() => .sum() / actual.sum()
        This is the loss per unit sold. The question asks for the mean over the weeks.
    return … => return (actual <= forecasts).mean()
        This is a coverage, the share of weeks that the forecast was not exceeded. The question asks
        for a loss in units.
    .mean() =>
        These are the losses week by week. Take their mean.
    """,
    takeaway="Pinball loss is the cost of a stock with a critical ratio of q.",
)


def order_up_to(mean, deviation, lead_time, service_level):
    """Take the quantile of demand over the lead time and the week until the next order."""
    weeks = lead_time + 1
    return weeks * mean + stats.norm.ppf(service_level) * deviation * np.sqrt(weeks)


ORDER_UP_TO = Exercise(
    id="13-5",
    hints=(
        "For how many weeks must the units on the shelf and on their way last?",
        "For L + 1 weeks, until the next order can arrive. Means and variances add up; the "
        "standard deviation is the root of the variance.",
        "S = (L + 1) · mean + z · deviation · √(L + 1), with z = stats.norm.ppf(service_level).",
    ),
    solution=order_up_to,
    check=on_cases(
        # √4 = 2, and z = 1.
        Case(10.0, 3.0, 3, stats.norm.cdf(1), right=4 * 10.0 + 1 * 3.0 * 2),
        (7.0, 6.0, 2, 0.3),
        (9.0, 2.0, 8, 0.9),
        held_back=[(16.0, 3.5, 5, 0.8)],
    ),
    mistakes="""
    lead_time + 1 => lead_time
        Your level covers the lead time alone. That is the reorder point of a shop that can order on
        any day. Here the next order can arrive only after L + 1 weeks.
    weeks = … => weeks = 1
        This is the level for one week, as if orders arrived at once.
    np.sqrt(weeks) => weeks
        You took the standard deviation times the number of weeks, as if all weeks were wrong
        together. Independent weeks add variances: √(L + 1).
    * np.sqrt(weeks) =>
        You used the standard deviation of one week. Over L + 1 weeks it is √(L + 1) times as large.
    np.sqrt(weeks) => np.sqrt(lead_time)
        Your mean covers L + 1 weeks, but you used the standard deviation of L weeks.
    weeks * mean => lead_time * mean
        Your standard deviation covers L + 1 weeks, but you used the mean of L weeks.
    weeks * mean + =>
        This is the safety stock. Add the mean demand of L + 1 weeks.
    return … => return weeks * mean
        This is the mean demand of L + 1 weeks. It is enough in half of the cases only: add a safety
        stock.
    ppf(service_level) => ppf((1 + service_level) / 2)
        Your z leaves probability on both sides. A service level asks how often demand is at most S:
        `stats.norm.ppf(service_level)`.
    stats.norm.ppf(service_level) => 1.645
        You took 1.645 for z, which belongs to a service level of 95%. Compute it:
        `stats.norm.ppf(service_level)`.
    stats.norm.ppf(service_level) => 1.96
        You took 1.96 for z, which belongs to a service level of 97.5%. Compute it:
        `stats.norm.ppf(service_level)`.
    weeks * mean + => weeks * mean -
        You subtracted the safety stock, or took the quantile 1 − service_level.
    stats.norm.ppf(service_level) => service_level
        You multiplied by the service level, a probability and not yet a quantile:
        `stats.norm.ppf(service_level)`.
    ppf => cdf
        `cdf` gives the probability of a value. You need the value for a probability: `ppf`.
    deviation * np.sqrt(weeks) => deviation**2 * weeks
        You used the variance of L + 1 weeks in place of its root, the standard deviation.
    return … => return np.ceil(…)
        You rounded up. In practice that is right; the question asks for the exact level.
    """,
    takeaway="Stock must last for the lead time plus one review period; its safety stock grows "
    "with the root of these weeks, if errors are independent.",
)

NINE_WEEKS = np.array([0, 3, 1, 0, 0, 0, 6, 0, 2])


def tsb_forecast(units, alpha, beta, size, probability):
    """Update the probability of a sale in every week, the size in weeks with a sale."""
    for sold in units:
        probability = probability + beta * ((sold > 0) - probability)
        if sold > 0:
            size = size + alpha * (sold - size)
    return size * probability


def _all_weeks(units, alpha, beta, size, probability):
    weeks = range(1, len(units) + 1)
    return [tsb_forecast(units[:n], alpha, beta, size, probability) for n in weeks]


TSB = Exercise(
    id="13-6",
    hints=(
        "Which of the two numbers can learn something from a week without a sale?",
        "The probability is updated in every week, toward 1 or toward 0. The size is updated only "
        "in weeks with a sale.",
        "q ← q + β ((y > 0) − q) in every week; z ← z + α (y − z) if y > 0; at the end return z q.",
    ),
    solution=tsb_forecast,
    check=on_cases(
        ArrayCase(
            *([1, 0], 0.2, 0.3, 2.0, 0.5), right=(2 + 0.2 * (1 - 2)) * 0.7 * (0.5 + 0.3 * (1 - 0.5))
        ),
        (NINE_WEEKS, 0.4, 0.1, 1.0, 0.2),
        held_back=[(np.array([2, 0, 5, 0, 0, 1, 0]), 0.3, 0.15, 1.5, 0.35)],
    ),
    mistakes="""
    if sold > 0 => if True
        You updated the size in every week. A week without a sale says nothing about the size of a
        sale.
    => units = units[units > 0]
        You updated the probability only in weeks with a sale, as Croston updates the gap. It must
        fall in weeks without one.
    beta * ((sold > 0) - probability) => beta * (sold > 0) * (1 - probability)
    probability = … => probability = …; probability -= beta * probability
        Your probability also falls in weeks with a sale. In these it moves toward 1, and only in
        the others toward 0: is there an `else`?
    (sold > 0) - probability => sold - probability
        Your probability moves toward the units sold. It learns only whether there was a sale: 1 or
        0.
    => alpha, beta = beta, alpha
        α and β are swapped: α belongs to the size, β to the probability.
    => beta = alpha
        You took α for both. α belongs to the size, β to the probability.
    => alpha = beta
        You took β for both. α belongs to the size, β to the probability.
    size * probability => size / probability
        You divided by the probability. Croston divides by a gap; TSB multiplies by a probability.
    return … => return size
        This is the size alone, the units of a week with a sale. Multiply it by the probability of
        one.
    return … => return probability
        This is the probability alone. Multiply it by the size of a sale.
    => level = size * probability
    probability = … => level = level + alpha * (sold - level)
    return … => return level
        This is exponential smoothing of all units. TSB smooths the size and the probability
        separately.
    => units = units[:-1]
        This is the forecast before the last week. Learn from that week as well.
    => units = units[1:]
        You skipped the first week. `size` and `probability` stand before it.
    => units = units[:1]
        You learned from the first week alone. Does `return` stand inside the loop?
    => alpha, beta = 1 - alpha, 1 - beta
        You exchanged the shares of old and new: a share α of each *error* is learned.
    => return _all_weeks(units, alpha, beta, size, probability)
        You return the forecasts of all weeks. The question asks for the last one.
    """,
    takeaway="TSB learns from every week whether there was a sale, and how large it was only from "
    "weeks with one.",
)


def sold_out_week(sold, mean):
    """Take the mean of all demand from `sold` on, weighted by its Poisson probability."""
    poisson = stats.poisson(mean)
    return mean * poisson.sf(sold - 2) / poisson.sf(sold - 1)


SOLD_OUT_WEEK = Exercise(
    id="13-7",
    hints=(
        "Demand was at least what was sold. Which values are still possible, and how probable "
        "is each of them, given that?",
        "E[D | D ≥ s] = Σ_{k≥s} k P(k) / P(D ≥ s). `stats.poisson(mean).sf(k)` is P(D > k).",
        "For the Poisson distribution Σ_{k≥s} k P(k) = λ P(D ≥ s − 1).",
    ),
    solution=sold_out_week,
    check=on_cases(
        Case(1, np.log(2), right=np.log(2) / (1 / 2)),  # P(D ≥ 1) = 1 − e^−ln 2
        # All demand less that of 0 to 3 units, whose probabilities are 1, 3, 4.5, 4.5 times e⁻³.
        Case(
            *(4, 3.0),
            right=(3 - (0 + 3 + 9 + 13.5) / np.exp(3)) / (1 - (1 + 3 + 4.5 + 4.5) / np.exp(3)),
        ),
        (8, 12.0),
        held_back=[(6, 4.5)],
    ),
    mistakes="""
    return … => return float(sold)
        You took what was sold for demand. Demand was at least that.
    return … => return float(mean)
        This is the mean of all weeks. A week that was sold out had a demand of at least s. If you
        summed k P(k), begin at k = s.
    return … => return max(float(sold), float(mean))
        You took the larger of both numbers. But demand may have been far above either.
    poisson.sf(sold - 1) => poisson.sf(sold)
    sold - 2 => sold - 1
        This is the mean of demand *above* what was sold. It may have been equal: ≥, not >.
    return … => return … - sold
        This is the demand beyond what was sold. The question asks for all of it: add the sales.
    return … => return float(sold + mean)
        You added the mean to what was sold, as if a whole week of demand came on top.
    sold - 2 => sold
        Your sum is shifted the wrong way. Because k P(k) = λ P(k − 1), the sum over k ≥ s is λ P(D
        ≥ s − 1), which is λ sf(s − 2).
    / poisson.sf(sold - 1) =>
        You did not divide by the probability of a week that sells out, P(D ≥ s).
    sf(sold - 1) => sf(sold)
        You divided by P(D > s), which is sf(s). A week sells out with P(D ≥ s), sf(s − 1).
    poisson.sf(sold - 1) => poisson.cdf(sold)
        You divided by P(D ≤ s), which is cdf(s). A week sells out with P(D ≥ s), sf(s − 1).
    return … => return mean * poisson.cdf(sold - 1) / poisson.cdf(sold)
        This is the mean of demand of at most s. A week that was sold out had at least s.
    return … => return poisson.sf(sold - 1)
        This is a probability, that of selling out. The question asks how many units were wanted in
        such a week.
    return … => return mean * poisson.cdf(sold - 2) + sold * poisson.sf(sold - 1)
        These are the expected sales of any week with s on the shelf. The question asks for demand,
        and the week was sold out.
    / poisson.sf(sold - 1) => + sold * poisson.cdf(sold - 1)
        In your result, demand below s counts as s. These values ought to be left out: the week was
        sold out. Then divide by P(D ≥ s).
    return … => return poisson.isf(poisson.sf(sold - 1) / 2)
        This is the median of demand from s on. Expected demand is a mean.
    * poisson.sf(sold - 2) =>
        The sum over k P(k) starts at s, so it is λ P(D ≥ s − 1), not all of λ.
    """,
    takeaway="A sold-out week says only that demand was at least what was sold.",
)
