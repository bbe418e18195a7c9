"""The models of the nightly job: churn risk, lifetime value, the coupon's uplift, and the lists.

Each is one that the lessons found good enough, fitted anew every night. BG/NBD gives churn risk and
lifetime value (lessons 03 and 11), two logistic regressions the uplift of the coupon (lesson 14),
and the items of similar buyers the lists, filled up with popular items (lessons 06 to 08).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from apps.service.features import COUPON_DAYS, DAY, Known, user_features
from apps.service.tables import LIST_LENGTH
from helpers.campaigns.experiments import ab_test
from helpers.campaigns.policies import policy_values
from helpers.campaigns.uplift import TwoModels, cross_fit
from helpers.recommend.baselines import Popularity
from helpers.recommend.hybrid import SwitchingHybrid
from helpers.recommend.neighbors import ItemKNN
from helpers.value.beta_geo import BetaGeoModel
from helpers.value.gamma_gamma import GammaGammaModel
from helpers.value.lifetime import customer_lifetime_value

UNTESTED = "No coupon has been tested yet, so none is sent."


@dataclass(frozen=True)
class Parameters:
    """What the shop decides, and the hyperparameters of the models.

    Parameters
    ----------
    horizon : churn risk is the probability of no purchase in so many days.
    value_weeks : lifetime value counts so many weeks ahead.
    yearly_discount : discount rate of the lifetime value.
    margin : share of the list price that the shop keeps.
    coupon : share of the list price that a coupon takes off.
    coupon_cost : cost of sending a coupon, in dollars.
    neighbors, damping : of `ItemKNN`.
    regularization : C of the logistic regressions.
    """

    horizon: int = 90
    value_weeks: int = 52
    yearly_discount: float = 0.15
    margin: float = 0.40
    coupon: float = 0.15
    coupon_cost: float = 0.50
    neighbors: int = 50
    damping: float = 10.0
    regularization: float = 0.1


# ---------------------------------------------------------------- scores


def user_scores(features: pd.DataFrame, known: Known, parameters: Parameters) -> pd.DataFrame:
    """Score every user who has bought, and choose the next best action for each.

    Returns
    -------
    DataFrame with the index of ``features``: ``churn_risk``, ``lifetime_value`` (dollars),
    ``uplift`` (what a coupon adds to the probability of an order; missing if none has been tested),
    ``action`` and ``reason``.
    """
    summary = _summary(features)
    purchases = BetaGeoModel().fit(summary)
    weekly = (1 + parameters.yearly_discount) ** (7 / 365.25) - 1
    terms = {"margin": parameters.margin, "discount": weekly, "horizon": parameters.value_weeks}
    value = customer_lifetime_value(purchases, GammaGammaModel().fit(summary), summary, **terms)
    risk = purchases.probability_silent(parameters.horizon / 7, summary)
    scores = pd.DataFrame({"churn_risk": risk.round(4), "lifetime_value": value.round(2)})
    if not is_measured(known.campaign):
        return scores.assign(uplift=np.nan, action="nothing", reason=UNTESTED)
    model = _uplift_model(parameters).fit(*_experiment(known))
    arms = model.predict_arms(_coupon_inputs(features))
    profit = coupon_profit(arms, order_worth(known), parameters).round(2)
    return scores.assign(
        uplift=(arms["treated"] - arms["control"]).round(4),
        action=np.where(profit > 0, "coupon", "nothing"),
        reason=[reason(each) for each in profit],
    )


def _summary(features: pd.DataFrame) -> pd.DataFrame:
    """Return what BG/NBD and gamma-gamma read, in weeks, as `helpers.value.btyd_summary` does."""
    return pd.DataFrame(
        {
            "frequency": features["frequency"] - 1,  # the first purchase is not a repeat
            "recency": (features["tenure_days"] - features["recency_days"]) / 7,
            "T": features["tenure_days"] / 7,
            "monetary": features["repeat_spend"],
        }
    )


# ---------------------------------------------------------------- the coupon


def is_measured(campaign: pd.DataFrame) -> bool:
    """Whether both arms of a campaign have users who ordered and users who did not."""
    return campaign.groupby("treated")["responded"].nunique().eq(2).sum() == 2


def order_worth(known: Known) -> float:
    """Return the list price of an average order, in dollars."""
    lines = known.order_lines
    return float((lines["quantity"] * lines["unit_price"]).sum() / lines["order_id"].nunique())


def coupon_profit(arms: pd.DataFrame, worth: float, parameters: Parameters) -> pd.Series:
    """Return the expected profit of sending a user the coupon, over not sending it, in dollars.

        (margin − coupon) · worth · p₁  −  margin · worth · p₀  −  cost

    where p₁ and p₀ are the probabilities of an order with and without the coupon. Each order counts
    as an average one, so that no single large order decides.

    Examples
    --------
    >>> arms = pd.DataFrame({"treated": [0.2, 0.1], "control": [0.1, 0.1]})
    >>> coupon_profit(arms, 100, Parameters()).round(2).tolist()  # 25 · 0.2 − 40 · 0.1 − 0.5
    [0.5, -2.0]
    """
    kept = (parameters.margin - parameters.coupon) * worth * arms["treated"]
    return kept - parameters.margin * worth * arms["control"] - parameters.coupon_cost


def reason(profit: float) -> str:
    """Return the reason of an action in words that anybody may read.

    Examples
    --------
    >>> reason(2.4)
    'A coupon is expected to bring 2.40 dollars more than it costs.'
    """
    more, less = ("bring", "costs") if profit > 0 else ("cost", "brings")
    return f"A coupon is expected to {more} {abs(profit):.2f} dollars more than it {less}."


def coupon_evidence(known: Known, parameters: Parameters) -> dict:
    """Return what the campaign shows of the coupon, and of our rule who gets one.

    Returns
    -------
    dict, empty without a campaign. ``effect``: extra orders per 100 coupons. ``profit``: dollars
    that the rule would have earned with the campaign's ``users``, of whom it would have chosen
    ``coupons``; each is predicted by models that have not seen her. Both have an ``estimate`` and
    its 95% confidence interval from ``low`` to ``high``.
    """
    if not is_measured(known.campaign):
        return {}
    X, responded, treated = experiment = _experiment(known)
    table = pd.DataFrame({"responded": responded, "treated": treated}).reset_index()
    effect = 100 * ab_test(table, "responded").loc["difference", ["difference", "low", "high"]]
    worth = order_worth(known)
    arms = cross_fit(_uplift_model(parameters), *experiment, method="predict_arms")
    rule = coupon_profit(arms, worth, parameters) > 0
    evidence = {"users": len(X), "coupons": int(rule.sum()), "effect": _interval(effect)}
    kept = parameters.margin - parameters.coupon * table["treated"]
    table["earned"] = worth * kept * table["responded"] - parameters.coupon_cost * table["treated"]
    if rule.groupby(treated).sum().min() >= 2:  # else nobody knows
        profit = policy_values(table, {"rule": rule}, "earned").loc["rule", ["gain", "low", "high"]]
        evidence["profit"] = _interval(profit)
    return evidence


def _interval(row: pd.Series) -> dict[str, float]:
    return dict(zip(("estimate", "low", "high"), row.astype(float).round(3), strict=True))


def _experiment(known: Known) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return inputs on the evening before the campaign, outcomes and treatment of its users."""
    campaign = known.campaign.set_index("user_id")
    inputs = _coupon_inputs(user_features(known.order_lines, campaign["sent_at"].min() - DAY))
    campaign = campaign.loc[campaign.index.intersection(inputs.index)]
    return inputs.loc[campaign.index], campaign["responded"], campaign["treated"]


