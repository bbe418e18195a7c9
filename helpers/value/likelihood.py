"""What "buy till you die" models share: input checks and maximum likelihood."""

from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from sklearn.exceptions import NotFittedError

from helpers.data import checks

FAR = 12.0  # beyond a factor e¹² from the start, the likelihood is taken to be flat
VAGUE = 5.0  # a standard error of ln θ above this says nothing about θ


class LikelihoodModel:
    """A model with positive parameters, estimated by maximum likelihood."""

    _names: tuple[str, ...]

    def __repr__(self) -> str:
        fitted = hasattr(self, f"{self._names[0]}_")
        shown = ", ".join(f"{n}={v:.3f}" for n, v in self.parameters_.items()) if fitted else ""
        return f"{type(self).__name__}({shown})"

    @property
    def parameters_(self) -> pd.Series:
        """The fitted parameters, by name."""
        try:
            return pd.Series({name: getattr(self, f"{name}_") for name in self._names})
        except AttributeError:
            name = type(self).__name__
            raise NotFittedError(f"This {name} is not fitted yet: call fit(summary).") from None

    def _maximize(
        self,
        log_likelihood: Callable[[np.ndarray], tuple[float, np.ndarray]],
        starts: list[tuple[float, ...]],
        users: int,
    ) -> Self:
        """Maximize the log-likelihood from the best of the starting points.

        ``log_likelihood`` takes the parameters θ and returns the total and its gradient. The search
        is over ln θ, which keeps θ positive. At the maximum, the inverse of the negative Hessian is
        the covariance of ln θ, and the standard error of θ is θ times that of ln θ.
        """
        start = np.log(max(starts, key=lambda start: log_likelihood(np.array(start))[0]))

        def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
            parameters = np.exp(np.clip(logs, start - FAR, start + FAR))
            total, gradient = log_likelihood(parameters)
            inside = abs(logs - start) < FAR
            return -total / users, -gradient * parameters * inside / users

        # L-BFGS-B would spend most of its time on waking the threads of BLAS for four parameters.
        # The loss of one user is flatter than BFGS supposes: longer first steps save a third.
        options = {"gtol": 1e-7, "hess_inv0": 16 * np.eye(len(start))}
        summit = minimize(loss, start, jac=True, method="BFGS", options=options)
        rises = [loss(summit.x + step)[1] - summit.jac for step in 1e-5 * np.eye(len(start))]
        variances = np.diag(np.linalg.pinv(np.array(rises) / 1e-5)) / users
        known = (variances > 0) & (variances < VAGUE**2) & (abs(summit.jac) < 1e-4)
        if not known.all():
            vague = ", ".join(np.array(self._names)[~known])
            raise ValueError(
                f"{type(self).__name__}: the summary (rows fitted: {users:,}) does not "
                f"determine {vague}: values far apart explain it equally well. Fit more users, or "
                "watch them longer."
            )
        parameters = np.exp(summit.x)
        for name, parameter in zip(self._names, parameters, strict=True):
            setattr(self, f"{name}_", float(parameter))
        self.log_likelihood_ = float(-summit.fun * users)
        self.standard_errors_ = pd.Series(parameters * np.sqrt(variances), index=[*self._names])
        return self


def check_summary(summary: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, t_x and T of each user, checked."""
    checks.require(summary, frequency="count", recency="number", T="number")
    x, t_x, T = summary["frequency"], summary["recency"], summary["T"]
    made = "value.btyd_summary makes it from transactions."
    both = "Both run from the first purchase: to the last one, and to the end of observation."
    since = f"It is the time from first to last purchase, not since the last one; {made}"
    once = f"The first purchase is not a repeat, and purchases of one day are one; {made}"
    checks.refuse_rows(
        summary,
        ("frequency", x < 0, "is negative", f"It counts repeat purchases; {made}"),
        ("recency", t_x < 0, "is negative", f"It is last minus first purchase; {made}"),
        ("recency", t_x > T, "is above T", both),
        ("recency", (x == 0) & (t_x > 0), "is above 0 although frequency is 0", since),
        ("recency", (x > 0) & (t_x == 0), "is 0 although frequency is above 0", once),
        name="summary",
    )
    return x.to_numpy(dtype=float), t_x.to_numpy(dtype=float), T.to_numpy(dtype=float)


def check_horizon(t: float | np.ndarray) -> np.ndarray:
    """Return a horizon, checked, as an array."""
    t = np.asarray(t, dtype=float)
    if not (np.isfinite(t) & (t >= 0)).all():
        raise ValueError(f"t is a time ahead, 0 or more, in the unit of the summary; got {t}.")
    return t
