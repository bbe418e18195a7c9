"""The release gate: what a night's batch and its candidate must show before they are served.

The batch is compared with the last good one, the candidate with the version that is served. What
fails is stored with its faults, and not served: a person may look at it, and release it by hand.
"""

import pandas as pd
from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select, update

from apps.service.features import DAY, Known
from apps.service.feedback import compare_lists, log_of
from apps.service.releases import NEWEST, STANDING
from apps.service.tables import recommendations, releases, scores, served, versions
from helpers.monitoring import psi, validate_batch

SAME = 0.05  # no more of the past changes (returns, corrections), and no more users lose their list
SHIFT = 0.25  # PSI of the scores; from one night to the next it is below 0.01
CHANGED = 0.5  # of the places in the lists; from one night to the next below a fifth
SCORES = {"churn_risk": float, "lifetime_value": float, "uplift": float, "action": str}


def judge(connection: Connection, known: Known, version: int) -> None:
    """Add to a stored version what was ``measured`` of it, and why it is ``refused``, if it is.

    Parameters
    ----------
    connection : of the transaction in which the version was stored.
    known : the batch from which it was computed.
    version : its number.
    """
    this = versions.c.version == version
    candidate = connection.execute(select(versions).where(this)).one()
    measured = candidate.measured | {"batch": totals(known.order_lines)}
    day = pd.Timestamp(candidate.as_of)
    faults = batch_faults(known, day, last_good(connection, day, version))
    release = connection.execute(NEWEST).first()
    if release:
        measured["lists"] = replay(connection, release, version)
        faults += candidate_faults(connection, release.version, version, measured)
    row = {"measured": measured, "refused": "; ".join(faults) or None}
    connection.execute(update(versions).where(this).values(row))


# ---------------------------------------------------------------- the batch


def totals(lines: pd.DataFrame) -> dict[str, float]:
    """Return the sums by which a batch is compared with the next one."""
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    sums = {"lines": len(lines), "discounted lines": int((lines["discount"] > 0).sum())}
    return sums | {"units": int(lines["quantity"].sum()), "revenue": round(float(paid.sum()), 2)}


def last_good(connection: Connection, day: pd.Timestamp, version: int) -> Row | None:
    """Return the newest version up to a day that is released, or that the gate let pass.

    Of those before a ``version``: that one is about to be judged.
    """
    passed = versions.c.refused.is_(None)
    passed &= versions.c.version.not_in(select(releases.c.version))  # nor was it rolled back
    standing = versions.c.version.in_(select(STANDING.subquery().c.version))
    before = (versions.c.as_of <= day.date()) & (versions.c.version < version)
    good = select(versions).where(before, or_(passed, standing))
    newest = good.order_by(versions.c.as_of.desc(), versions.c.version.desc()).limit(1)
    return connection.execute(newest).first()


def batch_faults(known: Known, day: pd.Timestamp, last: Row | None) -> list[str]:
    """Return what is wrong with an export: with its new orders, and with those known before."""
    lines = known.order_lines
    first = lines["ordered_at"].min().normalize()
    evening = pd.Timestamp(last.as_of) + DAY if last else first
    since = evening if evening <= day else first  # all, if it is the same evening again
    new = lines[lines["ordered_at"] >= since]
    if new.empty:
        faults = [f"freshness: no orders from {since.date()} on"]
    else:
        # Orders of one day vary too much to be counted. What is lost of the past, the sums see.
        limits = {"since": since, "until": day, "expected_rows": len(new)}
        checks = validate_batch(new, users=known.users, items=known.items, **limits)
        faults = [f"{check}: {said}" for check, said in checks["message"].items() if said]
    before = last.measured.get("batch", {}) if last else {}
    now = totals(lines[lines["ordered_at"] < evening])
    return faults + [
        f"history: {name} up to {last.as_of} were {then:,}, and are {now[name]:,}"
        for name, then in before.items()
        if abs(now[name] - then) > SAME * then
    ]


# ---------------------------------------------------------------- the candidate


def replay(connection: Connection, release: Row, version: int) -> dict:
    """Return what `compare_lists` says of a version's lists, by the log of the release."""
    policy = f"release {release.release_id}"
    users = select(served.c.user_id).where(served.c.policy == policy)
    c = recommendations.c
    lists = select(c.user_id, c.item_id, c.position).where(c.user_id.in_(users))
    of_both = (lists.where(c.version == each) for each in (release.version, version))
    return compare_lists(log_of(connection, policy), *(pd.read_sql(q, connection) for q in of_both))


def candidate_faults(connection: Connection, now: int, version: int, measured: dict) -> list[str]:
    """Return in what a version is worse than the one that is served now, or too different."""
    faults = []
    found = connection.execute(changes(now, version)).one()
    if found.lost > SAME * found.users:
        faults.append(f"coverage: {found.lost:,} of {found.users:,} users would lose their list")
    if (found.changed or 0) > CHANGED:
        faults.append(f"lists: {found.changed:.0%} of the places would hold another item")
    columns = select(*(scores.c[name] for name in SCORES))
    of_both = (columns.where(scores.c.version == each) for each in (now, version))
    before, after = (pd.read_sql(query, connection).astype(SCORES) for query in of_both)
    for name in SCORES:
        shift = psi(before[name], after[name])
        if shift > SHIFT:
            faults.append(f"{name}: its distribution would move, PSI {shift:.2f}")
    of_now = select(versions.c.measured).where(versions.c.version == now)
    old, new = connection.scalar(of_now).get("profit"), measured.get("profit")
    if old and (new is None or new["high"] < old["estimate"]):
        faults.append("coupons: in the campaign, the rule would have earned less")
    clicks = measured["lists"].get("difference")
    if clicks and clicks["high"] < 0:
        faults.append(f"clicks: {clicks['estimate']:.3f} a list, by the log of what was served")
    return faults


def changes(now: int, version: int) -> Select:
    """Count users who have a list, who would have lost it, and the share of places changed."""
    old, new = (
        select(recommendations).where(recommendations.c.version == each).subquery()
        for each in (now, version)
    )
    place = and_(old.c.user_id == new.c.user_id, old.c.position == new.c.position)
    users, kept = (func.count(each.c.user_id.distinct()) for each in (old, new))
    # Where the new list has no such place, the case is NULL, and does not count.
    other = case((old.c.item_id != new.c.item_id, 1.0), (old.c.item_id == new.c.item_id, 0.0))
    found = [users.label("users"), (users - kept).label("lost"), func.avg(other).label("changed")]
    return select(*found).select_from(old.outerjoin(new, place))
