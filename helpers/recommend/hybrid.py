"""Hybrid recommenders: several models together, or one as the fallback of another.

The parts of a hybrid are named models: `Recommender` models, or any others that have ``fit``,
``recommend(users, k, filter_seen)`` and ``predict(pairs)`` with the same tables. A hybrid fits
copies of them.
"""

import copy
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.recommend.base import Recommender
from helpers.similarity.ranking import rounded

DEPTH = 100  # items of each part's list; more if longer lists are asked for


class _Hybrid(Recommender):
    """What the two hybrids share.

    Attributes
    ----------
    models_ : dict of name → fitted model.
    users_, items_ : Index of the ids of the training.
    scale_ : lowest and highest rating of the training; infinite if a part predicts scores.
    """

    def _fit(self, models: Mapping[str, Any], interactions: pd.DataFrame) -> Self:
        self._learn(interactions)
        self.models_ = {
            name: clone(model, safe=False).fit(interactions) for name, model in models.items()
        }
        # Scores have an infinite scale, and a hybrid with a part that scores predicts no ratings.
        low, high = zip(*(self._scale(part) for part in self.models_.values()), strict=True)
        self.scale_ = min(low), max(high)
        return self

    def _scale(self, part: Any) -> tuple[float, float]:
        return getattr(part, "scale_", self.scale_)

    def fold_in(self, interactions: pd.DataFrame) -> Self:
        """Return a hybrid whose parts also know these ratings; see `Recommender.fold_in`."""
        check_is_fitted(self)
        model = copy.copy(self)
        model.models_ = {name: part.fold_in(interactions) for name, part in self.models_.items()}
        model.users_ = self.users_.union(pd.Index(interactions["user_id"].unique()), sort=False)
        return model

    def _lists(self, users: pd.Index, k: int, filter_seen: bool) -> pd.DataFrame:
        """Return the lists of all parts in one table, with the name of their ``source``."""
        return pd.concat(
            [
                part.recommend(users, k=k, filter_seen=filter_seen).assign(source=name)
                for name, part in self.models_.items()
            ],
            ignore_index=True,
        )

    def _answers(self, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return predictions, and where they are no fallback; both of shape (pairs, models)."""
        check_is_fitted(self)
        if any(self._scale(part) != self.scale_ for part in self.models_.values()):
            raise ValueError(
                f"{type(self).__name__}: some of {', '.join(self.models_)} predict ratings, others "
                "scores; they can rank together, but there is no common prediction."
            )
        answers = [part.predict(pairs) for part in self.models_.values()]
        predictions = [answer["prediction"] for answer in answers]
        speaks = [~answer["fallback"] for answer in answers]
        return np.column_stack(predictions), np.column_stack(speaks)


def _ranked(lists: pd.DataFrame, users: pd.Index, k: int, by: list[str]) -> pd.DataFrame:
    """Sort each user's rows by columns, keep the users' order, and keep the first k of each."""
    lists = lists.assign(user=users.get_indexer(lists["user_id"]))
    lists = lists.sort_values(["user", *by], ignore_index=True).drop(columns="user")
    lists["rank"] = lists.groupby("user_id").cumcount() + 1
    return lists[lists["rank"] <= k].reset_index(drop=True)


class WeightedHybrid(_Hybrid):
    """Weighted hybrid: combine the scores of all parts, each with its weight.

    Scores of different models are not comparable: one counts buyers, another is a cosine. So the
    list of each model m, of at least 100 items, is scaled to the range from 0 to 1 for each user,

        v_mui = (s_mui − lowest) / (highest − lowest),   1 if all scores of the list are the same

    and an item that is not on the list gets 0. The score is the weighted mean over the models:

        score_ui = Σ_m w_m v_mui / Σ_m w_m

    A prediction is the weighted mean of the parts' predictions, without those that are fallbacks.
    If all are fallbacks, it is their mean, and marked as a fallback.

    Parameters
    ----------
    models : dict of name → model.
    weights : dict of name → weight, 0 or more, for the same names; they need not add up to 1. A
        part of weight 0 is left out.

    Attributes
    ----------
    models_ : dict of name → fitted model, for weights above 0. weights_ : Series of their weights,
        which add up to 1.

    References
    ----------
    R. Burke (2002), Hybrid recommender systems: survey and experiments, User Modeling and
    User-Adapted Interaction 12, doi:10.1023/A:1021240730564. J. H. Lee (1997), Analyses of multiple
    evidence combination, SIGIR '97, doi:10.1145/258525.258587

    Examples
    --------
    >>> from helpers.recommend import ContentBased, Popularity
    >>> items = pd.DataFrame({"item_id": ["lamp", "lantern", "vase"],
    ...                       "category": ["Lighting", "Lighting", "Decor"]})
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ben", "Ben"],
    ...                        "item_id": ["lamp", "lamp", "vase"], "rating": 1})
    >>> models = {"alike": ContentBased(items, {"category": 1}, feedback="implicit"),
    ...           "popular": Popularity()}
    >>> hybrid = WeightedHybrid(models, {"alike": 3, "popular": 1}).fit(bought)
    >>> hybrid.recommend(["Ana"])  # the lantern gets 3 / 4, though nobody has bought it
      user_id  item_id  score  rank
    0     Ana  lantern   0.75     1
    1     Ana     vase   0.25     2
    """

    def __init__(self, models: Mapping[str, Any], weights: Mapping[str, float]):
        self.models = models
        self.weights = weights

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Fit all parts with a weight above 0; columns ``user_id``, ``item_id``, ``rating``."""
        weights = pd.Series(self.weights, dtype=float)
        if self.weights.keys() != self.models.keys() or (weights < 0).any() or weights.sum() == 0:
            raise ValueError(
                f"WeightedHybrid: needs a weight of 0 or more for each of {', '.join(self.models)}"
                f", one of them above 0; got {dict(self.weights)}."
            )
        self.weights_ = weights[weights > 0] / weights.sum()
        return self._fit({name: self.models[name] for name in self.weights_.index}, interactions)

    def recommend(
        self, users: Iterable[Hashable] | None = None, k: int = 10, filter_seen: bool = True
    ) -> pd.DataFrame:
        """Recommend the k items with the highest scores; see `Recommender.recommend`."""
        check_is_fitted(self)
        checks.require_whole("k", k)
        users = self._asked(users)
        lists = self._lists(users, max(DEPTH, k), filter_seen)
        ties = lists.groupby(["user_id", "source", rounded(lists["score"])])
        lists["score"] = ties["score"].transform("max")  # so that they get the same vote
        score = lists.groupby(["user_id", "source"])["score"]
        lowest, highest = score.transform("min"), score.transform("max")
        vote = ((lists["score"] - lowest) / (highest - lowest)).where(highest > lowest, 1.0)
        lists["score"] = lists["source"].map(self.weights_).astype(float) * vote
        votes = lists.groupby(["user_id", "item_id"], as_index=False)["score"].sum()
        votes["behind"] = -rounded(votes["score"])
        return _ranked(votes, users, k, ["behind", "item_id"]).drop(columns="behind")

    def predict(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Predict the rating of each pair; see `Recommender.predict`."""
        predictions, speaks = self._answers(pairs)
        silent = ~np.any(speaks, axis=1)
        weight = self.weights_.to_numpy() * (speaks | silent[:, None])
        mean = (weight * predictions).sum(axis=1) / weight.sum(axis=1)
        return pairs.assign(prediction=mean, fallback=silent)

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the parts of a prediction; their ``contribution`` adds up to it.

        Returns
        -------
        DataFrame; columns ``part`` (name of the model), ``weight`` (its share in this prediction),
        ``prediction``, ``contribution`` (their product).
        """
        predictions, speaks = self._answers(pd.DataFrame({"user_id": [user], "item_id": [item]}))
        weight = self.weights_.to_numpy() * (speaks[0] | ~speaks.any())
        parts = pd.DataFrame({"part": self.weights_.index, "weight": weight / weight.sum()})
        parts["prediction"] = predictions[0]
        return parts.assign(contribution=parts["weight"] * parts["prediction"])


class SwitchingHybrid(_Hybrid):
    """Switching hybrid: use the first part that has an answer; the next ones fill the gaps.

    A list begins with what the first model recommends. If it is too short, or empty, as for a user
    whom the model does not know, it continues with the second model's list, and so on. A prediction
    is that of the first model that has more than a fallback.

    If the lists of the first model are always full, the other models are used for unknown users
    only: cold users get lists, but no cold item enters the lists of warm users.

    Parameters
    ----------
    models : dict of name → model, in the order in which they are used.

    References
    ----------
    R. Burke (2002), Hybrid recommender systems: survey and experiments, User Modeling and
    User-Adapted Interaction 12, doi:10.1023/A:1021240730564

    Examples
    --------
    >>> from helpers.recommend import ContentBased, Popularity
    >>> items = pd.DataFrame({"item_id": ["lamp", "lantern", "vase"],
    ...                       "category": ["Lighting", "Lighting", "Decor"]})
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ben", "Ben"],
    ...                        "item_id": ["lamp", "lamp", "vase"], "rating": 1})
    >>> models = {"alike": ContentBased(items, {"category": 1}, feedback="implicit"),
    ...           "popular": Popularity()}
    >>> SwitchingHybrid(models).fit(bought).recommend(["Ana", "somebody new"], k=2)
            user_id  item_id  score  rank   source
    0           Ana  lantern    1.0     1    alike
    1           Ana     vase    1.0     2  popular
    2  somebody new     lamp    2.0     1  popular
    3  somebody new     vase    1.0     2  popular
    """

    def __init__(self, models: Mapping[str, Any]):
        self.models = models

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Fit all parts on one table; columns ``user_id``, ``item_id``, ``rating``."""
        if not self.models:
            raise ValueError('SwitchingHybrid: needs a model, such as {"name": model}.')
        return self._fit(self.models, interactions)

    def recommend(
        self, users: Iterable[Hashable] | None = None, k: int = 10, filter_seen: bool = True
    ) -> pd.DataFrame:
        """Recommend k items to each user; see `Recommender.recommend`.

        Returns
        -------
        DataFrame as there, and ``source``, the name of the model that gave item and score. Scores
        of different sources are not comparable.
        """
        check_is_fitted(self)
        checks.require_whole("k", k)
        users = self._asked(users)
        lists = self._lists(users, k, filter_seen)
        lists["turn"] = lists["source"].map(list(self.models_).index)
        lists = lists.sort_values("turn", kind="stable").drop_duplicates(["user_id", "item_id"])
        return _ranked(lists, users, k, ["turn", "rank"]).drop(columns="turn")

    def predict(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Predict the rating of each pair; see `Recommender.predict`.

        Returns
        -------
        DataFrame as there, and ``source``, the name of the model used; the first one if all
        predictions are fallbacks.
        """
        predictions, speaks = self._answers(pairs)
        speaker = speaks.argmax(axis=1)
        return pairs.assign(
            prediction=predictions[np.arange(len(pairs)), speaker],
            fallback=~speaks.any(axis=1),
            source=np.array(list(self.models_))[speaker],
        )

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the explanation of the model that made the prediction, with its ``source``."""
        pair = pd.DataFrame({"user_id": [user], "item_id": [item]})
        source = self.predict(pair)["source"].iloc[0]
        if not hasattr(self.models_[source], "explain"):
            raise ValueError(
                f'SwitchingHybrid: "{source}" made this prediction, and a '
                f"{type(self.models_[source]).__name__} model has no explanation for it."
            )
        return self.models_[source].explain(user, item).assign(source=source)
