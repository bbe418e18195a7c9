"""What `tools.tracking` logs: the models of lessons 07, 09, 09b, 11 and 11c, measured as there.

Each lesson asks one question. Its models are chosen on a validation set and reported on a test set,
since the best score of a search is optimistic. Both are the lesson's own, so a run shows the
numbers that stand in the lesson.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from helpers import churn, evaluation
from helpers.churn import Offer
from helpers.data.schema import Shop
from helpers.recommend import (
    BPR,
    EASE,
    Baseline,
    ImplicitALS,
    ItemKNN,
    MatrixFactorization,
    Popularity,
    Random,
    UserKNN,
)

PAIR = ["user_id", "item_id"]
VALIDATION, TEST = "validation", "test"
Period = tuple[pd.DataFrame, pd.DataFrame]  # what is known, and what happens then


@dataclass(frozen=True)
class Trial:
    """What one model of a grid achieved."""

    metrics: Mapping[str, float]
    validation: float  # the metric that decides, on the validation set
    per_user: pd.Series  # the same metric on the test set


@dataclass(frozen=True)
class Grid:
    """The models of a lesson, and how they are measured.

    Parameters
    ----------
    lesson : its number.
    task : what the models are for, in two words.
    metric : the one that decides.
    lowest_is_best : whether it is an error.
    models : name → (model, what repairs its probabilities or None), not fitted.
    measure : gives the `Trial` of one such pair.
    """

    lesson: str
    task: str
    metric: str
    lowest_is_best: bool
    models: Mapping[str, tuple[BaseEstimator, BaseEstimator | None]]
    measure: Callable[[BaseEstimator, BaseEstimator | None], Trial]

    @property
    def parameters(self) -> dict[str, dict]:
        """For each model, its class and its hyperparameters, as far as they are plain values."""
        return {name: _parameters(*pair) for name, pair in self.models.items()}


def _parameters(model: BaseEstimator, repair: BaseEstimator | None) -> dict:
    last = model[-1] if hasattr(model, "steps") else model
    kinds = {"model": type(last).__name__, "repair": type(repair).__name__ if repair else "none"}
    plain = (int, float, str, tuple, type(None))
    return kinds | {k: v for k, v in model.get_params().items() if isinstance(v, plain)}


def grids(shop: Shop, key: Mapping[str, pd.DataFrame]) -> list[Grid]:
    """Return the grids of all lessons, in their order."""
    return [_lesson_07(shop), _lesson_09(shop), _lesson_09b(shop), *_churn(shop, key)]


# ---------------------------------------------------------------- recommenders


def _lesson_07(shop: Shop) -> Grid:
    train, test = evaluation.split_random(shop.ratings, 0.2)
    users = test["user_id"].unique()
    # The lesson tests on every second user. The others are left to choose the model.
    validation, test = (test[test["user_id"].isin(users[start::2])] for start in (1, 0))
    stars = {"similarity": "full_cosine", "center": "baseline"}
    models = {
        "baseline": Baseline(),
        "user-kNN": UserKNN(**stars),
        "item-kNN": ItemKNN(**stars),
        "also rated": ItemKNN(similarity="full_cosine", feedback="implicit"),
        "popularity": Popularity(),
        "random": Random(),
    }
    periods = {VALIDATION: (train, validation), TEST: (train, test)}
    return _recommenders("07", "list of ten", models, periods)


def _lesson_09(shop: Shop) -> Grid:
    log = shop.events.dropna(subset="user_id")

    def quarter(start: str, end: str) -> Period:
        past, then = evaluation.split_time(log[log["occurred_at"] < end], start, time="occurred_at")
        views = past.loc[past["event"] == "view", PAIR].drop_duplicates().assign(rating=1)
        bought = then.loc[then["event"] == "purchase", PAIR].drop_duplicates()
        return views, bought[bought["user_id"].isin(past["user_id"])]

    models = {f"implicit ALS, α = {alpha:g}": ImplicitALS(4, 10, alpha) for alpha in (1, 5, 40)}
    models |= {
        "item-kNN": ItemKNN(similarity="full_cosine", feedback="implicit"),
        "popularity": Popularity(),
        "zeros left out": MatrixFactorization(4, 10, epochs=10, per="vector"),
    }
    return _recommenders("09", "next purchase", models, _quarters(quarter), filter_seen=False)


def _lesson_09b(shop: Shop) -> Grid:
    views = shop.events.query("event == 'view'").dropna(subset="user_id")
    first = views.groupby(PAIR, as_index=False)["occurred_at"].min()

    def quarter(start: str, end: str) -> Period:
        known = first.loc[first["occurred_at"] < start, PAIR].assign(rating=1)
        new = first.loc[first["occurred_at"].between(start, end, inclusive="left"), PAIR]
        return known, new[new["user_id"].isin(known["user_id"].unique())]

    models = {f"EASE, λ = {lam}": EASE(lam) for lam in (300, 1000)}
    models |= {f"implicit ALS, α = {a}": ImplicitALS(16, 30, a, epochs=5) for a in (1, 2)}
    models |= {
        f"item-kNN, k = {k}": ItemKNN(k, similarity="full_cosine", feedback="implicit")
        for k in (20, 200)
    }
    models |= {f"BPR, {epochs} epochs": BPR(16, 0.1, 0.03, epochs) for epochs in (10, 20)}
    models["popularity"] = Popularity()
    return _recommenders("09b", "next view", models, _quarters(quarter))


def _quarters(quarter: Callable[[str, str], Period]) -> dict[str, Period]:
    """Return the summer, which chooses, and the autumn, which tests."""
    return {
        VALIDATION: quarter("2025-07-01", "2025-10-01"),
        TEST: quarter("2025-10-01", "2026-01-01"),
    }


def _recommenders(
    lesson: str,
    task: str,
    models: dict[str, BaseEstimator],
    periods: dict[str, Period],
    **options: bool,
) -> Grid:
    def measure(model: BaseEstimator, _: None) -> Trial:
        fitted, per_user = {}, {}
        for name, (known, later) in periods.items():
            fitted[name] = clone(model).fit(known)
            relevant = later if "rating" not in later else later[later["rating"] >= 4]
            lists = fitted[name].recommend(relevant["user_id"].unique(), k=10, **options)
            ranking = evaluation.ranking_metrics(lists, relevant)
            per_user[name] = ranking[["ndcg", "precision", "recall"]]
        metrics = _with_intervals(per_user[TEST])
        test = periods[TEST][1]
        if "rating" in test and np.isfinite(fitted[TEST].scale_).all():  # it predicts stars
            metrics["rmse"] = evaluation.rmse(fitted[TEST].predict(test))
        return Trial(metrics, per_user[VALIDATION]["ndcg"].mean(), per_user[TEST]["ndcg"])

    pairs = {name: (model, None) for name, model in models.items()}
    return Grid(lesson, task, "ndcg", False, pairs, measure)


def _with_intervals(per_user: pd.DataFrame) -> dict[str, float]:
    """Return the mean of each metric and its 95% confidence interval."""
    return {
        f"{metric}{end}": row[column]
        for metric, row in evaluation.summarize(per_user).iterrows()
        for end, column in {"": "mean", "_low": "low", "_high": "high"}.items()
    }


# ---------------------------------------------------------------- churn


class BGNBD(ClassifierMixin, BaseEstimator):
    """BG/NBD as a classifier: it needs no labels and is fitted to the customers it scores."""

    def __init__(self, horizon: int = 90):
        self.horizon = horizon

    def fit(self, X: pd.DataFrame, y: pd.Series) -> "BGNBD":
        """Do nothing."""
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the probabilities to buy again, and not to."""
        silent = churn.silence_by_bgnbd(X, self.horizon)
        return np.column_stack([1 - silent, silent])


