"""Counterfactual explanations: the smallest change that would bring a score across a threshold."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from math import prod

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.explain.scoring import Score, scores

MOST_TRIED = 1_000_000


def counterfactuals(
    score: Score,
    row: pd.Series,
    threshold: float,
    allowed: Mapping[str, Sequence[float]],
    scale: pd.Series,
    most: int = 1,
) -> pd.DataFrame:
    """Find the smallest changes of a row that bring its score to the other side of a threshold.

        distance = Σ_j |x′_j − x_j| / scale_j

    All combinations of the allowed values are tried, for each set of at most ``most`` features;
    the nearest of each set is returned. Features that ``allowed`` does not name are immutable.
    Nothing is said about how a change would come about, or what it would cause.

    Parameters
    ----------
    score : as for `shapley_values`.
    row : Series of numbers, one user; the index names the features.
    threshold : a row with this score or more is on the upper side.
    allowed : feature → values that it may take, such as ``range(0, 60)``; its present value is no
        change.
    scale : Series by feature, above 0: the unit in which its changes are measured, such as the
        median absolute deviation.
    most : number of features that may change together, 1 or more.

    Returns
    -------
    DataFrame, one row per set of features that can do it, fewest changes and then the smallest
    distance first; columns ``change`` (such as "recency 200 → 31"), ``features`` (tuple),
    ``distance``, ``score``. Empty if nothing allowed is enough.

    References
    ----------
    Wachter, Mittelstadt & Russell (2018), Counterfactual explanations without opening the black
    box, Harvard Journal of Law & Technology 31(2), 841–887.

    Examples
    --------
    a + b should reach 5: with a alone 4 → 5 is the nearest allowed value, with b alone 0 → 1.5.

    >>> row = pd.Series({"a": 4.0, "b": 0.0})
    >>> allowed = {"a": [5, 6], "b": [0.5, 1.5]}
    >>> scale = pd.Series({"a": 1, "b": 1})
    >>> found = counterfactuals(lambda table: table["a"] + table["b"], row, 5, allowed, scale)
    >>> found[["change", "distance", "score"]]
          change  distance  score
    0    a 4 → 5       1.0    5.0
    1  b 0 → 1.5       1.5    5.5
    """
    checks.require_whole("most", most)
    _require_allowed(row, allowed, scale)
    allowed = {name: [x for x in values if x != row[name]] for name, values in allowed.items()}
    sets = [names for n in range(1, most + 1) for names in combinations(allowed, n)]
    if (n_tried := sum(prod(len(allowed[j]) for j in names) for names in sets)) > MOST_TRIED:
        raise ValueError(
            f"allowed has {n_tried:,} combinations of up to {most} changes; {MOST_TRIED:,} is the "
            "most. Allow fewer values, in larger steps, or fewer changes."
        )
    row = row.astype(float)
    tables = [_changed(row, {name: allowed[name] for name in names}) for names in sets]
    table = pd.concat(tables, ignore_index=True)
    before = scores(score, row.to_frame().T)[0]
    found = pd.DataFrame({"score": scores(score, table)})
    found["features"] = [
        names for names, each in zip(sets, tables, strict=True) for _ in range(len(each))
    ]
    found["distance"] = ((table - row).abs() / scale.reindex(row.index))[list(allowed)].sum(axis=1)
    across = (found["score"] >= threshold) != (before >= threshold)
    found = found[across].sort_values("distance", kind="stable").drop_duplicates("features")
    found = found.iloc[np.argsort(found["features"].map(len), kind="stable")]
    found["change"] = [
        "; ".join(f"{name} {row[name]:.4g} → {table.loc[at, name]:.4g}" for name in names)
        for at, names in found["features"].items()
    ]
    return found[["change", "features", "distance", "score"]].reset_index(drop=True)


def _changed(row: pd.Series, values: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return a copy of the row for each combination of the values."""
    new = pd.DataFrame(list(product(*values.values())), columns=list(values), dtype=float)
    return new.reindex(columns=row.index).fillna(row.drop(list(values)))


def _require_allowed(row: pd.Series, allowed: Mapping, scale: pd.Series) -> None:
    if not allowed or not all(len(values) for values in allowed.values()):
        raise ValueError("allowed names no values to try. Give a feature and its allowed values.")
    if unknown := [name for name in allowed if name not in row.index]:
        raise ValueError(
            f"allowed names {', '.join(map(str, unknown))}, which row does not have. Its features "
            f"are {', '.join(map(str, row.index))}."
        )
    if missing := [name for name in allowed if pd.isna(row[name])]:
        raise ValueError(
            f"row has no value of {', '.join(map(str, missing))}, so no distance from it. Leave it "
            "out of allowed."
        )
    if all(x == row[name] for name, values in allowed.items() for x in values):
        raise ValueError("allowed has only the present values of row. Give other values, too.")
    units = scale.reindex(list(allowed))
    if not (units > 0).all():
        wrong = units.index[~(units > 0)][0]
        raise ValueError(
            f"scale of {wrong!r} is {units[wrong]}; it must be above 0. If more than half of the "
            "values are the same, take the standard deviation."
        )
