"""What a churn score is worth: gain and profit curves, the threshold of costs, EMPC, uplift.

An `Offer` says what happens if a user is contacted (Verbraken, Verbeke & Baesens 2013). Contact
costs f. Who would have churned accepts with probability γ, then stays and is worth CLV, less the
incentive d. Who would have stayed anyway takes the incentive. So, per user contacted,

    would churn:  γ (CLV − d) − f          would stay:  −(d + f)

All of it rests on one assumption that no churn model can check: that γ is the same for whoever is
contacted. Only a randomized offer can tell (`uplift_by_risk`), and it often disagrees.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betainc
from sklearn.isotonic import IsotonicRegression

from helpers.data import checks

NORMAL = 1.959964  # 95 % of a normal distribution lie within so many standard deviations

# ---------------------------------------------------------------- what is checked at the door


def require_both_classes(y: pd.Series, where: str = "") -> None:
    """Check that some users churned and some did not, for else nothing can be told apart.

    Examples
    --------
    >>> require_both_classes(pd.Series([True, True]), "after t0")
    Traceback (most recent call last):
        ...
    ValueError: All 2 users churned after t0, so there is nothing to tell apart. Take another
    horizon, another t0, or more users.
    """
    checks.require(y.to_frame("churned"), churned="flag")
    if y.nunique() < 2:
        what = "churned" if y.iloc[0] else "bought again"
        raise ValueError(
            f"All {len(y):,} users {what}{where and ' ' + where}, so there is nothing to tell "
            "apart. Take another horizon, another t0, or more users."
        )


def require_scores(y: pd.Series, score: pd.Series | np.ndarray, name: str = "score") -> pd.Series:
    """Return scores in the order of ``y``; refuse other users and missing values.

    Examples
    --------
    >>> y = pd.Series([True, False], index=["Ana", "Ben"])
    >>> require_scores(y, pd.Series({"Ben": 0.2, "Ana": 0.9})).tolist()
    [0.9, 0.2]
    """
    if len(score) != len(y):
        raise ValueError(f"{name}: {len(score):,} scores for {len(y):,} users. Give one for each.")
    if isinstance(score, pd.Series):
        if not y.index.sort_values().equals(score.index.sort_values()):
            raise ValueError(f"{name}: its index names other users than y. Score the users of y.")
        score = score if score.index.equals(y.index) else score.reindex(y.index)
    scores = pd.Series(np.asarray(score), y.index, name=name)
    checks.require(scores.to_frame(), **{name: "number"})
    return scores.astype(float)


# ---------------------------------------------------------------- curves


def gain_curve(y: pd.Series, score: pd.Series | np.ndarray) -> pd.DataFrame:
    """Say which share of all churners is found if the riskiest users are contacted first.

    Parameters
    ----------
    y : Series of bool, one per user: churned or not.
    score : the higher, the riskier; a Series with the index of ``y``, or an array in its order.

    Returns
    -------
    DataFrame, one row per distinct score, from the highest, after a first row for nobody: ``score``
    (all users with this score or more are contacted), ``users``, ``share`` of all users,
    ``churners`` among them, ``caught`` (share of all churners), ``lift`` = caught / share.

    Examples
    --------
    >>> gain_curve(pd.Series([True, False, True, False]), [0.9, 0.7, 0.7, 0.1]).round(2)
       score  users  share  churners  caught  lift
    0    inf      0   0.00         0     0.0   NaN
    1    0.9      1   0.25         1     0.5  2.00
    2    0.7      3   0.75         2     1.0  1.33
    3    0.1      4   1.00         2     1.0  1.00
    """
    require_both_classes(y)
    score = require_scores(y, score)
    by_score = y.groupby(score).agg(["size", "sum"]).sort_index(ascending=False).cumsum()
    users = np.append(0, by_score["size"])
    churners = np.append(0, by_score["sum"])
    curve = pd.DataFrame(
        {
            "score": np.append(np.inf, by_score.index),
            "users": users,
            "share": users / len(y),
            "churners": churners,
            "caught": churners / y.sum(),
        }
    )
    return curve.assign(lift=curve["caught"] / curve["share"].where(curve["share"] > 0))


@dataclass(frozen=True)
class Offer:
    """What it costs to keep a user, and what it brings; see the module.

    Parameters
    ----------
    clv : money that a user is worth who stays (CLV); above the incentive.
    incentive : money that the offer costs if it is taken (d), 0 or more.
    contact : money that contacting costs (f), 0 or more.
    accept : probability that somebody about to churn takes the offer and stays (γ), in [0, 1].

    Examples
    --------
    >>> offer = Offer(clv=200, incentive=10, contact=1, accept=0.3)
    >>> offer.benefit, offer.cost, round(offer.threshold, 3)
    (56.0, 11, 0.164)
    """

    clv: float = 200
    incentive: float = 10
    contact: float = 1
    accept: float = 0.3

    def __post_init__(self):
        if not (0 <= self.incentive < self.clv < np.inf and 0 <= self.contact < np.inf):
            raise ValueError(
                f"An offer needs 0 ≤ incentive < clv and contact ≥ 0; got {self}. An incentive "
                "above what the user is worth never pays."
            )
        if not 0 <= self.accept <= 1:
            raise ValueError(f"accept is a probability: 0.3 for 30 %; got {self.accept}.")

    @property
    def benefit(self) -> float:
        """Money from contacting somebody who would churn: γ (CLV − d) − f."""
        return self.accept * (self.clv - self.incentive) - self.contact

    @property
    def cost(self) -> float:
        """Money lost by contacting somebody who would stay: d + f."""
        return self.incentive + self.contact

    @property
    def threshold(self) -> float:
        """The probability of churn from which contacting pays.

            p · benefit ≥ (1 − p) · cost   ⇔   p ≥ p* = cost / (cost + benefit)

        It depends on the costs alone, and needs p to be a probability (`calibration_table`). If
        contacting costs more than it brings even for sure churners, it is above 1.

        References
        ----------
        Elkan (2001), The foundations of cost-sensitive learning, IJCAI, 973–978.
        """
        gained = self.cost + self.benefit
        return self.cost / gained if gained > 0 else np.inf


def profit_curve(y: pd.Series, score: pd.Series | np.ndarray, offer: Offer) -> pd.DataFrame:
    """Say what contacting the riskiest first would have earned, for each depth.

        profit = churners contacted · benefit − stayers contacted · cost

    The best row was chosen with the outcome in hand: take the threshold from the costs
    (`Offer.threshold`) or from earlier data, and read here what it would have earned.

    Parameters
    ----------
    y, score : as for `gain_curve`.
    offer : costs and benefit.

    Returns
    -------
    DataFrame as from `gain_curve`, with ``profit`` in money, all users together.

    Examples
    --------
    >>> y = pd.Series([True, False, True, False])
    >>> profit_curve(y, [0.9, 0.7, 0.7, 0.1], Offer())["profit"].tolist()
    [0.0, 56.0, 101.0, 90.0]
    """
    curve = gain_curve(y, score)
    stayers = curve["users"] - curve["churners"]
    return curve.assign(profit=curve["churners"] * offer.benefit - stayers * offer.cost)


class EMPC(NamedTuple):
    """Expected maximum profit, money per user of the base, and the share of users to contact."""

    profit: float
    share: float


def empc(
    y: pd.Series,
    score: pd.Series | np.ndarray,
    *,
    clv: float = 200,
    incentive: float = 10,
    contact: float = 1,
    alpha: float = 6,
    beta: float = 14,
) -> EMPC:
    """Compute the expected maximum profit of a score, when nobody knows how many accept an offer.

    γ is uncertain, γ ~ Beta(α', β'). For each γ the best depth is taken, and profit is averaged:

        EMPC = ∫ max_t [ (γ(CLV−d) − f) π₀F₀(t) − (d+f) π₁F₁(t) ] h(γ) dγ

    with π₀, π₁ the shares of churners and of others, F(t) the shares of them above threshold t.
    Only points on the convex hull of the ROC curve can be best, and the slopes of that hull are
    the score calibrated by isotonic regression, p. So every user can be decided on alone: contact
    pays from γ* = (d+f−pd) / (p(CLV−d)) on, and both integrals are incomplete beta functions. As
    the maximum is taken on these very users, it flatters small samples.

    Parameters
    ----------
    y, score : as for `gain_curve`.
    clv, incentive, contact : as in `Offer`, the same for all users.
    alpha, beta : shapes of the beta distribution of γ, above 0; (6, 14) has the mean 0.3.

    References
    ----------
    Verbraken, Verbeke & Baesens (2013), A novel profit maximizing metric for measuring
    classification performance of customer churn prediction models, IEEE Transactions on Knowledge
    and Data Engineering 25(5), https://doi.org/10.1109/TKDE.2012.50

    Examples
    --------
    >>> profit, share = empc(pd.Series([True, False]), [0.9, 0.1])
    >>> round(profit, 6), round(share, 3)  # half are churners: 0.5 · (0.3 · 190 − 1) = 28
    (28.0, 0.5)
    """
    offer = Offer(clv, incentive, contact)
    if not (0 < alpha < np.inf and 0 < beta < np.inf):
        raise ValueError(f"alpha and beta are above 0; got {alpha} and {beta}.")
    require_both_classes(y)
    score = require_scores(y, score)
    p = IsotonicRegression().fit(score, y.astype(float)).predict(score)
    gained = p * (clv - incentive)  # per γ
    lost = offer.cost - p * incentive  # whatever γ
    from_gamma = np.clip(lost / np.where(gained > 0, gained, np.nan), 0, 1)
    from_gamma = np.nan_to_num(from_gamma, nan=1.0)
    contacted = 1 - betainc(alpha, beta, from_gamma)
    mean_beyond = alpha / (alpha + beta) * (1 - betainc(alpha + 1, beta, from_gamma))
    profit = gained * mean_beyond - lost * contacted
    return EMPC(float(profit.mean()), float(contacted.mean()))


# ---------------------------------------------------------------- risk is not sensitivity


def uplift_by_risk(
    campaign: pd.DataFrame, risk: pd.Series, groups: int = 10, outcome: str = "responded"
) -> pd.DataFrame:
    """Read a randomized offer by risk: what it changed among the riskiest, and the safest.

        uplift = mean outcome of the treated − mean outcome of the others

    The treated were drawn at random, so within a group the others show what would have happened
    without the offer. Risk must be computed from what was known before it was sent.

    Parameters
    ----------
    campaign : DataFrame, one row per user: ``user_id``, ``treated`` (bool) and the outcome, flags
        or numbers (``responded``, ``revenue``).
    risk : Series, index ``user_id``: the higher, the riskier. It may hold more users.
    groups : how many groups of about equal size; equal risks stay together.
    outcome : name of the column.

    Returns
    -------
    DataFrame, one row per group (index ``group``, from 1, the riskiest): ``users``, ``risk``
    (mean), ``treated``, ``control`` (mean outcome), ``uplift``, ``low`` and ``high`` (95 %, normal
    approximation).

    References
    ----------
    Ascarza (2018), Retention futility, Journal of Marketing Research 55(1),
    https://doi.org/10.1509/jmr.16.0163

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": range(8), "treated": [True, False] * 4,
    ...     "responded": [False, False, False, False, True, False, True, True]})
    >>> risk = pd.Series([0.9, 0.9, 0.8, 0.8, 0.2, 0.2, 0.1, 0.1])
    >>> uplift_by_risk(campaign, risk, groups=2)[["users", "risk", "treated", "control", "uplift"]]
           users  risk  treated  control  uplift
    group
    1          4  0.85      0.0      0.0     0.0
    2          4  0.15      1.0      0.5     0.5
    """
    checks.require_whole("groups", groups)
    is_flag = outcome in campaign and pd.api.types.is_bool_dtype(campaign[outcome])
    kind = "flag" if is_flag else "number"
    checks.require(campaign, **{"user_id": "key", "treated": "flag", outcome: kind})
    if not risk.index.is_unique:
        twice = risk.index[risk.index.duplicated()][0]
        raise ValueError(f"risk holds user {twice!r} more than once. Give one risk for each user.")
    mine = campaign["user_id"].map(risk)
    mend = "Score the users of the campaign on the day before it was sent, or drop them."
    checks.refuse_rows(campaign, ("user_id", mine.isna(), "names users without a risk", mend))
    checks.require(mine.to_frame("risk"), risk="number")
    group = np.ceil((-mine).rank(method="max") * groups / len(mine))
    group = group.rank(method="dense").astype(int).rename("group")
    value, treated = campaign[outcome].astype(float), campaign["treated"]
    by_arm = {arm: value[treated == arm].groupby(group) for arm in (True, False)}
    parts = {arm: by_group.agg(["size", "mean", "var"]) for arm, by_group in by_arm.items()}
    ours, others = (part.reindex(np.unique(group)) for part in parts.values())
    if not ((ours["size"] >= 2) & (others["size"] >= 2)).all():
        raise ValueError(
            "A group has fewer than two treated or two untreated users, so there is nothing to "
            "compare. Take fewer groups, or a campaign that left a random part alone."
        )
    uplift = ours["mean"] - others["mean"]
    error = np.sqrt(ours["var"] / ours["size"] + others["var"] / others["size"])
    return pd.DataFrame(
        {
            "users": group.value_counts(),
            "risk": mine.groupby(group).mean(),
            "treated": ours["mean"],
            "control": others["mean"],
            "uplift": uplift,
            "low": uplift - NORMAL * error,
            "high": uplift + NORMAL * error,
        }
    ).rename_axis("group")
