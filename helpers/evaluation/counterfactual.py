"""Counterfactual (off-policy) evaluation: the value of lists that nobody has been shown.

A log of recommendations holds what was shown, with which probability, and what was clicked:
``list_id``, ``user_id``, ``item_id``, ``position``, ``propensity`` and ``clicked``, a row per place
of a list.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.data import checks

PLACE = ["user_id", "item_id", "position"]


def examination(log: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Estimate how likely a place is to be looked at, relative to the first place.

    Weighting each click by one over the probability that this item stood in this place makes all
    places comparable: as if each had shown every item equally often. With clicks c,

        θ_k / θ_1 = Σ_{rows in place k} c / propensity  ÷  Σ_{rows in place 1} c / propensity

    by the position-based model, in which a click requires a look at the place (θ_k) and a
    relevant item. It needs items that were shown in all places (intervention harvesting). In a swap
    intervention, where two places exchange their items in half of the lists, all propensities are
    0.5, and it is the ratio of the two click-through rates.

    Parameters
    ----------
    log : DataFrame with ``list_id``, ``position`` (from 1 on), ``propensity`` and ``clicked``. All
        lists have the same places.
    confidence : confidence level, in (0, 1).

    Returns
    -------
    DataFrame, one row per place (index ``position``): ``examination`` (1 for the first place),
    ``error`` (standard error by the delta method; lists are independent), ``low``, ``high``.

    References
    ----------
    Joachims, Swaminathan & Schnabel (2017), Unbiased learning-to-rank with biased feedback,
    https://doi.org/10.1145/3018661.3018699; Agarwal et al. (2019), Estimating position bias without
    intrusive interventions, https://doi.org/10.1145/3289600.3291017

    Examples
    --------
    >>> log = pd.DataFrame({"list_id": [1, 1, 2, 2, 3, 3], "position": [1, 2] * 3,
    ...     "propensity": 0.5, "clicked": [True, False, True, True, False, False]})
    >>> examination(log)[["examination", "error"]].round(2)
              examination  error
    position
    1                 1.0   0.00
    2                 0.5   0.43
    """
    checks.require_share("confidence", confidence)
    _require_log(log)
    rows = log[["list_id", "position"]].assign(value=log["clicked"] / log["propensity"])
    table = rows.pivot_table("value", "list_id", "position", "sum")
    first = table.iloc[:, 0].mean()
    if table.columns[0] != 1 or first == 0:
        raise ValueError("There is no click in place 1, with which the other places are compared.")
    ratio = table.mean() / first
    influence = (table - np.outer(table.iloc[:, 0], ratio)) / first
    return _with_interval(ratio.rename("examination").to_frame(), influence, confidence)


def shown_by(lists: pd.DataFrame, log: pd.DataFrame) -> pd.Series:
    """Return the probability, 1 or 0, that lists would have shown what each row of a log shows.

    Parameters
    ----------
    lists : DataFrame, one list per user: ``user_id``, ``item_id``, ``position``.
    log : DataFrame with the same columns.

    Returns
    -------
    Series of 1.0 (this item in this place to this user) and 0.0, name ``target``, with the index
    of ``log``.

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "rug"], "position": [1, 2]})
    >>> log = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "item_id": ["lamp", "vase", "rug"],
    ...     "position": [1, 2, 2]})
    >>> shown_by(lists, log).tolist()
    [1.0, 0.0, 0.0]
    """
    for table in (lists, log):
        checks.require(table, user_id="key", item_id="key", position="count")
    checks.require_same_ids(lists, log, "user_id", "item_id")
    both = log[PLACE].merge(lists[PLACE].drop_duplicates(), how="left", indicator="found")
    return pd.Series((both["found"] == "both").to_numpy(float), log.index, name="target")