def _churn(shop: Shop, key: Mapping[str, pd.DataFrame]) -> list[Grid]:
    """Return the grids of lessons 11 and 11c: September chooses, the answer key tests."""
    orders = shop.order_lines
    orders = orders.assign(
        value=orders["quantity"] * orders["unit_price"] * (1 - orders["discount"])
    )
    truth = key["users"].set_index("user_id")["p_silent"]

    def evening(day: str, events: pd.DataFrame | None) -> Period:
        labels = churn.churn_labels(orders, day, horizon=90) if day < "2025-10" else None
        return churn.churn_features(orders, day, events=events), labels

    def measure(
        events: pd.DataFrame | None, model: BaseEstimator, repair: BaseEstimator | None
    ) -> Trial:
        model = clone(model).fit(*evening("2025-03-31" if events is None else "2025-06-30", events))
        if repair:
            june, labels = evening("2025-06-30", events)
            repair = clone(repair).fit(model.predict_proba(june)[:, 1], labels)
        (fall, labels), (today, _) = (evening(day, events) for day in ("2025-09-30", "2025-12-31"))
        chosen, q = (model.predict_proba(x)[:, 1] for x in (fall, today))
        if repair:
            chosen, q = repair.predict(chosen), repair.predict(q)
        p = truth.loc[today.index]
        per_user = (q - p) ** 2 + p * (1 - p)
        metrics = _with_intervals(per_user.to_frame("brier")) | _against_truth(p, q)
        return Trial(metrics, np.mean((chosen - labels) ** 2), per_user)

    with_visits, without = partial(measure, shop.events), partial(measure, None)
    return [
        Grid("11", "churn", "brier", True, _models_11(), with_visits),
        Grid("11c", "churn calibration", "brier", True, _models_11c(), without),
    ]


