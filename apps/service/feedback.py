"""The feedback loop: what became of the lists that were served, and what others would have brought.

A click is an event that names the list (``request_id``), its user and an item in it.
"""

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from apps.service.tables import events, served

LEAST = 100  # lists, and times that a new item was shown in its new place: fewer say nothing
KEY = ["request_id", "user_id", "item_id"]
CLICKS = select(*(events.c[name] for name in KEY)).distinct().subquery()
SHOWN = served.outerjoin(CLICKS, and_(*(served.c[name] == CLICKS.c[name] for name in KEY)))


def clicks_per_list(connection: Connection) -> pd.DataFrame:
    """Return the ``lists`` of each release and their mean ``clicks``, from ``low`` to ``high``.

    Lists of users who have none of their own (cold start) are apart. The interval is one of 95%.
    """
    clicks = func.count(CLICKS.c.item_id).label("clicks")
    query = select(served.c.policy, served.c.request_id, clicks).select_from(SHOWN)
    lists = query.group_by(served.c.policy, served.c.request_id).subquery()
    c = lists.c.clicks * 1.0
    sums = [func.count().label("lists"), func.avg(c).label("clicks"), func.avg(c * c).label("c2")]
    per_policy = select(lists.c.policy, *sums).group_by(lists.c.policy)
    table = pd.read_sql(per_policy, connection, index_col="policy").astype(float).sort_index()
    reach = 1.96 * ((table.pop("c2") - table["clicks"] ** 2) / table["lists"]) ** 0.5
    return table.assign(low=table["clicks"] - reach, high=table["clicks"] + reach)


def log_of(connection: Connection, policy: str) -> pd.DataFrame:
    """Return what a policy showed, as `helpers.evaluation` reads it: a row per place of a list."""
    columns = [served.c[name] for name in ("user_id", "item_id", "position", "propensity")]
    clicked = CLICKS.c.item_id.is_not(None).label("clicked")
    query = select(served.c.request_id.label("list_id"), *columns, clicked).select_from(SHOWN)
    return pd.read_sql(query.where(served.c.policy == policy), connection).astype({"clicked": bool})


def compare_lists(log: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> dict:
    """Estimate the clicks per list that new lists would have brought, from the log of those before.

    Only places count in which the log could show the new item: it is one of the ten of before.
    There, the mean weight of both is 1, up to chance, if the propensities are right.

    Parameters
    ----------
    log : what was served, from `log_of`.
    before, after : lists: ``user_id``, ``item_id``, ``position``.

    Returns
    -------
    dict, empty without enough lists: ``lists``, their number; ``before`` and ``after``, each with
    ``IPS``, ``SNIPS`` and ``mean_weight``; and the ``difference`` of IPS, after − before, if new
    items were shown in their new places often enough: rare items have large weights, and while
    none is clicked, the interval is too short and too low. Each estimate has a 95% confidence
    interval from ``low`` to ``high``.
    """
    from helpers.evaluation import counterfactual_values, shown_by  # here: see `scoring.compute`

    log = log.merge(after.merge(before[["user_id", "item_id"]])[["user_id", "position"]])
    if log["list_id"].nunique() < LEAST:
        return {}
    target = pd.DataFrame({"before": shown_by(before, log), "after": shown_by(after, log)})
    if not target.groupby(log["position"]).any().all(axis=None):  # a place without any weight
        return {}
    gain = target["after"] - target["before"]
    found = {"lists": log["list_id"].nunique()}
    if (gain > 0).sum() >= LEAST:
        per_list = (gain / log["propensity"] * log["clicked"]).groupby(log["list_id"]).sum()
        found["difference"] = interval(per_list.mean(), 1.96 * per_list.sem())
    for name in target:
        values = counterfactual_values(log, target[name])
        mean_weight = round(float(values["mean_weight"].iloc[0]), 4)
        found[name] = {"mean_weight": mean_weight} | {
            row.Index: interval(row.value, 1.96 * row.error) for row in values.itertuples()
        }
    return found


def interval(estimate: float, reach: float) -> dict[str, float]:
    """Return an estimate with its 95% confidence interval."""
    ends = {"estimate": estimate, "low": estimate - reach, "high": estimate + reach}
    return {name: round(float(end), 4) for name, end in ends.items()}
