"""Marketing mix model: how new customers respond to advertising, by history and by experiments.

Spending keeps working in later weeks (adstock), and each further dollar brings less (saturation).
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from scipy.optimize import OptimizeResult, least_squares, nnls
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from helpers.campaigns.carryover import adstock_slopes, adstocks
from helpers.campaigns.lift_tests import LiftTests
from helpers.data import checks

LONGEST_CARRYOVER = 0.95
HALF_OF_MEAN = 0.1, 10.0  # bounds of half, in units of a channel's mean spending
YEAR = 365.25 / 7  # weeks


class MediaMix(BaseEstimator):
    """Marketing mix model: new customers from the spending on several channels at once.

    In region r and week t, per head of the whole country,

        y_rt = controls + Σ_c ceiling_c · a / (half_c + a) + noise,    a = adstock(x_crt, θ_c)

    fitted by least squares weighted by the regions' shares, with ceilings of 0 or more. A lift test
    of channel c, an experiment in which spending rose from x to x + Δx and customers by Δy, with
    standard error s, is one more observation of the same curve (`LiftTests`):

        Δy = f_c(x + Δx) − f_c(x) + s · noise

    It weighs σ²/s², with σ the noise of a week by the fit without lift tests. For given
    half and θ the model is linear: an inner regression finds ceilings and controls (variable
    projection), an outer search half and θ, from several starts. Half is kept between a tenth and
    ten times the mean spending of the channel, θ between 0 and 0.95: where the data do not say how
    a curve flattens, the estimate lies at one of these limits.

    Parameters
    ----------
    channels : names of the columns with spending.
    controls : "season" (a trend and two waves a year), "none" (a constant), or "weeks" (an effect
        for each week and each region): for experiments, in which regions differ in a week.
    n_starts : starts of the outer search.
    random_state : seed of starts and bootstrap.

    Attributes
    ----------
    responses_ : DataFrame, index ``channel``: ``ceiling``, ``half``, ``carryover``.
    r2_ : share of the variance of y explained, controls included.
    noise_ : σ, the standard deviation of a week's noise, by the fit without lift tests.

    References
    ----------
    Jin, Wang, Sun, Chan & Koehler (2017), Bayesian methods for media mix modeling with carryover
    and shape effects, Google Inc. (they use priors); Golub & Pereyra (1973),
    https://doi.org/10.1137/0710036 (variable projection); Kaufman (1975), A variable projection
    method for solving separable nonlinear least squares problems, BIT 15(1), 49–57 (its
    derivative); Künsch (1989), https://doi.org/10.1214/aos/1176347265 (block bootstrap).

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": pd.date_range("2025-01-06", periods=8, freq="7D")})
    >>> weeks["tv"] = [0.0, 4, 1, 9, 0, 2, 16, 3]
    >>> weeks["customers"] = 5 + 20 * weeks["tv"] / (4 + weeks["tv"])
    >>> MediaMix(["tv"], controls="none").fit(weeks).responses_.round(2)
             ceiling  half  carryover
    channel
    tv          20.0   4.0        0.0
    """

    def __init__(
        self,
        channels: Sequence[str],
        *,
        controls: str = "season",
        n_starts: int = 3,
        random_state: int = 0,
    ):
        self.channels = channels
        self.controls = controls
        self.n_starts = n_starts
        self.random_state = random_state

    def fit(self, weeks: pd.DataFrame, lift_tests: pd.DataFrame | None = None) -> "MediaMix":
        """Fit to a table of weeks and, if there are any, to lift tests.

        Parameters
        ----------
        weeks : DataFrame, one row per week, or per week and region: ``week`` (Mondays, none left
            out), ``customers``, the channels (dollars, 0 or more), and with several regions
            ``region`` and ``share`` (of the country's people).
        lift_tests : DataFrame, one row per experiment: ``channel``, ``x`` and ``delta_x`` (steady
            spending before, and its change, in dollars a week), ``delta_y`` and ``sigma`` (new
            customers a week, and their standard error); all for the whole country.

        Raises
        ------
        ValueError
            If a column is missing or negative, a week or a row is left out or there twice, or
            nothing is ever spent on a channel.
        """
        self._x, y, self._weight = self._read(weeks)
        self._tests = LiftTests(lift_tests, list(self.channels))
        self._project = self._projection(y)
        mean = np.average(self._x.mean(axis=0), axis=0, weights=self._weight)
        n = len(mean)
        self._low = np.append(np.log(HALF_OF_MEAN[0] * mean), np.zeros(n))
        self._high = np.append(np.log(HALF_OF_MEAN[1] * mean), np.full(n, LONGEST_CARRYOVER))
        of_weeks = self._rows(self._project(y))[:, 0]
        self._scale = 0.0  # lift tests weigh nothing yet
        self._search_all(self._with_tests(of_weeks, self._tests.lift))
        self.noise_ = float(np.sqrt((self._residual**2).sum() / len(of_weeks)))
        if len(self._tests.lift):
            self._scale = self.noise_
            self._search_all(self._with_tests(of_weeks, self._tests.lift))
        around = self._rows(y - np.average(y[..., 0].mean(axis=0), weights=self._weight))
        left = self._residual[: len(of_weeks)]
        self.r2_ = float(1 - (left**2).sum() / (around**2).sum())
        return self

    def bootstrap(self, n_samples: int = 50, *, block: int = 8) -> list[pd.DataFrame]:
        """Refit to samples of the residuals, drawn in blocks of weeks (moving-block bootstrap).

        Blocks keep the correlation of neighboring weeks. What the model has wrong is in no sample:
        the intervals show noise, not bias.

        Parameters
        ----------
        n_samples : number of samples.
        block : weeks per block.

        Returns
        -------
        List of DataFrames like ``responses_``, one per sample.
        """
        check_is_fitted(self, "responses_")
        checks.require_whole("n_samples", n_samples)
        checks.require_whole("block", block)
        n_weeks, n_regions, _ = self._x.shape
        if block > n_weeks:
            raise ValueError(f"block is {block} weeks, but there are only {n_weeks}.")
        rng = np.random.default_rng(self.random_state)
        # Regions differ in noise, so blocks move at equal scale, as the rows have it.
        residual = self._residual[: n_weeks * n_regions].reshape(n_weeks, n_regions)
        blocks = sliding_window_view(residual, block, axis=0)
        shape = n_samples, -(-n_weeks // block), n_regions
        start = rng.integers(len(blocks), size=shape)
        region = rng.integers(n_regions, size=shape)
        samples = []
        for each in np.moveaxis(blocks[start, region], 3, 2):  # blocks, weeks, regions
            drawn = each.reshape(-1, n_regions)[:n_weeks] / np.sqrt(self._weight)
            lifts = self._tests.error * rng.standard_normal(len(self._tests.error))
            noise = self._with_tests(self._rows(self._project(drawn[..., None]))[:, 0], lifts)
            again = self._fitted + noise
            best = self._search(again, self._best).x
            samples.append(self._table(self._inner(again, best)[0], best))
        return samples

    def _read(self, weeks: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return spending (weeks, regions, channels) and customers (…, 1) per head, and shares."""
        channels = list(self.channels)
        kinds = dict.fromkeys(["customers", *channels], "number")
        if self.controls not in ("season", "none", "weeks"):
            raise ValueError(f'controls is "season", "none" or "weeks"; got {self.controls!r}.')
        if self.controls == "weeks":
            kinds |= {"region": "key", "share": "number"}
        checks.require(weeks, week="datetime", **kinds)
        fix = "Give dollars per week, before refunds."
        checks.refuse_rows(weeks, *((c, weeks[c] < 0, "is negative", fix) for c in channels))
        if idle := [each for each in channels if not weeks[each].any()]:
            raise ValueError(f"weeks has no spending on {', '.join(idle)}: drop the channel.")
        place = ["week", *(["region"] if "region" in weeks else [])]
        what = f"is there twice (by {' and '.join(place)})"
        checks.refuse_rows(weeks, ("week", weeks.duplicated(place), what, "Add such rows up."))
        if self.controls == "weeks":
            wrong = weeks["share"] <= 0, "is not positive", "Give shares of the country's people."
            checks.refuse_rows(weeks, ("share", *wrong))
            table = weeks.sort_values(place)
            if len(table) != table["week"].nunique() * table["region"].nunique():
                raise ValueError("weeks lacks a row: give one for each week and region.")
            share = table["share"].to_numpy(float)[: table["region"].nunique()]
        else:
            table = weeks.groupby("week", as_index=False)[["customers", *channels]].sum()
            share = np.ones(1)
        if (table["week"].drop_duplicates().diff().dropna() != pd.Timedelta(days=7)).any():
            raise ValueError("weeks leaves out a week: give a row for each, with 0 for nothing.")
        shape = -1, len(share)
        per_head = [table[each].to_numpy(float).reshape(shape) / share for each in channels]
        y = table["customers"].to_numpy(float).reshape(shape) / share
        return np.stack(per_head, axis=2), y[..., None], share / share.sum()

    def _projection(self, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """Return what removes from an array (weeks, regions, …) all that the controls explain."""
        if self.controls == "weeks":

            def remove(z: np.ndarray) -> np.ndarray:
                inner = z - np.tensordot(self._weight, z, (0, 1))[:, None]
                return inner - inner.mean(axis=0)

            return remove
        t = np.arange(len(y))
        waves = [f(2 * np.pi * k * t / YEAR) for k in (1, 2) for f in (np.sin, np.cos)]
        columns = [np.ones(len(t)), *([t, *waves] if self.controls == "season" else [])]
        basis, _ = np.linalg.qr(np.column_stack(columns))
        fit = basis @ basis.T
        return lambda z: z - (fit @ z.reshape(len(z), -1)).reshape(z.shape)

    def _rows(self, z: np.ndarray) -> np.ndarray:
        """Return an array (weeks, regions, columns) with a row per week and region, weighted."""
        return (z * np.sqrt(self._weight)[:, None]).reshape(-1, z.shape[2])

    def _with_tests(self, of_weeks: np.ndarray, of_tests: np.ndarray) -> np.ndarray:
        """Add a row per lift test, weighted so that its noise is that of a week."""
        weighted = (of_tests.T * (self._scale / self._tests.error)).T
        return np.concatenate([of_weeks, weighted])

    def _inner(self, rows: np.ndarray, outer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the ceilings for given half and θ, and the columns that they multiply."""
        half, carryover = np.exp(outer[: len(outer) // 2]), outer[len(outer) // 2 :]
        stock = adstocks(self._x, carryover)
        columns = self._rows(self._project(stock / (half + stock)))
        columns = self._with_tests(columns, self._tests.columns(half))
        ceiling, _ = nnls(columns, rows)
        return ceiling, columns

    def _errors(self, outer: np.ndarray, rows: np.ndarray) -> np.ndarray:
        ceiling, columns = self._inner(rows, outer)
        return rows - columns @ ceiling

    def _slopes(self, outer: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the derivative of the errors by log half and θ, as Kaufman (1975) simplifies it.

        What the columns of the inner regression explain drops out; the term that is left out
        changes nothing in the gradient of the sum of squares.
        """
        ceiling, columns = self._inner(rows, outer)
        half, carryover = np.exp(outer[: len(ceiling)]), outer[len(ceiling) :]
        stock = adstocks(self._x, carryover)
        by_stock = ceiling * half / (half + stock) ** 2
        by_theta = by_stock * adstock_slopes(self._x, carryover)
        changes = np.concatenate([-by_stock * stock, by_theta], axis=2)
        of_tests = ceiling * self._tests.slopes(half)  # whose spending is steady, whatever θ
        of_tests = np.hstack([of_tests, np.zeros_like(of_tests)])
        changes = self._with_tests(self._rows(self._project(changes)), of_tests)
        basis, _ = np.linalg.qr(columns[:, ceiling > 0])
        return basis @ (basis.T @ changes) - changes

    def _search_all(self, rows: np.ndarray) -> None:
        """Search from all starts, and keep the best fit."""
        places = np.random.default_rng(self.random_state).random((self.n_starts, len(self._low)))
        places[0] = 0.5
        found = [self._search(rows, self._low + p * (self._high - self._low)) for p in places]
        self._best = min(found, key=lambda each: each.cost).x
        ceiling, columns = self._inner(rows, self._best)
        self._fitted, self._residual = columns @ ceiling, rows - columns @ ceiling
        self.responses_ = self._table(ceiling, self._best)

    def _search(self, rows: np.ndarray, start: np.ndarray) -> OptimizeResult:
        # lsmr decomposes no matrix with all rows, which is slow where many threads share the work.
        return least_squares(
            self._errors,
            start,
            jac=self._slopes,
            bounds=(self._low, self._high),
            args=(rows,),
            ftol=1e-6,
            xtol=1e-5,
            tr_solver="lsmr",
        )

    def _table(self, ceiling: np.ndarray, outer: np.ndarray) -> pd.DataFrame:
        half, carryover = outer.reshape(2, -1)
        table = {"ceiling": ceiling, "half": np.exp(half), "carryover": carryover}
        return pd.DataFrame(table, pd.Index(list(self.channels), name="channel"))
