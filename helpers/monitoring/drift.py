"""Data drift: whether this month's data come from the same distribution as the reference."""

import numpy as np
import pandas as pd
from pandas.api import types
from scipy import stats

from helpers.data import checks
from helpers.rules.multiple_testing import adjust

MIN_EXPECTED = 5  # expected users in a cell of the chi-square test; rarer categories are pooled


def psi(reference: pd.Series, current: pd.Series, *, bins: int = 10) -> float:
    """Return the population stability index: how far two distributions are apart, by bins.

        PSI = Σ_b (q_b − p_b) · ln(q_b / p_b)

    with p_b the shares of the reference and q_b those of the current data. Numbers are cut at
    quantiles of the reference, so that its shares are about equal; other values are a bin each,
    and so are missing values. An empty bin counts as half a row: ln 0 would be infinite.

    Parameters
    ----------
    reference, current : Series of the same kind, numbers or text; not of the same length.
    bins : number of bins for numbers, 2 or more. Ties leave fewer.

    Returns
    -------
    float, 0 or more.

    References
    ----------
    Yurdakul & Naranjo (2020), Statistical properties of the population stability index, Journal of
    Risk Model Validation 14(4), https://doi.org/10.21314/JRMV.2020.227

    Examples
    --------
    >>> web, app = ["search"] * 6 + ["mail"] * 4, ["search"] * 4 + ["mail"] * 6
    >>> round(psi(pd.Series(web), pd.Series(app)), 3)  # 2 · 0.2 · ln 1.5
    0.162
    """
    checks.require_whole("bins", bins, least=2)
    return _index(_binned(pd.Series(reference), pd.Series(current), bins))


def psi_threshold(n: int, m: int, bins: int = 10, *, alpha: float = 0.05) -> float:
    """Return the PSI that data without drift exceed with probability ``alpha``.

    Without drift, and with enough rows in each bin, PSI is about (1/n + 1/m) times a chi-square
    variable with bins − 1 degrees of freedom. So its mean is (bins − 1)(1/n + 1/m), and

        threshold = χ²_{1−α}(bins − 1) · (1/n + 1/m)

    Parameters
    ----------
    n, m : independent rows (users, not their orders) in the reference and the current data.
    bins : number of bins, 2 or more.
    alpha : probability of a false alarm, in (0, 1).

    References
    ----------
    Yurdakul & Naranjo (2020), https://doi.org/10.21314/JRMV.2020.227

    Examples
    --------
    >>> round(psi_threshold(500, 500), 3), round(psi_threshold(50_000, 50_000), 5)
    (0.068, 0.00068)
    """
    for name, rows in {"n": n, "m": m}.items():
        checks.require_whole(name, rows)
    checks.require_whole("bins", bins, least=2)
    checks.require_share("alpha", alpha)
    return float(stats.chi2.isf(alpha, bins - 1) * (1 / n + 1 / m))


def drift_report(
    reference: pd.DataFrame, current: pd.DataFrame, *, alpha: float = 0.05, bins: int = 10
) -> pd.DataFrame:
    """Test each column for drift, and adjust for the number of columns.

    Numbers: the two-sample Kolmogorov–Smirnov test, D = max |F(x) − G(x)| of the two cumulative
    distributions; missing values are left out, and many ties make it conservative. Other columns:
    the chi-square test of the table category × period, with missing values as a category, and
    categories that expect fewer than 5 rows in a period pooled. Both need independent rows: one
    row per user, not one per order.

    Parameters
    ----------
    reference, current : DataFrames with the same columns.
    alpha : probability of any false alarm over all columns, in (0, 1).
    bins : as for `psi`.

    Returns
    -------
    DataFrame, one row per column (index ``feature``), smallest p-value first: ``test``,
    ``statistic``, ``psi``, ``p_value``, ``p_adjusted`` (Holm) and ``drifted``
    (p_adjusted ≤ alpha). A column that can't differ has p = 1: a single category, or fewer than
    two known numbers in a period.

    Examples
    --------
    >>> before = pd.DataFrame({"price": range(100), "channel": ["mail", "search"] * 50})
    >>> drift_report(before, before.assign(price=before["price"] * 100))[["test", "drifted"]]
                   test  drifted
    feature
    price            KS     True
    channel  chi-square    False
    """
    checks.require_share("alpha", alpha)
    checks.require_whole("bins", bins, least=2)
    for table in (reference, current):
        checks.require(table)
    missing = reference.columns.symmetric_difference(current.columns, sort=False)
    if len(missing):
        raise ValueError(
            f'column "{missing[0]}" is in one of reference and current only: data validation '
            "comes before drift. Compare the columns that both have."
        )
    rows = {name: _test(reference[name], current[name], bins) for name in reference}
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["test", "statistic", "psi", "p_value"]
    ).rename_axis("feature")
    table["p_adjusted"] = adjust(table["p_value"], len(table))
    table["drifted"] = table["p_adjusted"] <= alpha
    return table.sort_values("p_value", kind="stable")


