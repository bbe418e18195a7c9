"""The release gate: what a night's batch and its candidate must show before they are served.

The batch is compared with the last good one, the candidate with the version that is served. What
fails is stored with its faults, and not served: a person may look at it, and release it by hand.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, Engine, Row, or_, select

from apps.service.features import DAY, Known
from apps.service.feedback import compare_lists, log_of
from apps.service.releases import NEWEST, STANDING
from apps.service.tables import recommendations, releases, scores, versions
from helpers.monitoring import psi, validate_batch

SAME = 0.05  # no more of the past changes (returns, corrections), and no more users lose their list
SHIFT = 0.25  # PSI of the scores; from one night to the next it is below 0.01
CHANGED = 0.5  # of the places in the lists; from one night to the next below a fifth
SCORES = {"churn_risk": float, "lifetime_value": float, "uplift": float, "action": str}
PLACE = ["user_id", "item_id", "position"]


class Results(NamedTuple):
    """What is compared of a version."""

    scores: pd.DataFrame  # a row per user
    lists: pd.DataFrame  # a row per place of a list
    measured: dict  # see `tables.versions`


def judge(engine: Engine, known: Known, day: pd.Timestamp, files: list[Path]) -> dict:
    """Return what was ``measured`` of a night, and the faults for which it is ``refused``, or None.

    Parameters
    ----------
    engine : database with the versions before.
    known, day : the night's batch, and its evening.
    files : results of the night's job.
    """
    candidate = computed(files)
    measured = candidate.measured | {"batch": totals(known.order_lines)}
    with engine.connect() as connection:
        faults = batch_faults(known, day, last_good(connection, day))
        release = connection.execute(NEWEST).first()
        if release:
            served = stored(connection, release.version)
            log = log_of(connection, f"release {release.release_id}")
            measured["lists"] = compare_lists(log, served.lists, candidate.lists)
            faults += candidate_faults(served, candidate._replace(measured=measured))
    return {"measured": measured, "refused": "; ".join(faults) or None}


def computed(files: list[Path]) -> Results:
    """Read what a job has computed."""
    named = {file.stem: file for file in files}
    lists = [pd.read_parquet(file, columns=PLACE) for file in files if "recomm" in file.name]
    measured = json.loads(named["measured"].read_text())
    return Results(pd.read_parquet(named["scores"]), pd.concat(lists), measured)


def stored(connection: Connection, version: int) -> Results:
    """Read a version that is stored."""
    of_users = select(scores).where(scores.c.version == version)
    lists = select(*(recommendations.c[name] for name in PLACE))
    lists = lists.where(recommendations.c.version == version)
    measured = select(versions.c.measured).where(versions.c.version == version)
    frames = (pd.read_sql(query, connection) for query in (of_users, lists))
    return Results(*frames, connection.scalar(measured))


# ---------------------------------------------------------------- the batch


def totals(lines: pd.DataFrame) -> dict[str, float]:
    """Return the sums by which a batch is compared with the next one."""
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    sums = {"lines": len(lines), "units": int(lines["quantity"].sum())}
    return sums | {"revenue": round(float(paid.sum()), 2)}


def last_good(connection: Connection, day: pd.Timestamp) -> Row | None:
    """Return the newest version up to a day that is released, or that the gate let pass."""
    passed = versions.c.refused.is_(None)
    passed &= versions.c.version.not_in(select(releases.c.version))  # nor was it rolled back
    standing = versions.c.version.in_(select(STANDING.subquery().c.version))
    good = select(versions).where(versions.c.as_of <= day.date(), or_(passed, standing))
    newest = good.order_by(versions.c.as_of.desc(), versions.c.version.desc()).limit(1)
    return connection.execute(newest).first()


def batch_faults(known: Known, day: pd.Timestamp, last: Row | None) -> list[str]:
    """Return what is wrong with an export: with its new orders, and with those known before."""
    lines = known.order_lines
    first = lines["ordered_at"].min().normalize()
    evening = pd.Timestamp(last.as_of) + DAY if last else first
    since = evening if evening <= day else first  # all, if it is the same evening again
    new = lines[lines["ordered_at"] >= since]
    rows = new if len(new) else lines
    # Orders of one day vary too much to be counted. What is lost of the past, the sums below see.
    limits = {"since": since, "until": day, "expected_rows": len(rows)}
    checks = validate_batch(rows, users=known.users, items=known.items, **limits)
    faults = [f"{check}: {said}" for check, said in checks["message"].items() if said]
    before = last.measured.get("batch", {}) if last else {}
    now = totals(lines[lines["ordered_at"] < evening])
    return faults + [
        f"history: {name} up to {last.as_of} were {then:,}, and are {now[name]:,}"
        for name, then in before.items()
        if abs(now[name] - then) > SAME * then
    ]


# ---------------------------------------------------------------- the candidate


def candidate_faults(served: Results, candidate: Results) -> list[str]:
    """Return in what a candidate is worse than the version that is served, or too different."""
    faults = []
    before, after = served.lists, candidate.lists
    users = served.scores["user_id"]
    lost = (~users.isin(after["user_id"])).sum()
    if lost > SAME * len(users):
        faults.append(f"coverage: {lost:,} of {len(users):,} users would lose their list")
    both = before.merge(after, on=["user_id", "position"])
    changed = (both["item_id_x"] != both["item_id_y"]).mean()
    if changed > CHANGED:
        faults.append(f"lists: {changed:.0%} of the places would hold another item")
    for name, kind in SCORES.items():
        shift = psi(*(each.scores[name].astype(kind) for each in (served, candidate)))
        if shift > SHIFT:
            faults.append(f"{name}: its distribution would move, PSI {shift:.2f}")
    old, new = (each.measured.get("profit") for each in (served, candidate))
    if old and (new is None or new["high"] < old["estimate"]):
        faults.append("coupons: in the campaign, the rule would have earned less")
    clicks = candidate.measured["lists"].get("difference")
    if clicks and clicks["high"] < 0:
        faults.append(f"clicks: {clicks['estimate']:.3f} a list, by the log of what was served")
    return faults
