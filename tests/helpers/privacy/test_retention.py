"""The end of a retention period, day by day."""

import pandas as pd

from helpers.privacy import expired


def test_the_last_day_still_counts():
    # 30 days after January 1 is January 31: on that day the row may stay, on February 1 it may not.
    events = pd.DataFrame({"at": pd.to_datetime(["2025-01-01 00:00", "2025-01-01 23:59"])})
    assert expired(events, "at", 30, "2025-01-31").tolist() == [False, False]
    assert expired(events, "at", 30, "2025-02-01").tolist() == [True, True]