def counterfactual_values(
    log: pd.DataFrame,
    target: pd.Series,
    *,
    clip: float | None = None,
    predicted: pd.Series | None = None,
    expected: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the clicks per list under another policy, from the log of the one that ran.

    A row of the log has the weight w = target / propensity. With clicks c and n lists,

        IPS             1/n Σ w c                            (inverse propensity scoring)
        clipped IPS     1/n Σ min(w, clip) c                 biased downward, with less variance
        SNIPS           Σ_places  Σ w c / Σ w                (self-normalized, within each place)
        direct method   1/n Σ expected                       as good as its model
        doubly robust   1/n Σ expected + w (c − predicted)   unbiased if model or propensities fit

    IPS assumes that whatever the new policy shows was shown with a known probability above 0
    (common support), and that a click depends on the item and its place, not on the other items of
    the list.

    Parameters
    ----------
    log : DataFrame, a row per place of a list: ``list_id``, ``position``, ``propensity`` (in
        (0, 1]) and ``clicked`` (bool). All lists have the same places.
    target : Series with the index of ``log``: the probability that the new policy shows this item
        in this place to this user, as from `shown_by`.
    clip : largest weight, for a row of clipped IPS.
    predicted, expected : Series with the index of ``log``, for the last two rows: a model's
        probability of a click on what was shown, and on what the new policy shows in this place.
    confidence : confidence level, in (0, 1).

    Returns
    -------
    DataFrame, one row per estimator (index ``estimator``): ``value`` (clicks per list), ``error``
    (standard error; lists are independent), ``low``, ``high``, ``ess`` (`effective_sample_size` of
    the weights) and ``mean_weight``. With common support and true propensities the mean weight of
    the IPS row is 1, up to chance; if not, do not believe the value.

    References
    ----------
    Horvitz & Thompson (1952), https://doi.org/10.1080/01621459.1952.10483446; Swaminathan &
    Joachims (2015), The self-normalized estimator for counterfactual learning, NIPS 28; Dudík,
    Langford & Li (2011), Doubly robust policy evaluation and learning, ICML '11. Place by place:
    Li et al. (2018), https://doi.org/10.1145/3219819.3220028

    Examples
    --------
    >>> log = pd.DataFrame({"list_id": [1, 2, 3, 4], "position": 1,
    ...     "propensity": [0.5, 0.25, 0.5, 0.25], "clicked": [True, True, False, False]})
    >>> target = pd.Series([0.0, 1.0, 0.0, 1.0])
    >>> counterfactual_values(log, target)[["value", "ess", "mean_weight"]]  # (0 + 4 + 0 + 0) / 4
               value  ess  mean_weight
    estimator
    IPS          1.0  2.0          2.0
    SNIPS        0.5  2.0          2.0
    """
    checks.require_share("confidence", confidence)
    _require_log(log)
    if clip is not None and not clip > 0:
        raise ValueError(f"clip is the largest weight, above 0; got {clip}.")
    w, c = _aligned(log, "target", target) / log["propensity"], log["clicked"].astype(float)
    scores = {"IPS": (w * c, w)}
    if clip is not None:
        scores["clipped IPS"] = (w.clip(upper=clip) * c, w.clip(upper=clip))
    scores["SNIPS"] = (_self_normalized(log, w, c), w)
    if (predicted is None) != (expected is None):
        raise ValueError("predicted and expected come from one model: give both, or neither.")
    if predicted is not None:
        model = _aligned(log, "expected", expected)
        scores["direct method"] = (model, None)
        scores["doubly robust"] = (model + w * (c - _aligned(log, "predicted", predicted)), w)
    per_list = pd.DataFrame({name: score for name, (score, _) in scores.items()})
    per_list = per_list.groupby(log["list_id"]).sum()
    table = per_list.mean().rename_axis("estimator").rename("value").to_frame()
    table = _with_interval(table, per_list - per_list.mean(), confidence)
    weights = [weight for _, weight in scores.values()]
    table["ess"] = [np.nan if each is None else effective_sample_size(each) for each in weights]
    return table.assign(mean_weight=[np.nan if each is None else each.mean() for each in weights])


def effective_sample_size(weights: pd.Series) -> float:
    """Return how many rows of equal weight would be as informative: (Σ w)² / Σ w²; 0 if all are 0.

    References
    ----------
    Kish (1965), Survey Sampling.

    Examples
    --------
    >>> effective_sample_size(pd.Series([1, 1, 1, 1])), effective_sample_size(pd.Series([9, 1]))
    (4.0, 1.2195121951219512)
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _self_normalized(log: pd.DataFrame, w: pd.Series, c: pd.Series) -> pd.Series:
    """Return rows whose mean per list is SNIPS, and whose spread gives its error (delta method).

    In each place the ratio is r = Σ w c / Σ w, and a row has the influence w (c − r) / mean(w).
    """
    place = log["position"]
    weight = w.groupby(place).transform("mean")
    if (weight == 0).any():
        empty = ", ".join(str(each) for each in place[weight == 0].unique()[:3])
        raise ValueError(
            f"The log never shows what the new policy would show in place {empty}: no common "
            "support, and no estimate. Show each item in each place now and then, and log again."
        )
    ratio = (w * c).groupby(place).transform("mean") / weight
    return ratio + w * (c - ratio) / weight


def _with_interval(table: pd.DataFrame, influence: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add standard error and interval of the first column, from each list's influence on it."""
    error = influence.std() / np.sqrt(len(influence))
    reach, value = ndtri((1 + confidence) / 2) * error, table.iloc[:, 0]
    return table.assign(error=error, low=value - reach, high=value + reach)


def _aligned(log: pd.DataFrame, name: str, values: pd.Series) -> pd.Series:
    """Return the values as numbers, a value for each row of the log."""
    if not isinstance(values, pd.Series) or not values.index.equals(log.index):
        raise ValueError(
            f"{name} must be a Series with the index of the log, a value for each row."
        )
    checks.require(pd.DataFrame({name: values}), **{name: "number"})
    return values.astype(float)


def _require_log(log: pd.DataFrame) -> None:
    checks.require(log, list_id="key", position="count", propensity="number", clicked="flag")
    p = log["propensity"]
    fix = "Log the probability with which this item was put in this place, when it is shown."
    checks.refuse_rows(
        log, ("propensity", (p <= 0) | (p > 1), "is no probability", fix), name="log"
    )
