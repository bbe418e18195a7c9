"""The errors of scikit-surprise that the case study on MovieLens quotes are what it gives.

They are read from the notebook and measured anew, on the same folds.
"""

import ast
import json

import numpy as np
import pytest
import surprise

from helpers.data import downloads, sources
from helpers.evaluation.splits import split_folds
from tools.env import ROOT

NOTEBOOK = ROOT / "notebooks/case_studies/movielens.ipynb"
PAIR = ["user_id", "item_id", "rating"]
SEEDED = {"SVD", "NMF", "CoClustering"}

pytestmark = pytest.mark.skipif(
    not downloads.is_cached("movielens_small"), reason="MovieLens not downloaded"
)


def quoted(name: str) -> dict[str, tuple[float, float]]:
    """Return the RMSE and MAE of each algorithm from the cell that sets ``name``."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.startswith(f"{name} = "):
            return ast.literal_eval(ast.parse(source).body[0].value)
    raise AssertionError(f"{NOTEBOOK.name} has no cell that begins with {name} =")


def algorithm(name: str) -> surprise.AlgoBase:
    """Return what a row such as "KNNBasic msd" or "KNNBasic msd items" speaks of."""
    kind, *options = name.split()
    of_kind = getattr(surprise, kind)
    if kind in SEEDED:
        return of_kind(random_state=0)
    if not options:
        return of_kind(verbose=False)
    options = {"name": options[0], "user_based": "items" not in options}
    return of_kind(sim_options=options, verbose=False)


@pytest.fixture(scope="module")
def folds():
    """Return the folds of the notebook, as it cuts them."""
    return list(split_folds(sources.load_movielens_small()["ratings"], 5, random_state=0))


def errors(name: str, folds) -> np.ndarray:
    """Return RMSE and MAE, each the mean over the folds."""
    reader = surprise.Reader(rating_scale=(0.5, 5))
    found = []
    for train, test in folds:
        if "shuffled" in name:
            train = train.sample(frac=1, random_state=0)
        known = surprise.Dataset.load_from_df(train[PAIR], reader).build_full_trainset()
        asked = list(test[PAIR].itertuples(index=False, name=None))
        predictions = algorithm(name).fit(known).test(asked)
        found.append([getattr(surprise.accuracy, e)(predictions, False) for e in ("rmse", "mae")])
    return np.mean(found, axis=0)


def names(name: str) -> list[str]:
    return list(quoted(name)) if NOTEBOOK.is_file() else []


@pytest.mark.parametrize("name", names("surprise"))
def test_the_table_of_five_folds(name, folds):
    np.testing.assert_allclose(errors(name, folds), quoted("surprise")[name], rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", names("surprise_first"))
def test_the_table_of_the_first_fold(name, folds):
    first = folds[:1]
    np.testing.assert_allclose(
        errors(name, first), quoted("surprise_first")[name], rtol=0, atol=1e-3
    )
