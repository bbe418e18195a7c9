"""Events of a shop: views, carts and purchases; purchases also become order lines."""

import pandas as pd

from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.names import kind_of_event, kind_of_row
from helpers import behavior
from helpers.data import schema
from helpers.language import say


def take_events(job: ImportJob) -> pd.DataFrame:
    """Return the events as a separate table, and keep their purchases as order lines.

    A row "7, 2025-03-01 10:00, addtocart, A1" becomes an event of kind "cart". Other kinds are kept
    as they are, and a doubt lists them. Events without a user or a kind are dropped. If there is no
    session column, a pause of more than 30 minutes starts a new session.

    Returns
    -------
    DataFrame with ``event_id``, ``occurred_at``, ``user_id``, ``event``, ``session_id``, and
    ``item_id`` where the file has it.
    """
    table = job.table
    kinds = {word: kind_of_event(word) for word in table["event"].dropna().unique()}
    _doubt_other_kinds(job, kinds)
    events = pd.DataFrame(
        {
            "event_id": [f"E{row}" for row in table.index],
            "occurred_at": table["ordered_at"],
            "user_id": table["user_id"],
            "event": table["event"].map(kinds),
        },
        index=table.index,
    )
    if "item_id" in table:
        events["item_id"] = table["item_id"]
    known = events["user_id"].notna() & events["event"].notna()
    events = events[known]
    job.drop("drop_guests", ~known, say("the event has no user or no kind"))
    if "session_id" in table:
        session = table["session_id"].reindex(events.index)
        events["session_id"] = session.fillna("of " + events["user_id"].astype("str"))
    elif len(events):
        events["session_id"] = "S" + behavior.sessionize(events).astype(str)
        what = "There is no session column; a pause of more than 30 minutes starts a new session."
        job.doubt("", what)
    back = events["event"].isin([word for word in kinds if kind_of_row(word) == "refund"])
    job.table = job.table.assign(is_refund=back)[back | (events["event"] == "purchase")]
    return events[~back]


def _doubt_other_kinds(job: ImportJob, kinds: dict[str, str]) -> None:
    """Note the kinds of events that the course doesn't use, such as "remove_from_cart"."""
    other = [w for w, kind in kinds.items() if kind not in schema.EVENTS]
    other = sorted(word for word in other if kind_of_row(word) != "refund")
    if other:
        what = "has kinds of events other than {known}: {others}."
        fix = "The funnel doesn't use them."
        known, others = ", ".join(schema.EVENTS), ", ".join(other[:5])
        job.doubt("event", what, fix, known=known, others=others)
