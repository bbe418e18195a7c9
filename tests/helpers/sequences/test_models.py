"""What all models of sequences promise, and their formulas by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from helpers.sequences.counting import Cooccurrence, MarkovChain, RecentPopularity
from helpers.sequences.neighbors import SessionKNN
from helpers.sequences.sasrec import SASRec

MODELS = [
    RecentPopularity(),
    MarkovChain(),
    Cooccurrence(),
    SessionKNN(),
    SASRec(factors=4, epochs=2),
    SASRec(factors=4, epochs=2, negatives=2),
]


def table(*sessions: str, start: str = "2025-03-01") -> pd.DataFrame:
    """One session per word, one item per letter, one minute per item."""
    pairs = [(f"S{n}", item) for n, word in enumerate(sessions, 1) for item in word]
    found = pd.DataFrame(pairs, columns=["session_id", "item_id"])
    return found.assign(occurred_at=pd.date_range(start, periods=len(found), freq="min"))


LOG = table("ab", "abc", "ac", "cb", "d")


def ranked(model, *sessions: str, **arguments) -> list[str]:
    lists = model.recommend(table(*sessions), **arguments)
    return lists.groupby("session_id")["item_id"].agg("".join).tolist()


@pytest.mark.parametrize("model", MODELS, ids=repr)
class TestEveryModel:
    def test_order_of_rows_does_not_matter(self, model):
        one = clone(model).fit(LOG).recommend(LOG)
        other = clone(model).fit(LOG[::-1]).recommend(LOG[::-1])
        pd.testing.assert_frame_equal(one, other)

    def test_lists_are_ranked_and_leave_out_what_was_seen(self, model):
        lists = model.fit(LOG).recommend(table("ab", "d"), k=2)
        assert lists["rank"].tolist() == [1, 2, 1, 2]
        assert (lists.groupby("session_id")["score"].diff().dropna() <= 0).all()
        assert not {"a", "b"} & set(lists.loc[lists["session_id"] == "S1", "item_id"])
        everything = clone(model).fit(LOG).recommend(table("ab"), filter_seen=False)
        assert sorted(everything["item_id"]) == list("abcd")

    def test_sessions_of_unknown_items_get_what_is_popular(self, model):
        assert ranked(model.fit(LOG), "x", k=1) == ranked(RecentPopularity().fit(LOG), "x", k=1)

    def test_scores_do_not_depend_on_who_else_asks(self, model):
        model = clone(model).fit(LOG)
        alone = model.recommend(table("ab"))
        together = model.recommend(table("ab", "dcb")).query("session_id == 'S1'")
        assert alone["item_id"].tolist() == together["item_id"].tolist()
        np.testing.assert_allclose(alone["score"], together["score"])

    def test_bad_input_is_refused(self, model):
        with pytest.raises(NotFittedError):
            clone(model).recommend(LOG)
        with pytest.raises(ValueError, match="occurred_at"):
            clone(model).fit(LOG[["session_id", "item_id"]])
        with pytest.raises(ValueError, match="days above 0"):
            clone(model).set_params(days=0).fit(LOG)


def test_wrong_parameters_are_refused():
    with pytest.raises(ValueError, match="smoothing above 0"):
        MarkovChain(smoothing=0).fit(LOG)
    with pytest.raises(ValueError, match="k "):
        SessionKNN(k=0).fit(LOG)
    with pytest.raises(ValueError, match="negatives"):
        SASRec(negatives=0).fit(LOG)


def test_markov_chain_by_hand():
    # Steps: ab, ab, bc, ac, cb. From a: b twice, c once. Shares: a 3, b 3, c 3, d 1 of 10.
    model = MarkovChain(smoothing=1).fit(LOG)
    scores = model.recommend(table("a")).set_index("item_id")["score"]
    assert scores["b"] == pytest.approx((2 + 0.3) / (3 + 1))
    assert scores["c"] == pytest.approx((1 + 0.3) / (3 + 1))
    assert scores["d"] == pytest.approx(0.1 / 4)
    # Only the last item counts.
    assert ranked(model, "ca", k=1) == ranked(model, "a", k=1) == ["b"]


def test_the_scores_of_a_markov_chain_are_probabilities():
    lists = MarkovChain().fit(LOG).recommend(table("a", "b", "x"), filter_seen=False)
    np.testing.assert_allclose(lists.groupby("session_id")["score"].sum(), 1)


def test_cooccurrence_by_hand():
    # Sessions with both: ab 2 (ab, abc), ac 2 (abc, ac), bc 2 (abc, cb). From a: 4, from b: 4.
    # Session "ab": c is the mean of (2 + 0.3) / (4 + 1) from a, and the same from b.
    model = Cooccurrence(smoothing=1).fit(LOG)
    scores = model.recommend(table("ab")).set_index("item_id")["score"]
    assert scores["c"] == pytest.approx(2.3 / 5)
    assert scores["d"] == pytest.approx(0.1 / 5)


def test_the_order_changes_a_markov_chain_and_not_cooccurrence():
    forth, back = table("ab", "ab"), table("ba", "ba")
    item = {}
    for model in (MarkovChain(1), Cooccurrence(1), SessionKNN()):
        lists = [clone(model).fit(log).recommend(table("a"))["score"][0] for log in (forth, back)]
        item[type(model)] = lists[0] == pytest.approx(lists[1])
    assert item == {MarkovChain: False, Cooccurrence: True, SessionKNN: True}


def test_session_knn_by_hand():
    # Session "a" against ab 1/√2, abc 1/√3, ac 1/√2. All three: b is in ab and abc, c in abc, ac.
    log = table("ab", "abc", "ac", "d")
    scores = SessionKNN(k=3).fit(log).recommend(table("a")).set_index("item_id")["score"]
    assert scores["b"] == pytest.approx(2**-0.5 + 3**-0.5)
    assert scores["c"] == pytest.approx(2**-0.5 + 3**-0.5)
    # One neighbor: ab and ac are equally near, and ac is newer.
    assert ranked(SessionKNN(k=1).fit(log), "a", k=1) == ["c"]
    # Only the newest that shares an item: ac.
    assert ranked(SessionKNN(recent=1).fit(log), "ab", k=1) == ["c"]
    assert ranked(SessionKNN(recent=3).fit(log), "ab", k=1) == ["c"]


def test_popularity_has_a_window():
    log = pd.concat([table("aab"), table("b", start="2025-06-01")])
    log["session_id"] = list("1234")
    assert ranked(RecentPopularity().fit(log), "x", k=2) == ["ab"]
    assert ranked(RecentPopularity(days=30).fit(log), "x", k=1) == ["b"]
    # The smoothing of a chain follows the same window.
    assert ranked(MarkovChain(days=30).fit(log), "x", k=1) == ["b"]
