"""What the API reads and writes, one function per question; each takes an open connection.

They read the released version only. It is the last row of `releases`, found by each query itself,
so a release or a rollback takes effect with the next request.
"""

import random
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select

from apps.service import schemas
from apps.service.database import insert_new
from apps.service.releases import NEWEST
from apps.service.tables import (
    LIST_LENGTH,
    erasures,
    events,
    items,
    popular,
    recommendations,
    scores,
    served,
    versions,
)

STRANGER = "This user is not in the released version, so there is nothing to base an action on."
NOW = NEWEST.subquery("now")


def of_user(table: Table) -> ColumnElement[bool]:
    """Return what is true of the rows of a user in the version that is served."""
    return and_(table.c.version == NOW.c.version, table.c.user_id == bindparam("user_id"))


LIST = (
    select(NOW.c.release_id, NOW.c.version, NOW.c.exploration, items.c.item_id, items.c.name)
    .select_from(
        NOW.outerjoin(recommendations, of_user(recommendations)).outerjoin(
            items, items.c.item_id == recommendations.c.item_id
        )
    )
    .order_by(recommendations.c.position)
)
POPULAR = (
    select(items.c.item_id, items.c.name)
    .join(popular, popular.c.item_id == items.c.item_id)
    .where(popular.c.version == bindparam("version"))
    .order_by(popular.c.position)
)
ACTION = select(NOW.c.version, scores.c.action, scores.c.reason).select_from(
    NOW.outerjoin(scores, of_user(scores))
)
RELEASE = select(NOW.c.version, NOW.c.released_at, versions.c.as_of).select_from(
    NOW.join(versions, versions.c.version == NOW.c.version)
)
ERASED = select(erasures.c.user_id).where(erasures.c.user_id == bindparam("user_id"))
ANONYMOUS = {"user_id": "erased", "request_id": None}  # in place of what leads to a user
SENT = [events.c[name] for name in schemas.Event.model_fields]
STORED = select(*SENT).where(events.c.event_id == bindparam("event_id"))


class NothingReleasedError(LookupError):
    """No batch run has been released yet."""

    def __init__(self):
        super().__init__("Nothing has been released yet.")


class OtherEventError(ValueError):
    """An event of this id is stored already, and it is another one."""


class ErasedError(ValueError):
    """The user of an event was erased."""


def recommend(
    connection: Connection,
    request_id: str,
    user_id: str,
    *,
    slot: str = "home",
    count: int = LIST_LENGTH,
    chance: random.Random,
) -> schemas.Recommendations:
    """Return a user's list, or the popular items for a user without one, after logging it.

    With probability ε, the exploration of the release, the n items of the list are shown in a
    random order, else as they are ranked. So item i is shown in place k with propensity

        (1 − ε)·1[i is ranked k-th] + ε/n

    which is what the log says, whichever of the two happened. Of an erased user nothing is logged.
    """
    ranked = connection.execute(LIST, {"user_id": user_id}).all()
    if not ranked:
        raise NothingReleasedError
    release = ranked[0]
    policy, erased = f"release {release.release_id}", False
    if release.item_id is None:
        ranked = connection.execute(POPULAR, {"version": release.version}).all()
        policy = f"{policy}, cold start"
        erased = connection.execute(ERASED, {"user_id": user_id}).first() is not None
    ε = release.exploration
    shown = chance.sample(ranked, len(ranked)) if chance.random() < ε else ranked
    places = list(enumerate(zip(shown[:count], ranked, strict=False), 1))
    same = {"request_id": request_id, "user_id": user_id, "slot": slot, "policy": policy}
    same |= {"version": release.version, "served_at": datetime.now(UTC)}
    log = []
    for position, (row, best) in places:
        propensity = (1 - ε) * (row.item_id == best.item_id) + ε / len(ranked)
        place = {"position": position, "item_id": row.item_id, "propensity": propensity}
        log.append(same | place)
    if log and not erased:
        connection.execute(insert(served), log)
    return schemas.Recommendations(
        request_id=request_id,
        user_id=user_id,
        slot=slot,
        version=release.version,
        policy=policy,
        items=[
            schemas.Recommendation(position=position, item_id=row.item_id, name=row.name)
            for position, (row, _) in places
        ],
    )


def next_best_action(connection: Connection, user_id: str) -> schemas.NextBestAction:
    """Return what to do about a user, and why; nothing about a user whom no batch run has seen."""
    row = connection.execute(ACTION, {"user_id": user_id}).one_or_none()
    if row is None:
        raise NothingReleasedError
    action, reason = (row.action, row.reason) if row.action else ("nothing", STRANGER)
    return schemas.NextBestAction(
        user_id=user_id, version=row.version, action=action, reason=reason
    )


def store(
    connection: Connection, event: schemas.Event, client: str, *, erased: str = "refuse"
) -> schemas.Stored:
    """Store an event once: the same one again changes nothing, another one of its id is refused.

    Of an erased user, either nothing is stored ("refuse"), or the event without her ("anonymize").
    """
    sent = event.model_dump()
    if connection.execute(ERASED, sent).first():
        if erased == "refuse":
            raise ErasedError
        sent |= ANONYMOUS
    row = sent | {"client": client, "stored_at": datetime.now(UTC)}
    new = insert_new(connection, events, row)
    if not new and connection.execute(STORED, sent).one()._mapping != sent:
        raise OtherEventError
    return schemas.Stored(event_id=event.event_id, stored=new)


def ready(connection: Connection, request_id: str, chance: random.Random) -> schemas.Health:
    """Return what is served, after trying whether it is: a list is logged, and deleted again.

    It is to be committed, because a full disk is noticed only then.
    """
    recommend(connection, request_id, "", chance=chance)
    connection.execute(delete(served).where(served.c.request_id == request_id))
    connection.execute(delete(events).where(events.c.event_id == request_id))  # is it locked?
    row = connection.execute(RELEASE).one()
    return schemas.Health(
        version=row.version,
        as_of=row.as_of,
        age_days=(datetime.now(UTC).date() - row.as_of).days,
        released_at=row.released_at,
    )
