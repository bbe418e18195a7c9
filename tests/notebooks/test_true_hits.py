"""What lesson 09b calls the true probability of the next pick is the simulator's own."""

import contextlib
import io

import numpy as np
import pandas as pd

from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import OPENS
from tools import replicate


def test_the_next_pick_of_09b_is_that_of_the_simulator():
    lesson = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for statement in replicate.read("09b"):
            if statement.cell in ("setup", "views", "nextpick", "demand", "pick"):
                exec(compile(statement.tree, statement.cell, "exec"), lesson)
    shop, key = lesson["shop"], lesson["key"]
    items = shop.items.merge(key["items"], on="item_id", validate="1:1").assign(
        shelf=pd.factorize(shop.items["category"])[0],
        day=(shop.items["launched_at"] - OPENS).dt.days,
    )
    choice = Choice(key["users"], items)
    days, some = [1018, 1049, 1079], np.arange(0, len(key["users"]), 10)
    told = lesson["next_pick"](key["users"]["user_id"].iloc[some], days)
    true = np.mean(
        [choice.probability(some, np.full(len(some), day), np.arange(len(items))) for day in days],
        axis=0,
    )
    assert (told.columns == items["item_id"]).all()
    assert np.abs(told.to_numpy() - true).sum(axis=1).max() < 0.01  # distributions, of sum 1
