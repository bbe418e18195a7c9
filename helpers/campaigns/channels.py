"""Response of new customers to advertising: adstock, and a marketing mix model.

Spending keeps working in later weeks (adstock), and each further dollar brings less (saturation).
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from scipy.optimize import OptimizeResult, least_squares, nnls
from scipy.signal import lfilter
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks

LONGEST_CARRYOVER = 0.95
HALF_OF_MEAN = 0.1, 10.0  # bounds of half, in units of a channel's mean spending
YEAR = 365.25 / 7  # weeks


def adstock(spending: Sequence[float] | np.ndarray, carryover: float) -> np.ndarray:
    """Return the adstock: what the spending of this week and of past weeks does this week.

        a_t = (1 − θ) · x_t + θ · a_{t−1}

    The weights of all weeks add up to 1, so steady spending is its own adstock. What was spent in
    the first week counts as having been spent before it, too.

    Parameters
    ----------
    spending : dollars per week, shape (weeks,) or (weeks, columns), the earliest week first.
    carryover : θ, the share of last week's adstock that is left this week, in [0, 1).

    Returns
    -------
    Array of floats, with the shape of ``spending``.

    References
    ----------
    Broadbent (1979), One way TV advertisements work, Journal of the Market Research Society 21(3),
    139–166.

    Examples
    --------
    >>> adstock([0, 8, 0, 0], 0.5).tolist()
    [0.0, 4.0, 2.0, 1.0]
    """
    if not 0 <= carryover < 1:
        raise ValueError(f"carryover is a share, 0 or more and below 1; got {carryover!r}.")
    x = np.asarray(spending, dtype=float)
    if len(x) == 0 or not np.isfinite(x).all():
        raise ValueError("spending has a finite number for each week; fill missing weeks with 0.")
    return _stock(x, carryover)


def _stock(x: np.ndarray, carryover: float) -> np.ndarray:
    stock, _ = lfilter([1 - carryover], [1, -carryover], x, axis=0, zi=carryover * x[:1])
    return stock


def _stock_slope(x: np.ndarray, carryover: float) -> np.ndarray:
    """Return the derivative of the adstock by θ: da_t = a_{t−1} − x_t + θ · da_{t−1}."""
    added = np.zeros_like(x)
    added[1:] = _stock(x, carryover)[:-1] - x[1:]
    return lfilter([1], [1, -carryover], added, axis=0)


def _by_channel(
    function: Callable[[np.ndarray, float], np.ndarray], x: np.ndarray, carryover: np.ndarray
) -> np.ndarray:
    pairs = zip(np.moveaxis(x, 2, 0), carryover, strict=True)
    return np.stack([function(*pair) for pair in pairs], axis=2)


class MediaMix(BaseEstimator):
    """Marketing mix model: new customers from the spending on several channels at once.

    In region r and week t, per head of the whole country,

        y_rt = controls + Σ_c ceiling_c · a / (half_c + a) + noise,    a = adstock(x_crt, θ_c)

    fitted by least squares weighted by the regions' shares, with ceilings of 0 or more. For given
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

    def fit(self, weeks: pd.DataFrame) -> "MediaMix":
        """Fit to a table of weeks.

        Parameters
        ----------
        weeks : DataFrame, one row per week, or per week and region: ``week`` (Mondays, none left
            out), ``customers``, the channels (dollars, 0 or more), and with several regions
            ``region`` and ``share`` (of the country's people).

        Raises
        ------
        ValueError
            If a column is missing or negative, a week or a row is left out or there twice, or
            nothing is ever spent on a channel.
        """
        x, y, self._weight = self._read(weeks)
        self._x, self._project = x, self._projection(y)
        mean = np.average(x.mean(axis=0), axis=0, weights=self._weight)
        n = len(mean)
        self._low = np.append(np.log(HALF_OF_MEAN[0] * mean), np.zeros(n))
        self._high = np.append(np.log(HALF_OF_MEAN[1] * mean), np.full(n, LONGEST_CARRYOVER))
        places = np.random.default_rng(self.random_state).random((self.n_starts, 2 * n))
        places[0] = 0.5
        y_inner = self._project(y)
        found = [
            self._search(y_inner, self._low + place * (self._high - self._low)) for place in places
        ]
        self._best = min(found, key=lambda each: each.cost).x
        ceiling, columns = self._inner(y_inner, self._best)
        self._fitted, self._residual = columns @ ceiling, y_inner - columns @ ceiling
        self.responses_ = self._table(ceiling, self._best)
        around = y - np.average(y.mean(axis=0), weights=self._weight)
        left, total = ((each**2).sum(axis=0) @ self._weight for each in (self._residual, around))
        self.r2_ = float(1 - left / total)
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
        n_weeks, n_regions = self._residual.shape
        if block > n_weeks:
            raise ValueError(f"block is {block} weeks, but there are only {n_weeks}.")
        rng = np.random.default_rng(self.random_state)
        scale = np.sqrt(self._weight)  # regions differ in noise, so blocks move at equal scale
        blocks = sliding_window_view(self._residual * scale, block, axis=0)
        shape = n_samples, -(-n_weeks // block), n_regions
        start = rng.integers(len(blocks), size=shape)
        region = rng.integers(n_regions, size=shape)
        samples = []
        for each in np.moveaxis(blocks[start, region], 3, 2):  # blocks, weeks, regions
            noise = each.reshape(-1, n_regions)[:n_weeks] / scale
            again = self._project(self._fitted + noise)
            best = self._search(again, self._best).x
            samples.append(self._table(self._inner(again, best)[0], best))
        return samples

    def _read(self, weeks: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return spending (weeks, regions, channels) and customers per head, and the shares."""
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
        return np.stack(per_head, axis=2), y, share / share.sum()

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

    def _inner(self, y: np.ndarray, outer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the ceilings for given half and θ, and the columns that they multiply."""
        half, carryover = outer.reshape(2, -1)
        stock = _by_channel(_stock, self._x, carryover)
        columns = self._project(stock / (np.exp(half) + stock))
        ceiling, _ = nnls(self._rows(columns), self._rows(y[..., None]).ravel())
        return ceiling, columns

    def _rows(self, z: np.ndarray) -> np.ndarray:
        """Return an array (weeks, regions, columns) with a row per week and region, weighted."""
        return (z * np.sqrt(self._weight)[:, None]).reshape(-1, z.shape[2])

    def _errors(self, outer: np.ndarray, y: np.ndarray) -> np.ndarray:
        ceiling, columns = self._inner(y, outer)
        return self._rows((y - columns @ ceiling)[..., None]).ravel()

    def _slopes(self, outer: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the derivative of the errors by log half and θ, as Kaufman (1975) simplifies it.

        What the columns of the inner regression explain drops out; the term that is left out
        changes nothing in the gradient of the sum of squares.
        """
        ceiling, columns = self._inner(y, outer)
        half, carryover = np.exp(outer[: len(ceiling)]), outer[len(ceiling) :]
        stock = _by_channel(_stock, self._x, carryover)
        by_theta = _by_channel(_stock_slope, self._x, carryover)
        by_stock = ceiling * half / (half + stock) ** 2
        changes = np.concatenate([-by_stock * stock, by_stock * by_theta], axis=2)
        changes = self._rows(self._project(changes))
        basis, _ = np.linalg.qr(self._rows(columns)[:, ceiling > 0])
        return basis @ (basis.T @ changes) - changes

    def _search(self, y: np.ndarray, start: np.ndarray) -> OptimizeResult:
        # lsmr decomposes no matrix with all rows, which is slow where many threads share the work.
        return least_squares(
            self._errors,
            start,
            jac=self._slopes,
            bounds=(self._low, self._high),
            args=(y,),
            ftol=1e-6,
            xtol=1e-5,
            tr_solver="lsmr",
        )

    def _table(self, ceiling: np.ndarray, outer: np.ndarray) -> pd.DataFrame:
        half, carryover = outer.reshape(2, -1)
        table = {"ceiling": ceiling, "half": np.exp(half), "carryover": carryover}
        return pd.DataFrame(table, pd.Index(list(self.channels), name="channel"))
