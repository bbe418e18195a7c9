"""Staggered adoption: effects by group and time, where units are treated one after another."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.campaigns.effects import Effect, interval
from helpers.campaigns.panels import require_balanced
from helpers.data import checks


def group_time_effects(
    panel: pd.DataFrame,
    outcome: str,
    *,
    by: Literal["adopted and period", "since", "treated"] = "adopted and period",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the effect on each group of adopters in each period.

        ATT(g, t) = mean change from g − 1 to t of the users who adopted in g
                    − mean change from g − 1 to t of those who have adopted neither by t nor by g

    with g − 1 the last period before g. Nobody who is treated already is a control, as happens in a
    regression with an effect for each user and each period. Parallel trends are assumed, and that
    nobody reacts before adopting. Where no controls are left, there is no row.

    The standard error adds up the squared influence of each user on the estimate, which is
    (change − mean) / n in the group, and − (change − mean) / n among the controls.

    Parameters
    ----------
    panel : DataFrame, one row per user and period: ``user_id``, ``period``, ``adopted`` (the first
        period with the treatment, the same in all rows of a user; NaN for never), outcome.
    outcome : name of a column of numbers.
    by : what a row is for: a group of adopters in a period; the number of periods *since* adoption;
        or whether they were *treated*, that is, all periods from adoption on, and all before it.
        The last two are means weighted by the numbers of users.
    confidence : confidence level, in (0, 1), of each interval.

    Returns
    -------
    DataFrame: ``estimate``, ``error``, ``low``, ``high``; index ``adopted`` and ``period``,
    ``since``, or ``treated``. Before adoption the estimates are placebo tests.

    Raises
    ------
    ValueError
        If the panel is unbalanced, ``adopted`` changes within a user, or no group of adopters has
        both a period before and controls.

    References
    ----------
    Callaway & Sant'Anna (2021), Difference-in-differences with multiple time periods, Journal of
    Econometrics 225(2), 200–230, https://doi.org/10.1016/j.jeconom.2020.12.001

    Examples
    --------
    >>> panel = pd.DataFrame({"user_id": list("aaabbb"), "period": [0, 1, 2] * 2,
    ...     "adopted": [1] * 3 + [2] * 3, "spent": [0, 2, 8, 0, 0, 2]})
    >>> group_time_effects(panel, "spent")["estimate"].to_dict()  # in 2, nobody is left
    {(1, 1): 2.0}
    """
    checks.require_share("confidence", confidence)
    checks.require(panel, **{"user_id": "key", "period": "number", outcome: "number"})
    require_balanced(panel, "period")
    wide = panel.pivot(index="user_id", columns="period", values=outcome)
    cells, influences = _cells(wide, _adopted(panel).loc[wide.index].to_numpy())
    keys = by.split(" and ")
    quantile, rows = ndtri((1 + confidence) / 2), {}
    for key, part in cells.groupby(keys if len(keys) > 1 else by):
        weights = (part["n"] / part["n"].sum()).to_numpy()
        error = float(np.linalg.norm(weights @ influences[part.index]))
        rows[key] = interval(weights @ part["estimate"], error, quantile)
    return pd.DataFrame(rows, index=Effect._fields).T.rename_axis(keys)


def _adopted(panel: pd.DataFrame) -> pd.Series:
    """Return when each user adopted; infinity for never."""
    each = panel["adopted"].fillna(np.inf).astype(float).groupby(panel["user_id"])
    changed = each.min() < each.max()
    if changed.any():
        raise ValueError(
            f"adopted differs between the rows of {changed.sum():,} users (first: "
            f"{changed.idxmax()!r}). It is the first period with the treatment, or NaN for never."
        )
    return each.first()


def _cells(wide: pd.DataFrame, adopted: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Compare each group with its controls in each period: a row, and the users' influences."""
    cells, influences = [], []
    for g in np.unique(adopted[np.isfinite(adopted)]):
        before = wide.columns[wide.columns < g]
        for t in wide.columns.drop(before[-1]) if len(before) else []:
            group, control = adopted == g, adopted > max(t, g)
            if not control.any():
                continue
            change = (wide[t] - wide[before[-1]]).to_numpy(float)
            effect = change[group].mean() - change[control].mean()
            since = wide.columns.get_loc(t) - len(before)
            cells.append((wide.columns.dtype.type(g), t, since, since >= 0, group.sum(), effect))
            influences.append(_deviations(change, group) - _deviations(change, control))
    if not cells:
        raise ValueError("No group of adopters has both a period before it and later adopters.")
    columns = ["adopted", "period", "since", "treated", "n", "estimate"]
    return pd.DataFrame(cells, columns=columns), np.array(influences)


def _deviations(change: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Return (change − mean) / n for some users, 0 for the others."""
    return np.where(some, change - change[some].mean(), 0) / some.sum()
