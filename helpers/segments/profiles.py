"""Describe segments, follow users from one to another, and plan what to do with each.

Segments are a Series with the name of each user's segment, wherever they come from.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtri

from helpers.data import checks
from helpers.language import say_in_lesson

RFM = ("recency", "frequency", "monetary")


# ---------------------------------------------------------------- what they are


def profile(
    users: pd.DataFrame, segments: pd.Series, features: Sequence[str] = RFM
) -> pd.DataFrame:
    """Describe each segment by its number and share of users and the median of each feature.

    Parameters
    ----------
    users : DataFrame of numbers, one row per user.
    segments : Series, the segment of each user, with the same index.
    features : columns to describe; they need not be those that made the segments.

    Examples
    --------
    >>> users = pd.DataFrame({"monetary": [10.0, 20.0, 90.0]})
    >>> profile(users, pd.Series(["small", "small", "big"], name="segment"), ["monetary"])
             users     share  monetary
    segment
    big          1  0.333333      90.0
    small        2  0.666667      15.0
    """
    by_segment = _joined(users, segments, features)
    sizes = by_segment.size()
    return pd.concat(
        [sizes.rename("users"), (sizes / len(users)).rename("share"), by_segment.median()], axis=1
    )


def effect_sizes(
    users: pd.DataFrame, segments: pd.Series, features: Sequence[str] = RFM
) -> pd.Series:
    """Return the effect size η² of each feature: the share of its variance between segments.

        η² = Σ n_s (x̄_s − x̄)² / Σ (x − x̄)²

    For the features that made the segments, η² is large by construction, even in noise. What counts
    is η² of something else, such as next quarter's purchases.

    Parameters
    ----------
    users, segments, features : as for `profile`. A constant feature has η² = NaN.

    References
    ----------
    Cohen (1973), https://doi.org/10.1177/001316447303300111

    Examples
    --------
    >>> users = pd.DataFrame({"monetary": [1.0, 3.0, 7.0, 9.0]})
    >>> effect_sizes(users, pd.Series(["a", "a", "b", "b"]), ["monetary"]).tolist()
    [0.9]
    """
    by_segment = _joined(users, segments, features)
    values = users[list(features)].astype(float)
    total = ((values - values.mean()) ** 2).sum()
    within = ((values - by_segment.transform("mean")) ** 2).sum()
    return (1 - within / total.where(total > 0)).rename("eta_squared")


def _joined(users: pd.DataFrame, segments: pd.Series, features: Sequence[str]):
    checks.require(users, **dict.fromkeys(features, "number"))
    _require_segments(segments)
    if not users.index.equals(segments.index):
        raise ValueError(
            f"users ({len(users):,} rows) and segments ({len(segments):,}) must have the same "
            "index: segments.reindex(users.index), if it holds the same users."
        )
    return users[list(features)].groupby(segments.rename(segments.name or "segment"), observed=True)


def _require_segments(segments: pd.Series) -> None:
    missing = segments.index[segments.isna()]
    if len(missing):
        raise ValueError(
            f"{len(missing):,} of {len(segments):,} users have no segment (first: {missing[0]}). "
            "Assign one or drop them."
        )


# ---------------------------------------------------------------- who moves


def align(segments: pd.Series, to: pd.Series) -> pd.Series:
    """Rename the segments of one run to agree with those of another as well as possible.

    Clustering numbers its groups arbitrarily. Of all one-to-one assignments of groups, this takes
    the one with the most users in common (Kuhn 1955). Groups left over keep their names.

    Parameters
    ----------
    segments, to : Series, the segment of each user; index: users, unique. Users in both are
        compared.

    References
    ----------
    Kuhn (1955), https://doi.org/10.1002/nav.3800020109

    Examples
    --------
    >>> align(pd.Series([1, 1, 0, 0]), to=pd.Series([0, 0, 0, 1])).tolist()
    [0, 0, 1, 1]
    """
    counts = pd.crosstab(*_common(segments, to))
    rows, columns = linear_sum_assignment(counts, maximize=True)
    new_name = dict(zip(counts.index[rows], counts.columns[columns], strict=True))
    renamed = [new_name.get(each, each) for each in segments]
    return pd.Series(renamed, segments.index, name=segments.name)


def migration(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Count how many users moved from which segment (rows) to which (columns).

    Users in only one of the two periods are "absent" in the other. Assign both periods by the same
    frozen model: if centers move, users change segments without doing anything.

    Parameters
    ----------
    before, after : Series, the segment of each user; index: users, unique.

    Returns
    -------
    DataFrame of counts; divide by the row sums for transition rates.

    Examples
    --------
    >>> before = pd.Series({"Ana": "often", "Ben": "often", "Cem": "seldom"})
    >>> after = pd.Series({"Ana": "often", "Ben": "seldom", "Cem": "seldom", "Dua": "often"})
    >>> migration(before, after)
    after   often  seldom
    before
    often       1       1
    seldom      0       1
    absent      1       0
    """
    names = [_order(before), _order(after)]
    for segments in (before, after):
        _require_segments(segments)
        _require_once(segments)
    both = pd.concat([before.astype(object), after.astype(object)], axis=1, keys=[0, 1])
    both = both.fillna("absent")
    counts = pd.crosstab(both[0], both[1]).rename_axis(index="before", columns="after")
    rows, columns = (
        [*order, *(["absent"] if both[side].eq("absent").any() else [])]
        for side, order in enumerate(names)
    )
    return counts.reindex(index=rows, columns=columns, fill_value=0)


