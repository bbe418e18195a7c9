"""Recommend by neighbors: users who rate alike, or items that are rated alike."""

import numpy as np
from scipy import sparse

from helpers.recommend.knn import KNN


class UserKNN(KNN):
    """Predict a rating from the users who rate most like you.

    N is made of the k users most similar to u *among those who rated i*, never u, and only of users
    with s_uv ≥ min_sim; of ties at the edge, the first in ``users_``. By ``center`` the prediction
    is

        None        r̂_ui = Σ_N s_uv r_vi / Σ_N |s_uv|
        "mean"      r̂_ui = r̄_u + Σ_N s_uv (r_vi − r̄_v) / Σ_N |s_uv|
        "zscore"    r̂_ui = r̄_u + σ_u Σ_N s_uv (r_vi − r̄_v) / σ_v / Σ_N |s_uv|
        "baseline"  r̂_ui = b_ui + Σ_N s_uv (r_vi − b_vi) / Σ_N |s_uv|,   b_ui = μ + b_u + b_i

    where r̄_u and σ_u are over all that u rated (a user who gives the same stars to everything gets
    the σ of all ratings), and b_ui is that of `Baseline`. With fewer than min_k neighbors, or an
    unknown user or item, b_ui is predicted, with what is known of it, and marked as a fallback;
    such a pair is never recommended.

    With ``feedback="implicit"`` the neighborhood N_k(u) is that of the user, whatever the item, and
    what is predicted is a score, Σ_{v∈N_k(u)} s_uv r_vi, not divided by Σ|s|: where all ratings are
    1, a mean would be 1, too. ``center`` and ``min_k`` have no part in it.

    Parameters
    ----------
    k : largest number of neighbors.
    min_k : smallest number of neighbors; with fewer, the baseline is predicted.
    similarity : one of `helpers.similarity.MEASURES`; "full_cosine" or "jaccard" for implicit
        feedback.
    damping, cap : how much to shrink similarities that rest on few ratings, see
        `helpers.similarity.damping_factor`.
    center : None, "mean", "zscore" or "baseline".
    min_sim : least similarity of a neighbor. Below 0, ratings must be centered.
    feedback : "explicit" for ratings, "implicit" for counts of what happened (or 1 for each).
    baseline : the `Baseline` to fit for fallbacks and for the center "baseline"; by default one
        with its own defaults.

    Attributes
    ----------
    baseline_ : the fitted `Baseline` (explicit feedback).
    neighbors_ : csr_array, row u the similarities of N_k(u) (implicit feedback).

    References
    ----------
    P. Resnick et al. (1994), GroupLens: an open architecture for collaborative filtering of
    netnews, CSCW '94, 175–186, doi:10.1145/192844.192905. J. L. Herlocker et al. (1999), An
    algorithmic framework for performing collaborative filtering, SIGIR '99, 230–237,
    doi:10.1145/312624.312682.

    Examples
    --------
    Ana's rug: Ben, whose cosine with her is .997, gave it 4, and Cem, of cosine .673, gave it 2.

    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"user_id": ["Ana"] * 2 + ["Ben"] * 3 + ["Cem"] * 3,
    ...                         "item_id": ["lamp", "vase"] + ["lamp", "vase", "rug"] * 2,
    ...                         "rating": [5, 3, 4, 2, 4, 1, 5, 2]})
    >>> model = UserKNN(similarity="cosine", center=None).fit(ratings)
    >>> model.predict(pd.DataFrame({"user_id": ["Ana"], "item_id": ["rug"]})).round(3)
      user_id item_id  prediction  fallback
    0     Ana     rug       3.194     False
    >>> model.explain("Ana", "rug")[["part", "rating", "weight", "contribution"]].round(3)
           part  rating  weight  contribution
    0  user Ben     4.0   0.597         2.389
    1  user Cem     2.0   0.403         0.806
    """

    def _renew(self, users: np.ndarray) -> None:
        # Whoever is new may be a neighbor of others. Means are each user's own: those stay.
        self._compare()
        if self._implicit:
            old = self.neighbors_.copy()
            old.resize(len(self.users_), len(self.users_))
            new = self.comparison_.nearest(self.k, self.min_sim, users)
            row = np.arange(len(self.users_))
            row[users] = len(row) + np.arange(len(users))
            self.neighbors_ = sparse.vstack([old, new], format="csr")[row]


class ItemKNN(KNN):
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

    def _renew(self, users: np.ndarray) -> None:
        """Items stay as alike as they were, and their means what they were."""
