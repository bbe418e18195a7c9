"""Targeting: the value of policies on a randomized campaign, and the best plan under a budget."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.special import ndtri

from helpers.campaigns.curves import scored
from helpers.data import checks

NOTHING = "nothing"

# ---------------------------------------------------------------- policies


def highest(score: pd.Series, n: int) -> pd.Series:
    """Choose the n users with the highest scores; of users with equal scores, those who come first.

    Returns
    -------
    Series of bool, name ``chosen``, with the index of ``score``.

    Examples
    --------
    >>> highest(pd.Series({"Ana": 0.2, "Ben": 0.9, "Cem": 0.2}), 2).to_dict()
    {'Ana': True, 'Ben': True, 'Cem': False}
    """
    checks.require_whole("n", n)
    checks.require(pd.DataFrame({"score": score}), score="number")
    if n > len(score):
        raise ValueError(f"n is {n:,}, but there are only {len(score):,} users to choose from.")
    place = (-score.astype(float)).rank(method="first")
    return (place <= n).rename("chosen")


def policy_values(
    campaign: pd.DataFrame,
    policies: Mapping[str, pd.Series],
    outcome: str,
    *,
    against: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the value of targeting policies on the users of a randomized campaign.

    A policy says who is treated. It changes nothing for the users it does not choose. For the m
    users it chooses, the campaign shows both cases:

        gain = m · (mean outcome of the treated − mean outcome of the control group)

    This is the self-normalized (Hájek) inverse-propensity estimator: all users had the same
    probability of treatment, so the weights cancel. Policies choose mostly the same users, so do
    not compare them by their intervals; ``against`` compares them user by user.

    Parameters
    ----------
    campaign : DataFrame, one row per user: ``user_id``, ``treated`` (bool, with the same
        probability for all) and the outcome.
    policies : name → Series of bool, index ``user_id``: who would be treated.
    outcome : name of the column, numbers or flags; money earned, net of the cost of the treatment.
    against : name of the policy with which the others are compared.
    confidence : confidence level, in (0, 1).

    Returns
    -------
    DataFrame, one row per policy (index ``policy``): ``chosen`` (users), ``treated`` (of them, in
    the campaign), ``gain`` in units of the outcome, all chosen users together, ``low``, ``high``;
    with ``against`` also ``difference`` of the gains, ``difference_low``, ``difference_high``.

    References
    ----------
    Horvitz & Thompson (1952), https://doi.org/10.1080/01621459.1952.10483446; Bottou et al. (2013),
    Counterfactual reasoning and learning systems, Journal of Machine Learning Research 14,
    3207–3260.

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": range(6), "treated": [True, False] * 3,
    ...     "earned": [9, 4, 7, 2, 0, 5]})
    >>> first = pd.Series([True] * 4 + [False] * 2)
    >>> policy_values(campaign, {"first four": first}, "earned")[["chosen", "treated", "gain"]]
                chosen  treated  gain
    policy
    first four       4        2  20.0
    """
    checks.require_share("confidence", confidence)
    if not policies:
        raise ValueError("policies is empty: give name → Series of bool, who would be treated.")
    if against not in (None, *policies):
        raise ValueError(f'There is no policy "{against}"; there are {", ".join(policies)}.')
    rows, influences = {}, {}
    for name, policy in policies.items():
        checks.require(pd.DataFrame({name: policy}), **{name: "flag"})
        y, treated, chosen = scored(campaign, policy.astype(float), outcome)
        rows[name], influences[name] = _gain(y, treated, chosen == 1, name)
    z = ndtri((1 + confidence) / 2)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")
    errors = {name: z * np.sqrt((each**2).sum()) for name, each in influences.items()}
    errors = pd.Series(errors)
    table["low"], table["high"] = table["gain"] - errors, table["gain"] + errors
    if against is not None:
        for name, each in influences.items():
            errors[name] = z * np.sqrt(((each - influences[against]) ** 2).sum())
        table["difference"] = table["gain"] - table.loc[against, "gain"]
        table["difference_low"] = table["difference"] - errors
        table["difference_high"] = table["difference"] + errors
    return table


def _gain(
    y: np.ndarray, treated: np.ndarray, chosen: np.ndarray, name: str
) -> tuple[dict[str, float], np.ndarray]:
    """Return the gain of a policy, and the influence of each user on it."""
    m, gain, influence = chosen.sum(), 0.0, np.zeros(len(y))
    for arm, sign in ((treated, 1), (~treated, -1)):
        mine = chosen & arm
        n = mine.sum()
        if n < 2:
            raise ValueError(
                f'"{name}" chooses {m:,} users, and {n} of them '
                f"{'were treated' if sign == 1 else 'were in the control group'}; at least two are "
                "needed. It cannot be valued on this campaign."
            )
        mean = y[mine].mean()
        gain += sign * m * mean
        influence += sign * m / n * mine * (y - mean) * np.sqrt(n / (n - 1))
    return {"chosen": m, "treated": (chosen & treated).sum(), "gain": gain}, influence


# ---------------------------------------------------------------- the best plan


class Plan(NamedTuple):
    """An action for each user, their total value, and the budget spent."""

    action: pd.Series
    value: float
    spent: float