def _test(reference: pd.Series, current: pd.Series, bins: int) -> tuple[str, float, float, float]:
    counts = _binned(reference, current, bins)
    index = _index(counts)
    if _numeric(reference, current):
        both = [each.dropna().to_numpy(float) for each in (reference, current)]
        if min(map(len, both)) < 2:
            return "KS", 0.0, index, 1.0
        found = stats.ks_2samp(*both, method="asymp")
        return "KS", float(found.statistic), index, float(found.pvalue)
    rows = counts.sum(axis=1)
    rare = counts.sum(axis=0) * rows.min() / rows.sum() < MIN_EXPECTED
    pooled = np.column_stack([counts[:, ~rare], counts[:, rare].sum(axis=1)])
    pooled = pooled[:, pooled.any(axis=0)]
    if pooled.shape[1] < 2:
        return "chi-square", 0.0, index, 1.0
    found = stats.chi2_contingency(pooled, correction=False)
    return "chi-square", float(found.statistic), index, float(found.pvalue)


def _index(counts: np.ndarray) -> float:
    p, q = np.maximum(counts, 0.5) / counts.sum(axis=1, keepdims=True)
    return float(np.sum((q - p) * np.log(q / p)))


def _binned(reference: pd.Series, current: pd.Series, bins: int) -> np.ndarray:
    """Count the rows by bin; one row for the reference, one for the current data."""
    for name, values in {"reference": reference, "current": current}.items():
        if not len(values):
            raise ValueError(f"{name} has no rows: there is nothing to compare.")
    if _numeric(reference, current):
        values = np.concatenate([reference.to_numpy(float), current.to_numpy(float)])
        if np.isinf(values).any():
            raise ValueError(
                f'column "{reference.name}" is infinite in {np.isinf(values).sum():,} rows. '
                "Make them missing, or find out why."
            )
        known = values[: len(reference)][reference.notna().to_numpy()]
        inner = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else []
        codes = np.searchsorted(inner, values)  # a bin holds its upper edge; missing: the next code
        codes[np.isnan(values)] = len(inner) + 1
    else:
        values = np.concatenate([reference.to_numpy(object), current.to_numpy(object)])
        codes, _ = pd.factorize(values, use_na_sentinel=False)
    period = np.repeat([0, 1], [len(reference), len(current)])
    counts = np.zeros((2, codes.max() + 1))
    np.add.at(counts, (period, codes), 1)
    return counts[:, counts.any(axis=0)]


def _numeric(reference: pd.Series, current: pd.Series) -> bool:
    numeric = [
        types.is_numeric_dtype(each) and not types.is_bool_dtype(each)
        for each in (reference, current)
    ]
    if any(numeric) and not all(numeric):
        raise ValueError(
            f'column "{reference.name}" holds numbers in one of reference and current, and '
            "something else in the other: data validation comes before drift."
        )
    if any(types.is_datetime64_any_dtype(each) for each in (reference, current)):
        raise ValueError(
            f'column "{reference.name}" holds dates, and each is a category of its own. Turn them '
            "into numbers, such as days since then."
        )
    return all(numeric)