def _coupon_inputs(features: pd.DataFrame) -> pd.DataFrame:
    """Return what the uplift model reads, as in lesson 14."""
    summary = _summary(features)
    silent = BetaGeoModel().fit(summary).probability_silent(COUPON_DAYS / 7, summary)
    per_purchase = features["monetary"] / features["frequency"]
    skewed = features[["recency_days", "frequency", "monetary"]].assign(per_purchase=per_purchase)
    return np.log1p(skewed).assign(discounted=features["discounted"], silent=silent)


def _uplift_model(parameters: Parameters) -> TwoModels:
    logistic = LogisticRegression(C=parameters.regularization)
    return TwoModels(make_pipeline(StandardScaler(), logistic))


# ---------------------------------------------------------------- the lists


def fit_recommender(known: Known, parameters: Parameters) -> SwitchingHybrid:
    """Fit what makes the lists to what everybody has bought.

    A list begins with what buyers of the user's items bought, too. Where that gives fewer than ten
    items, popular ones follow, and their scores are numbers of buyers.
    """
    bought = known.order_lines[["user_id", "item_id"]].drop_duplicates().assign(rating=1)
    neighbors = ItemKNN(
        k=parameters.neighbors,
        similarity="full_cosine",
        damping=parameters.damping,
        feedback="implicit",
    )
    return SwitchingHybrid({"neighbors": neighbors, "popular": Popularity()}).fit(bought)


def top_lists(recommender: SwitchingHybrid, users: Iterable[str]) -> pd.DataFrame:
    """Return the ten best items that each user has not bought yet, best first.

    Returns
    -------
    DataFrame of ``user_id``, ``item_id``, ``score`` and ``position``, from 1 on.
    """
    lists = recommender.recommend(users, k=LIST_LENGTH).rename(columns={"rank": "position"})
    return lists[["user_id", "item_id", "score", "position"]]


def popular_items(recommender: SwitchingHybrid) -> pd.DataFrame:
    """Return the list of users of whom nothing is known, as `top_lists`, without ``user_id``."""
    return top_lists(recommender, ["somebody new"]).drop(columns="user_id")
