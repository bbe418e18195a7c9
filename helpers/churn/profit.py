"""The profit of a churn score: gain and profit curves, cost threshold, EMPC, uplift by risk.

Contacting a user costs f (Verbraken, Verbeke & Baesens 2013). A user who would have churned accepts
the offer with probability γ, stays and is worth CLV less the incentive d; one who would have stayed
anyway takes the incentive. So the profit per user contacted is

    would churn:  γ (CLV − d) − f          would stay:  −(d + f)

This assumes the same γ for everybody. Only a randomized offer can test that (`uplift_by_risk`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betainc
from sklearn.isotonic import IsotonicRegression
from statsmodels.stats.weightstats import CompareMeans

from helpers.data import checks

# ---------------------------------------------------------------- checks


def require_both_classes(y: pd.Series, where: str = "") -> None:
    """Check that some users churned and some did not.

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
    by_user = pd.Series(score, None if isinstance(score, pd.Series) else y.index)
    if not by_user.index.equals(y.index):
        if not y.index.sort_values().equals(by_user.index.sort_values()):
            raise ValueError(f"{name}: its index names other users than y. Score the users of y.")
        by_user = by_user.reindex(y.index)
    scores = pd.Series(by_user.to_numpy(), y.index, name=name)
    checks.require(scores.to_frame(), **{name: "number"})
    return scores.astype(float)


# ---------------------------------------------------------------- curves


def gain_curve(y: pd.Series, score: pd.Series | np.ndarray) -> pd.DataFrame:
    """Cumulative gains: the share of all churners reached by contacting the riskiest users first.

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
    curve = pd.DataFrame({"score": np.append(np.inf, by_score.index), "users": users})
    curve = curve.assign(share=users / len(y), churners=churners, caught=churners / y.sum())
    return curve.assign(lift=curve["caught"] / curve["share"].where(curve["share"] > 0))


@dataclass(frozen=True)
class Offer:
    """The costs and the value of a retention offer; the formulas are at the top of this module.

    Parameters
    ----------
    clv : customer lifetime value of a user who stays, in money; above the incentive.
    incentive : cost of an accepted offer (d), 0 or more.
    contact : cost of contacting a user (f), 0 or more.
    accept : probability that a would-be churner accepts and stays (γ), in [0, 1].

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
            raise ValueError(f"accept is a probability: 0.3 for 30%; got {self.accept}.")

    @property
    def benefit(self) -> float:
        """Profit from contacting a user who would churn: γ (CLV − d) − f."""
        return self.accept * (self.clv - self.incentive) - self.contact

    @property
    def cost(self) -> float:
        """Loss from contacting a user who would stay: d + f."""
        return self.incentive + self.contact

    @property
    def threshold(self) -> float:
        """The churn probability p* above which contacting pays.

            p · benefit ≥ (1 − p) · cost   ⇔   p ≥ p* = cost / (cost + benefit)

        p must be calibrated (`calibration_table`). Above 1, contacting never pays.

        References
        ----------
        Elkan (2001), The foundations of cost-sensitive learning, IJCAI, 973–978.
        """
        gained = self.cost + self.benefit
        return self.cost / gained if gained > 0 else np.inf


def profit_curve(y: pd.Series, score: pd.Series | np.ndarray, offer: Offer) -> pd.DataFrame:
    """Compute the profit of contacting the riskiest users first, for each number of users.

        profit = churners contacted · benefit − stayers contacted · cost

    The maximum is known only in hindsight: choose the threshold by the costs (`Offer.threshold`) or
    on earlier data, and read off here what it would have earned.

    Parameters
    ----------
    y, score : as for `gain_curve`.
    offer : costs and benefit.

    Returns
    -------
    DataFrame as from `gain_curve`, with the total ``profit`` in money.

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
    """Expected maximum profit, in money per user, and the expected share of users to contact."""

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
    """Compute the expected maximum profit of a churn score (EMPC), with an uncertain acceptance γ.

    For each γ ~ Beta(α', β') with density h, the best threshold t is chosen; then profit is
    averaged:

        EMPC = ∫ max_t [ (γ(CLV−d) − f) π₀F₀(t) − (d+f) π₁F₁(t) ] h(γ) dγ

    with π₀, π₁ the shares of churners and stayers, and F(t) the share of them above t. The optimum
    lies on the convex hull of the ROC curve, whose slopes are the score calibrated by isotonic
    regression, p. So contacting a user pays if γ ≥ (d+f−pd) / (p(CLV−d)), and both integrals are
    incomplete beta functions. Since the maximum is taken in hindsight, EMPC is optimistic for small
    samples.

    Parameters
    ----------
    y, score : as for `gain_curve`.
    clv, incentive, contact : as in `Offer`.
    alpha, beta : parameters of the beta distribution of γ, above 0; (6, 14) has the mean 0.3.

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
    """Estimate the treatment effect of a randomized offer, by groups of churn risk.

        uplift = mean outcome of the treated − mean outcome of the control group

    Compute the risk from what was known before the offer was sent.

    Parameters
    ----------
    campaign : DataFrame, one row per user: ``user_id``, ``treated`` (bool) and the outcome, flags
        or numbers (``responded``, ``revenue``).
    risk : Series, index ``user_id``: the higher, the riskier. It may contain more users.
    groups : number of groups of about equal size; equal risks stay together.
    outcome : name of the column.

    Returns
    -------
    DataFrame, one row per group (index ``group``, from 1, the riskiest): ``users``, ``risk``
    (mean), ``treated``, ``control`` (mean outcome), ``uplift`` and its 95% confidence interval
    ``low``, ``high`` (normal approximation).

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
    fix = "Score the users of the campaign on the day before it was sent, or drop them."
    checks.refuse_rows(campaign, ("user_id", mine.isna(), "names users without a risk", fix))
    checks.require(mine.to_frame("risk"), risk="number")
    group = np.ceil((-mine).rank(method="max") * groups / len(mine))
    group = group.rank(method="dense").astype(int).rename("group")
    rows = {}
    for name, users in campaign.groupby(group):
        treated, y = users["treated"], users[outcome].astype(float)
        if min(treated.sum(), (~treated).sum()) < 2:
            raise ValueError(
                "A group has fewer than two treated or two control users, so there is nothing to "
                "compare. Take fewer groups, or a campaign with a randomized control group."
            )
        arms = CompareMeans.from_data(y[treated], y[~treated])
        low, high = arms.zconfint_diff(usevar="unequal")
        rows[name] = {
            "users": len(users),
            "risk": mine[group == name].mean(),
            "treated": arms.d1.mean,
            "control": arms.d2.mean,
            "uplift": arms.d1.mean - arms.d2.mean,
            "low": low,
            "high": high,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
