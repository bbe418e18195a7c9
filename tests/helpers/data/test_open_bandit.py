import pandas as pd
import pytest

from helpers.data import load_open_bandit

LOG = load_open_bandit()
ITEMS = {"men": 34, "women": 46}


def test_the_log_holds_each_policy_and_campaign_alike():
    assert (LOG.groupby(["policy", "campaign"]).size() == 10_000).all()
    assert not LOG.isna().any(axis=None)
    assert LOG["shown_at"].between("2019-11-24", "2019-11-30 23:00").all()
    assert set(LOG["position"]) == {1, 2, 3}
    assert LOG.groupby("campaign")["item_id"].agg(lambda ids: sorted(set(ids))).to_dict() == {
        campaign: [*range(n)] for campaign, n in ITEMS.items()
    }


def test_the_random_policy_shows_all_items_alike():
    by_chance = LOG[LOG["policy"] == "random"]
    assert by_chance["propensity"].tolist() == pytest.approx(
        1 / by_chance["campaign"].map(ITEMS), abs=1e-12
    )
    # In each place, the counts of an item scatter around n / items as multinomial ones do:
    # chi-squared has as its mean the degrees of freedom, 33 and 45, and a variance of twice that.
    for (campaign, _), counts in by_chance.groupby(["campaign", "position"])["item_id"]:
        counts, n = counts.value_counts(), ITEMS[campaign]
        expected = counts.sum() / n
        assert ((counts - expected) ** 2 / expected).sum() < n - 1 + 4 * (2 * (n - 1)) ** 0.5


def test_a_propensity_is_that_of_an_item_in_a_place():
    # If p is the probability of what is shown in a place, 1 / p has as its mean the number of items
    # that can be shown there: Σ p · 1 / p. One row of the women's campaign breaks this.
    learning = LOG[(LOG["policy"] == "bts") & (LOG["propensity"] > 2e-6)]
    inverse = (1 / learning["propensity"]).groupby([learning["campaign"], learning["position"]])
    assert (inverse.mean() / inverse.mean().index.get_level_values(0).map(ITEMS)).tolist() == (
        pytest.approx([1] * 6, abs=0.25)
    )


def test_the_values_of_the_published_files():
    # Clicks counted in the four files of the package obp 0.5.7.
    clicks = LOG.groupby(["policy", "campaign"])["clicked"].sum()
    assert clicks.to_dict() == {
        ("bts", "men"): 69, ("bts", "women"): 46, ("random", "men"): 46, ("random", "women"): 46,
    }  # fmt: skip
    assert LOG["propensity"].min() == 0.000001
    assert pd.api.types.is_bool_dtype(LOG["clicked"])
