"""Item-based filtering: predict a rating from your ratings of the items that are rated alike."""

import numpy as np

from helpers.recommend.knn import UserKNN

__all__ = ["ItemKNN", "UserKNN"]


class ItemKNN(UserKNN):
    """Predict a rating from your ratings of the items that are rated most alike.

    `UserKNN` with users and items swapped: N is made of the k items most similar to i *among those
    that u rated*, never i, and by ``center`` the prediction is

        None        r̂_ui = Σ_N s_ij r_uj / Σ_N |s_ij|
        "mean"      r̂_ui = r̄_i + Σ_N s_ij (r_uj − r̄_j) / Σ_N |s_ij|
        "zscore"    r̂_ui = r̄_i + σ_i Σ_N s_ij (r_uj − r̄_j) / σ_j / Σ_N |s_ij|
        "baseline"  r̂_ui = b_ui + Σ_N s_ij (r_uj − b_uj) / Σ_N |s_ij|

    With ``feedback="implicit"`` it is the top-N recommender of Deshpande and Karypis: each item j
    that the user has votes for its own k nearest, N_k(j), and the score is

        Σ_{j∈I_u: i∈N_k(j)} s_ij r_uj

    not divided by Σ|s|. (Some write j ∈ N_k(i) under the sum: the nearest of the item that is
    recommended. Being among the nearest is not mutual, so that is another list. This is the one of
    the paper and of the library implicit.)

    Parameters, attributes and fallbacks are those of `UserKNN`. ``neighbors_`` has a row per item.

    References
    ----------
    B. Sarwar et al. (2001), Item-based collaborative filtering recommendation algorithms, WWW '01,
    285–295, doi:10.1145/371920.372071. M. Deshpande and G. Karypis (2004), Item-based top-N
    recommendation algorithms, ACM TOIS 22(1), 143–177, doi:10.1145/963770.963776.

    Examples
    --------
    >>> import pandas as pd
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben", "Cem"],
    ...                        "item_id": ["lamp", "bulb", "lamp", "bulb", "lamp"], "rating": 1})
    >>> model = ItemKNN(similarity="full_cosine", feedback="implicit").fit(bought)
    >>> model.recommend(["Cem"]).round(3)  # bulb and lamp share 2 buyers: 2 / (√2 · √3)
      user_id item_id  score  rank
    0     Cem    bulb  0.816     1
    >>> model.explain("Cem", "bulb").round(3)
            part neighbor  rating  similarity  contribution
    0  item lamp     lamp     1.0       0.816         0.816
    """

    _item_based = True

    def _similarities(self, item: int) -> np.ndarray:
        similarity = self.comparison_.candidates([item], self.min_sim)[0]
        return np.where(np.isneginf(similarity), np.nan, similarity)