def _models_11() -> dict[str, tuple[BaseEstimator, None]]:
    models = {"BG/NBD": BGNBD(), **churn.classifiers()}
    models["random forest"] = RandomForestClassifier(300, min_samples_leaf=20, random_state=0)
    return {name: (model, None) for name, model in models.items()}


def _models_11c() -> dict[str, tuple[BaseEstimator, BaseEstimator | None]]:
    plain, balanced = (churn.classifiers()["logistic"] for _ in range(2))
    balanced.set_params(logisticregression__class_weight="balanced")
    logs = FunctionTransformer(_signed_log)
    models = {
        "logistic": plain,
        "balanced logistic": balanced,
        "naive Bayes": make_pipeline(logs, SimpleImputer(), GaussianNB()),
        "many boosted trees": HistGradientBoostingClassifier(max_iter=200, random_state=0),
    }
    repairs = {
        "": None,
        ", Platt": churn.PlattScaling(),
        ", isotonic": IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip"),
    }
    return {
        f"{name}{end}": (model, repair)
        for name, model in models.items()
        for end, repair in repairs.items()
    }


def _signed_log(values: pd.DataFrame) -> pd.DataFrame:
    return np.sign(values) * np.log1p(np.abs(values))


def _against_truth(p: pd.Series, q: np.ndarray) -> dict[str, float]:
    """Measure predictions by the true probabilities: ranking, calibration, and profit in dollars.

    The offer is that of lesson 11c. Its letters go to all above the threshold that its costs set.
    """
    offer = Offer(clv=30, incentive=10, contact=1, accept=0.3)
    tenth = pd.qcut(pd.Series(q).rank(method="first"), 10, labels=False).to_numpy()
    means = pd.DataFrame({"q": q, "p": p.to_numpy()}).groupby(tenth).mean()
    weights = np.append(p, 1 - p)
    return {
        "auc": roc_auc_score(np.repeat([1, 0], len(q)), np.tile(q, 2), sample_weight=weights),
        "calibration_error": (means["q"] - means["p"]).abs().mean(),
        "profit": (p * offer.benefit - (1 - p) * offer.cost)[q >= offer.threshold].sum(),
    }
