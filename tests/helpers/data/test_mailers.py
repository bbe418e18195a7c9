"""Complete Journey's mailers: as pandas reads the table, and agreeing with what was sold."""

import numpy as np
import pandas as pd

from helpers.data import load_complete_journey, load_complete_journey_mailers
from helpers.data.mailers import WEEK_1

MILK, BUNS = 995242, 826249  # half a gallon of milk, hamburger buns


def test_weeks_of_the_package_begin_on_the_monday_of_the_mailer():
    lines = load_complete_journey()["transactions"]
    day = lines["ordered_at"].dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    assert (monday == WEEK_1 + pd.to_timedelta(7 * (lines["week"] - 1), unit="D")).mean() > 0.99


def test_mailers_are_sorted_each_once_and_lift_sales():
    mailers = load_complete_journey_mailers([MILK, BUNS])
    assert set(mailers["series"]) == {MILK, BUNS}
    assert not mailers.duplicated().any()
    pd.testing.assert_frame_equal(mailers, mailers.sort_values(["series", "week"]))
    lines = load_complete_journey()["transactions"].query("item_id == @MILK")
    units = lines.groupby("week")["quantity"].sum()
    monday = WEEK_1 + pd.to_timedelta(7 * (units.index - 1), unit="D")
    on = np.isin(monday, mailers.loc[mailers["series"] == MILK, "week"])
    assert units[on].mean() > 4 * units[~on].mean()


def test_a_product_that_no_mailer_has():
    assert load_complete_journey_mailers([1]).empty