def next_best_action(
    values: pd.DataFrame,
    costs: Mapping[str, float],
    budget: float,
    *,
    groups: pd.Series | None = None,
) -> Plan:
    """Choose at most one action for each user to maximize the total value within a budget.

        max Σ_ua v_ua x_ua    with   Σ_a x_ua ≤ 1,   Σ_ua c_a x_ua ≤ budget,   x_ua ∈ {0, 1}

    Greedy plans, such as the best value per dollar first, can miss the optimum; this is the exact
    solution of the integer program (branch and bound).

    With ``groups``, each group gets at least its share of the actions (demographic parity), rounded
    down to whole users:

        Σ_{u ∈ g, a} x_ua  ≥  ⌊|g| / n · Σ_ua x_ua⌋

    Parameters
    ----------
    values : DataFrame, one row per user, a column per action: its incremental value over doing
        nothing, net of costs; negative if it does harm.
    costs : action → what it takes from the budget, 0 or more.
    budget : 0 or more, in the units of the costs.
    groups : Series, the group of each user, with the index of ``values``; none missing.

    Returns
    -------
    Plan : ``action`` (Series, name of the action or "nothing", with the index of ``values``),
    ``value`` and ``spent``.

    References
    ----------
    Kellerer, Pferschy & Pisinger (2004), Knapsack Problems, chapter 11 (the multiple-choice
    knapsack problem), https://doi.org/10.1007/978-3-540-24777-7; solved by HiGHS, Huangfu & Hall
    (2018), https://doi.org/10.1007/s12532-017-0130-5

    Examples
    --------
    >>> values = pd.DataFrame({"mail": [2, 3], "coupon": [5, 9]}, index=["Ana", "Ben"])
    >>> plan = next_best_action(values, {"mail": 1, "coupon": 3}, budget=4)
    >>> plan.action.to_dict(), plan.value, plan.spent
    ({'Ana': 'mail', 'Ben': 'coupon'}, 11.0, 4.0)
    """
    cost = _require_plan(values, costs, budget)
    n, actions = values.shape
    member = _members(groups, values.index)
    g = len(member)
    fair = np.eye(g) - member.mean(axis=1, keepdims=True)
    # After the actions come counts, one per group: branching on these few is fastest.
    rows = [
        [sparse.kron(sparse.eye_array(n), np.ones((1, actions))), None],  # one action each
        [np.tile(cost, n)[None], None],  # the budget
        [np.repeat(member, actions, axis=1), -np.eye(g)],  # the counts are those of the actions
        [None, fair],  # of whole numbers, a ≥ ⌊b⌋ and a > b − 1 are the same
    ]
    least = np.repeat([-np.inf, -np.inf, 0, -1 + 1e-6], [n, 1, g, g])
    most = np.repeat([1, budget, 0, np.inf], [n, 1, g, g])
    worth = values.to_numpy(float).ravel()
    highest = np.append(np.ones_like(worth) if g else worth > 0, member.sum(axis=1))
    program = {
        "c": np.append(-worth, np.zeros(g)),
        "integrality": np.ones(len(worth) + g),
        "bounds": Bounds(0, highest),
        "constraints": LinearConstraint(sparse.block_array(rows, format="csr"), least, most),
    }
    # Presolving takes longer than solving, except with groups and unequal costs.
    first = g > 0 and bool(np.ptp(cost) > 0)
    for presolve in (first, not first):  # HiGHS fails now and then, but not both ways
        found = milp(**program, options={"mip_rel_gap": 0.0, "presolve": presolve})
        if found.x is not None:
            break
    else:
        raise RuntimeError(f"No plan was found: {found.message}")
    x = np.round(found.x[: len(worth)]).reshape(n, actions).astype(int)
    names = np.append(values.columns.to_numpy(object), NOTHING)
    action = names[np.where(x.any(axis=1), x.argmax(axis=1), actions)]
    chosen = pd.Series(action, values.index, name="action")
    return Plan(chosen, float(x.ravel() @ worth), float((x @ cost).sum()))


def _require_plan(values: pd.DataFrame, costs: Mapping[str, float], budget: float) -> np.ndarray:
    """Return the costs in the order of the actions, all input checked."""
    checks.require(values, **dict.fromkeys(values.columns, "number"))
    if NOTHING in values:
        raise ValueError(f'"{NOTHING}" is the name for no action: drop the column.')
    missing = [action for action in values if action not in costs]
    if missing:
        raise ValueError(f"costs has no cost of {', '.join(missing)}; give 0 if it has none.")
    of_actions = np.array([costs[action] for action in values], dtype=float)
    if not (np.isfinite(of_actions).all() and (of_actions >= 0).all() and 0 <= budget < np.inf):
        raise ValueError(f"costs and the budget are 0 or more; got {dict(costs)} and {budget}.")
    return of_actions


def _members(groups: pd.Series | None, users: pd.Index) -> np.ndarray:
    """Return the membership in groups as 0 and 1, shape (groups, users)."""
    if groups is None:
        return np.zeros((0, len(users)))
    if not groups.index.equals(users) or groups.isna().any():
        raise ValueError(
            "groups must name a group for each user, in the order of values: "
            'groups.reindex(values.index).fillna("unknown").'
        )
    code, names = pd.factorize(groups)
    return (code == np.arange(len(names))[:, None]).astype(float)