def _require_once(segments: pd.Series) -> None:
    if not segments.index.is_unique:
        twice = segments.index[segments.index.duplicated()][0]
        raise ValueError(f"Each user has one segment; {twice} is listed twice.")


def _order(segments: pd.Series) -> list:
    if isinstance(segments.dtype, pd.CategoricalDtype):
        return list(segments.cat.categories)
    return sorted(segments.dropna().unique())


def _common(one: pd.Series, other: pd.Series) -> tuple[pd.Series, pd.Series]:
    _require_once(one)
    _require_once(other)
    users = one.index.intersection(other.index)
    if users.empty:
        raise ValueError("The two have no user in common; are the ids of one numbers, of one text?")
    return one.loc[users].astype(object), other.loc[users].astype(object)


# ---------------------------------------------------------------- what to do

# What a shop may do, by recency and frequency of a segment, and the measure by which to test it.
ACTIONS = pd.DataFrame(
    [
        ("recent, often", "thank: early access, no discount", "revenue per user"),
        ("recent, seldom", "second purchase: what goes with the first", "share who buy again"),
        ("silent, often", "win back: ask what was missing, one coupon", "share who come back"),
        ("silent, seldom", "leave alone, or a reminder that costs nothing", "share who come back"),
    ],
    columns=["situation", "action", "measure"],
).set_index("situation")

POWER = ndtri(0.975) + ndtri(0.8)  # two-sided significance level 5%, power 80%


def action_plan(users: pd.DataFrame, segments: pd.Series, bought: pd.Series) -> pd.DataFrame:
    """Plan an action for each segment, and compute what an A/B test of it could detect.

    The test gives the action to a random half of the segment. With n users of whom a share p buys
    anyway, it has 80% power, at significance level 5%, to detect a change of that share by

        detectable = (z.975 + z.80) · √(4 p (1 − p) / n)

    If no action could change the share by that much, the segment is too small to act on alone.

    Parameters
    ----------
    users : DataFrame, one row per user; columns ``recency`` and ``frequency``.
    segments : Series, the segment of each user, with the same index.
    bought : Series of bool, the same index: whether the user bought in a period as long as the
        test, after the segments were assigned (so users and segments are of such a period ago).

    Returns
    -------
    DataFrame, one row per segment: ``users``, ``situation`` (by the mean ranks of recency and
    frequency), ``action``, ``measure``, ``bought`` (p) and ``detectable``.

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 6.

    Examples
    --------
    >>> users = pd.DataFrame({"recency": [1, 2, 90, 95], "frequency": [5, 6, 1, 1]})
    >>> plan = action_plan(users, pd.Series(list("aabb")), pd.Series([True, False, True, False]))
    >>> plan["situation"].tolist(), plan["detectable"].round(2).tolist()
    (['recent, often', 'silent, seldom'], [1.98, 1.98])
    """
    by_segment = _joined(users, segments, ["recency", "frequency"])
    checks.require(pd.DataFrame({"bought": bought}), bought="flag")
    if not users.index.equals(bought.index):
        raise ValueError("bought must have the index of users: bought.reindex(users.index).")
    # Ranks, because half of all users may have bought just once: no median exceeds that median.
    ranks = users[["recency", "frequency"]].rank().groupby(segments, observed=True).mean()
    middle = (len(users) + 1) / 2
    when = np.where(ranks["recency"] <= middle, "recent", "silent")
    often = np.where(ranks["frequency"] > middle, ", often", ", seldom")
    plan = pd.DataFrame({"users": by_segment.size()})
    plan["situation"] = when.astype(object) + often.astype(object)
    plan = plan.join(ACTIONS.map(say_in_lesson), on="situation")
    plan["bought"] = bought.groupby(segments, observed=True).mean()
    spread = plan["bought"] * (1 - plan["bought"])
    plan["detectable"] = POWER * np.sqrt(4 * spread / plan["users"])
    return plan
