"""What is tracked are the lessons' own numbers, and the command needs no MLflow to say so."""

import json
import re
import subprocess

import pandas as pd
import pytest

from helpers.data import load_shop, load_shop_key
from helpers.production.scoring import git_commit
from helpers.recommend import EASE, Popularity
from tools import copies, tracked, tracking
from tools.tracked import Grid, Trial


@pytest.fixture(scope="module")
def grids():
    return {grid.lesson: grid for grid in tracked.grids(load_shop(), load_shop_key())}


def printed(lesson):
    """Return all lines that a lesson prints."""
    notebook = json.loads((copies.LESSONS / copies.find(lesson)).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("text", output.get("data", {}).get("text/plain", []))
            yield from "".join(text).splitlines()


@pytest.mark.parametrize(
    ("lesson", "name", "line"),
    [
        ("07", "also rated", "also rated +{ndcg:.3f} +{ndcg_low:.3f} +{ndcg_high:.3f}"),
        ("07", "user-kNN", "user-kNN +{ndcg:.3f} .* {precision:.3f} +{recall:.3f} +{rmse:.3f}"),
        ("09", "popularity", r"popularity {precision:.1%} \({precision_low:.1%} to "),
        ("09b", "item-kNN, k = 200", "item-kNN +{ndcg:.4f}"),
        ("11", "BG/NBD", r"BG/NBD +\S+ +{auc:.4f} +{brier:.4f}"),
        ("11", "logistic", r"logistic +\S+ +{auc:.4f} +{brier:.4f}"),
        ("11c", "naive Bayes, Platt", r"Platt +\S+ +{calibration_error:.3f} +{brier:.3f}"),
        ("11c", "naive Bayes, isotonic", r"naive Bayes +\d+ +\d+ +{profit:.0f}"),
    ],
)
def test_a_run_has_the_numbers_of_its_lesson(grids, lesson, name, line):
    found = grids[lesson].measure(*grids[lesson].models[name]).metrics
    pattern = line.format(**found).replace("%", "")
    assert any(re.search(pattern, each) for each in printed(lesson)), pattern


def test_the_validation_set_is_that_of_the_lesson(grids):
    # Lesson 09 chooses α by the NDCG of the summer.
    for alpha in ("1", "40"):
        pair = grids["09"].models[f"implicit ALS, α = {alpha}"]
        summer = grids["09"].measure(*pair).validation
        pattern = rf"{alpha}\.000\s+{summer:.3f}\s"
        assert any(re.search(pattern, line) for line in printed("09"))


def test_hyperparameters_are_the_same_in_every_process(grids):
    again = {grid.lesson: grid for grid in tracked.grids(load_shop(), load_shop_key())}
    for lesson, grid in grids.items():
        said = json.dumps(grid.parameters)
        assert said == json.dumps(again[lesson].parameters)
        assert " at 0x" not in said  # the address of a function
        assert len({json.dumps(each) for each in grid.parameters.values()}) == len(grid.models)


MODELS = {"a": EASE(1), "b": EASE(2), "c": Popularity()}
USERS = {"a": [0.1, 0.5], "b": [0.3, 0.3], "c": [0.0, 0.2]}


def tiny(lowest_is_best, validation):
    pairs = {name: (model, None) for name, model in MODELS.items()}
    grid = Grid("07", "list of ten", "ndcg", lowest_is_best, pairs, None)
    return grid, {name: Trial({}, validation[name], pd.Series(USERS[name])) for name in MODELS}


@pytest.mark.parametrize(("lowest_is_best", "chosen"), [(False, ("b", "c")), (True, ("c", "a"))])
def test_the_validation_set_chooses_and_the_challenger_is_of_another_kind(lowest_is_best, chosen):
    assert tracking.choose(*tiny(lowest_is_best, {"a": 0.4, "b": 0.5, "c": 0.3})) == chosen


@pytest.mark.parametrize(("lowest_is_best", "lead"), [(False, 0.2), (True, -0.2)])
def test_a_lead_is_above_zero_if_the_champion_is_better(lowest_is_best, lead):
    grid, trials = tiny(lowest_is_best, dict.fromkeys(MODELS, 0))
    # Means .3 and .1: better by .2 for a metric, worse by .2 for an error.
    assert tracking.lead(grid, trials["a"], trials["c"])["lead"] == pytest.approx(lead)


def test_the_hash_of_the_data_sees_a_changed_byte_and_a_changed_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tracking.env, "ROOT", tmp_path)
    file = tmp_path / "data/shop/raw/users.csv"
    file.parent.mkdir(parents=True)
    file.write_text("a")
    hashes = {tracking.hash_of_data()}
    file.write_text("b")
    hashes.add(tracking.hash_of_data())
    file.rename(file.with_name("items.csv"))
    hashes.add(tracking.hash_of_data())
    assert len(hashes) == 3


def test_without_git_the_commit_is_unknown(tmp_path, monkeypatch):
    assert git_commit(tmp_path) == "unknown"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: (_ for _ in ()).throw(OSError))
    assert git_commit(tmp_path) == "unknown"


@pytest.mark.parametrize("what", ["best", "page"])
def test_before_the_first_run_it_says_what_to_do(what, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path))
    monkeypatch.setattr(tracking.env, "enter", lambda extra: None)
    monkeypatch.setattr("sys.argv", ["tracking", what])
    for name in tracking.SETTINGS:  # main sets them
        monkeypatch.setenv(name, "")
    with pytest.raises(SystemExit) as left:
        tracking.main()
    assert left.value.code == "Nothing is logged yet. First: python -m tools.tracking run"
    assert list(tmp_path.iterdir()) == []
