"""Panels, several periods of the same users: difference-in-differences and event studies."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from helpers.campaigns.effects import Effect, interval
from helpers.data import checks

CELLS = 4  # treated or not, before or after


def difference_in_differences(
    panel: pd.DataFrame, outcome: str, *, confidence: float = 0.95
) -> Effect:
    """Estimate an effect by difference-in-differences, with standard errors clustered by user.

        δ = (ȳ₁,after − ȳ₁,before) − (ȳ₀,after − ȳ₀,before)

    with 1 for the treated and 0 for the others. δ is the coefficient of treated × after in the
    regression of the outcome on treated, after and their product. The rows of one user are not
    independent, so the residuals r are added up within each user before they are squared:

        error² = c Σ_users (Σ_rows ± r / n_cell)²,   c = G/(G − 1) · (N − 1)/(N − 4)

    with N rows and G users. The effect is that on the treated, and it assumes parallel trends:
    without the treatment, both groups would have changed by the same amount. `event_study` looks at
    the periods before.

    Parameters
    ----------
    panel : DataFrame, one row per user and period: ``user_id``, ``treated`` (bool, the same in all
        rows of a user), ``after`` (bool, whether the period is one with the treatment), outcome.
        A user without a purchase in a period needs a row with 0, not a missing row.
    outcome : name of a column of numbers.
    confidence : confidence level of the interval by Student's t with G − 1 degrees of freedom.

    Raises
    ------
    ValueError
        If a user is both treated and not, one of the four cells is empty, or the panel is
        unbalanced: not all users have the same number of rows before, and after. With some users
        in one period only, the difference of the means is partly one of other users.

    References
    ----------
    Bertrand, Duflo & Mullainathan (2004), How much should we trust differences-in-differences
    estimates?, Quarterly Journal of Economics 119(1), 249–275,
    https://doi.org/10.1162/003355304772839588

    Examples
    --------
    >>> panel = pd.DataFrame({"user_id": list("aabbccdd"), "treated": [True] * 4 + [False] * 4,
    ...     "after": [False, True] * 4, "spent": [10, 13, 12, 17, 5, 6, 7, 8]})
    >>> effect = difference_in_differences(panel, "spent")  # (15 − 11) − (7 − 6)
    >>> round(effect.estimate, 2), round(effect.error, 2)
    (3.0, 1.08)
    """
    checks.require_share("confidence", confidence)
    checks.require(
        panel, **{"user_id": "key", "treated": "flag", "after": "flag", outcome: "number"}
    )
    users = panel.groupby("user_id", sort=False)["treated"]
    mixed = users.any() & ~users.all()
    if mixed.any():
        raise ValueError(
            f"{mixed.sum():,} users are treated in some rows and not in others (first: "
            f"{mixed.idxmax()!r}). treated says whether a user is ever treated."
        )
    treated, after = (panel[name].to_numpy() for name in ("treated", "after"))
    y, cell = panel[outcome].to_numpy(float), 2 * treated + after
    n = np.bincount(cell, minlength=CELLS)
    if not n.all():
        raise ValueError(
            "Each group needs rows before and after; the numbers of rows are "
            f"{n[2]:,} and {n[3]:,} of the treated, {n[0]:,} and {n[1]:,} of the others."
        )
    require_balanced(panel, "after")
    means, sign = np.bincount(cell, y) / n, np.array([1, -1, -1, 1])
    rows = sign[cell] * (y - means[cell]) / n[cell]
    per_user = np.bincount(users.ngroup(), rows)
    n_rows, n_users = len(y), len(per_user)
    correction = n_users / (n_users - 1) * (n_rows - 1) / max(n_rows - CELLS, 1)
    error = np.sqrt(correction * (per_user**2).sum())
    return interval(float(sign @ means), error, stdtrit(n_users - 1, (1 + confidence) / 2))


def require_balanced(panel: pd.DataFrame, period: str) -> None:
    """Refuse a panel in which users differ in their number of rows in a period."""
    rows = pd.crosstab(panel["user_id"], panel[period])
    usual = rows.mode().max()
    other = rows != usual
    if other.any(axis=None):
        user = other.any(axis=1).idxmax()
        when = other.loc[user].idxmax()
        raise ValueError(
            f"The panel is unbalanced: {other.any(axis=1).sum():,} of {len(rows):,} users have "
            f"more or fewer rows than others (first: user {user} has {rows.loc[user, when]} with "
            f"{period} = {when}, others {usual[when]}). Give a user without a purchase in a period "
            "a row with 0, and drop users who were not observed in all periods."
        )


def event_study(
    panel: pd.DataFrame,
    outcome: str,
    *,
    reference: Any,
    period: str = "period",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Difference-in-differences of each period against one reference period before the treatment.

        δ_k = (ȳ₁,k − ȳ₁,reference) − (ȳ₀,k − ȳ₀,reference)

    Before the treatment δ_k must be 0 up to noise if the trends are parallel; these are placebo
    tests. That they are not significant does not prove that the trends are parallel.

    Parameters
    ----------
    panel : as for `difference_in_differences`, with the column ``period`` instead of ``after``.
    outcome : name of a column of numbers.
    reference : value of the period to compare with, usually the last one before the treatment.
    period : name of the column of periods.
    confidence : confidence level, in (0, 1), of each interval.

    Returns
    -------
    DataFrame, index the periods in order: ``estimate``, ``error``, ``low``, ``high``; all 0 at the
    reference.

    References
    ----------
    As `difference_in_differences`; Roth (2022), Pretest with caution: Event-study estimates after
    testing for parallel trends, American Economic Review: Insights 4(3), 305–322,
    https://doi.org/10.1257/aeri.20210236

    Examples
    --------
    >>> panel = pd.DataFrame({"user_id": list("aaabbbcccddd"), "treated": [True] * 6 + [False] * 6,
    ...     "period": [-2, -1, 0] * 4, "spent": [9, 10, 13, 12, 12, 17, 4, 5, 6, 7, 7, 8]})
    >>> event_study(panel, "spent", reference=-1)["estimate"].to_dict()
    {-2: 0.0, -1: 0.0, 0: 3.0}
    """
    checks.require(panel, **{period: "key"})
    periods = sorted(panel[period].unique())
    if reference not in periods:
        raise ValueError(f"No row has {period} {reference!r}; there are {periods}.")
    require_balanced(panel, period)
    rows = {reference: Effect(0.0, 0.0, 0.0, 0.0)}
    for each in periods:
        if each != reference:
            two = panel[panel[period].isin([each, reference])]
            two = two.assign(after=two[period] == each)
            rows[each] = difference_in_differences(two, outcome, confidence=confidence)
    table = pd.DataFrame(rows, index=Effect._fields).T.rename_axis(period)
    return table.loc[periods]
