"""Lift tests: experiments on a channel, as observations of its response curve."""

import numpy as np
import pandas as pd

from helpers.data import checks

NUMBERS = ["x", "delta_x", "delta_y", "sigma"]


class LiftTests:
    """Lift tests as further rows of the regression that finds the ceilings of a mix model.

    Spending on channel c rose from x to x + Δx, and customers by Δy, with standard error s:

        Δy = ceiling_c · (g(x + Δx) − g(x)) + s · noise,    g(x) = x / (half_c + x)

    Parameters
    ----------
    table : DataFrame, one row per test: ``channel``, ``x``, ``delta_x``, ``delta_y`` and ``sigma``
        (s), as `helpers.campaigns.MediaMix.fit` takes it; None for no tests.
    channels : names of the channels of the model, in its order.

    References
    ----------
    The columns are those of ``add_lift_test_measurements`` in PyMC-Marketing,
    https://www.pymc-marketing.io/en/stable/notebooks/mmm/mmm_lift_test.html, which has a Gamma
    distribution instead of the normal one, and so takes no test with a negative lift.
    """

    def __init__(self, table: pd.DataFrame | None, channels: list[str]):
        tests = pd.DataFrame(columns=["channel", *NUMBERS]) if table is None else table
        if table is not None:
            _check(table, channels)
        self.of_channel = tests[["channel"]].to_numpy() == np.array(channels)
        x, delta_x, self.lift, self.error = tests[NUMBERS].to_numpy(float).T
        self.before, self.after = x[:, None], (x + delta_x)[:, None]

    def columns(self, half: np.ndarray) -> np.ndarray:
        """Return what the ceilings are multiplied by, shape (tests, channels)."""
        share = self.after / (half + self.after) - self.before / (half + self.before)
        return self.of_channel * share

    def slopes(self, half: np.ndarray) -> np.ndarray:
        """Return the derivatives of `columns` by log half."""
        after = half * self.after / (half + self.after) ** 2
        return self.of_channel * (half * self.before / (half + self.before) ** 2 - after)


def _check(table: pd.DataFrame, channels: list[str]) -> None:
    checks.require(table, channel="text", **dict.fromkeys(NUMBERS, "number"))
    lowest = np.minimum(table["x"], table["x"] + table["delta_x"])
    unknown = ~table["channel"].isin(channels)
    checks.refuse_rows(
        table,
        ("channel", unknown, "is no channel of the model", f"Name one of {', '.join(channels)}."),
        ("x", lowest < 0, "is negative before or after the change", "Give dollars a week."),
        ("delta_x", table["delta_x"] == 0, "is 0", "A lift test changes the spending."),
        ("sigma", table["sigma"] <= 0, "is not positive", "Give the standard error of the lift."),
        name="lift_tests",
    )
