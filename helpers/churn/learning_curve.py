"""The learning curve of lesson 11b: AUC by the number of customers that a model learned from.

``python -m helpers.churn.learning_curve`` measures it, in about a quarter of an hour, and writes
``data/churn/learning_curve.csv``, which `load_learning_curve` reads.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from helpers.churn.features import feature_guide
from helpers.churn.gru import GRUClassifier
from helpers.churn.labels import split_out_of_time
from helpers.churn.models import classifiers, silence_by_bgnbd
from helpers.churn.sequences import weekly_sequences
from helpers.data.shop import simulate
from helpers.data.shop.simulation import Size

FILE = Path(__file__).parents[2] / "data/churn/learning_curve.csv"
SHOP = Size(users=100_000, items=400, ratings=1_000)
SEEDS = range(5)
CUSTOMERS = (500, 2_000, 8_000, 32_000)
T0S, HORIZON = ("2025-06-30", "2025-09-30"), 90  # of training and test, as in lesson 11
BROWSING = feature_guide().query("comes_from == 'events'").index
HELD = 0.2  # share of the shop's users who are only tested on


def load_learning_curve() -> pd.DataFrame:
    """Load how well models rank churners after learning from few or many customers.

    Each ``shop`` is a simulated one of 100,000 users, drawn with another seed. Models learn on June
    30 from some of four fifths of its users and are tested on September 30 with the last fifth,
    about 14,000 customers.

    Returns
    -------
    DataFrame, one row per shop, number of customers and model: ``shop`` (seed), ``customers``,
    ``model``, ``auc``. BG/NBD learns from no labels: 0 customers. The features include
    browsing, unless the name of the model says otherwise.

    Examples
    --------
    >>> sorted(load_learning_curve()["customers"].unique().tolist())
    [0, 500, 2000, 8000, 32000]
    """
    return pd.read_csv(FILE)


def measure(
    seed: int, customers: Sequence[int] = CUSTOMERS, shop: Size = SHOP
) -> Iterator[tuple[int, int, str, float]]:
    """Yield (seed, customers, model, AUC) on one simulated shop."""
    tables = simulate(shop, seed).shop
    lines, events = tables.order_lines, tables.events
    orders = lines.assign(value=lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]))
    split = split_out_of_time(orders, *T0S, HORIZON, events=events)
    history = [weekly_sequences(orders, t0, weeks=128, every=4) for t0 in T0S]
    weekly = [weekly_sequences(orders, t0, weeks=25, events=events) for t0 in T0S]
    purchases = [x.loc[:, (slice(None), ["purchases", "spent"])] for x in weekly]
    inputs = {  # name → sequences of both days, and whether the features are added
        "GRU": (history, False),
        "GRU + features": (history, True),
        "GRU, 25 weeks": (purchases, False),
        "GRU, 25 weeks with browsing": (weekly, False),
    }
    rng = np.random.default_rng(seed)
    held = rng.permutation(tables.users["user_id"])[: round(HELD * shop.users)]
    test = split.test.index[split.test.index.isin(held)]
    learners = rng.permutation(split.train.index[~split.train.index.isin(held)])
    y, f_test = split.y_test.loc[test], split.test.loc[test]

    yield seed, 0, "BG/NBD", roc_auc_score(y, silence_by_bgnbd(f_test, HORIZON))
    for n in customers:
        some = learners[:n]
        y_some, f_some = split.y_train.loc[some], split.train.loc[some]
        for name in ("logistic", "boosted trees"):
            p = classifiers()[name].fit(f_some, y_some).predict_proba(f_test)[:, 1]
            yield seed, n, name, roc_auc_score(y, p)
        trees = classifiers()["boosted trees"].fit(f_some.drop(columns=BROWSING), y_some)
        p = trees.predict_proba(f_test.drop(columns=BROWSING))[:, 1]
        yield seed, n, "boosted trees without browsing", roc_auc_score(y, p)
        for name, ((x_train, x_test), with_features) in inputs.items():
            model = GRUClassifier(random_state=seed)
            model.fit(x_train.loc[some], y_some, f_some if with_features else None)
            p = model.predict_proba(x_test.loc[test], f_test if with_features else None)[:, 1]
            yield seed, n, name, roc_auc_score(y, p)


def main() -> None:
    """Measure all of it, and write the file."""
    rows = []
    for seed in SEEDS:
        for row in measure(seed):
            rows.append(row)
            print(*row)
    curve = pd.DataFrame(rows, columns=["shop", "customers", "model", "auc"])
    FILE.parent.mkdir(exist_ok=True)
    curve.round({"auc": 4}).to_csv(FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
