"""Open Bandit: a real log of recommendations, with the probability of each item that was shown."""

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parents[2] / "data" / "open_bandit" / "log.parquet"


def load_open_bandit() -> pd.DataFrame:
    """Load a week of recommendations by a fashion shop, the small version of Open Bandit.

    A page showed three items. On each visit chance decided which policy chose them: "random", each
    item with the same probability, or "bts", Bernoulli Thompson sampling, which kept learning from
    clicks during the week. Neither knew the user. There are 10,000 rows for each policy in each of
    two campaigns, drawn from a much larger log, so that the other items of a page are missing.

    Returns
    -------
    DataFrame, one row per item shown: ``policy`` ("random" or "bts"), ``campaign`` ("men", with 34
    items, or "women", with 46), ``shown_at`` (the hour, in UTC), ``item_id`` (int, from 0 on within
    the campaign), ``position`` (1, 2 or 3), ``propensity`` (the probability that the policy put
    this item in this place at that time) and ``clicked`` (bool). Sorted by policy, campaign, time.

    References
    ----------
    Saito, Aihara, Matsutani & Narita (2020), Open Bandit Dataset and Pipeline: towards realistic
    and reproducible off-policy evaluation, https://arxiv.org/abs/2008.07146; license: see
    data/README.md.

    Examples
    --------
    >>> log = load_open_bandit()
    >>> log.groupby(["campaign", "policy"])["clicked"].mean()
    campaign  policy
    men       bts       0.0069
              random    0.0046
    women     bts       0.0046
              random    0.0046
    Name: clicked, dtype: float64
    """
    return pd.read_parquet(FILE)
