"""A small shop in a database: two versions, of which the first is released."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, insert

from apps.service import tables

MOMENT = datetime(2026, 1, 1, 3, tzinfo=UTC)
KNOWN, STRANGER = "U00042", "U99999"
RANKED = [f"I{k:04}" for k in range(1, 11)]  # what version 1 recommends to the known user
POPULAR = [f"I{k:04}" for k in range(11, 21)]
REASON = "Expected to bring 2.40 dollars more than it costs."


def fill(engine: Engine) -> None:
    """Write the shop into an empty database."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table, rows in contents().items():
            connection.execute(insert(tables.metadata.tables[table]), rows)


def contents() -> dict[str, list[dict]]:
    item = {"department": "craft", "category": "tea", "brand": "Oak", "price": 9.5}
    version = {"as_of": date(2025, 12, 31), "made_at": MOMENT, "git_commit": "c", "data_hash": "d"}
    version |= {"parameters": {}, "row_counts": {}, "measured": {}}
    score = {"user_id": KNOWN, "churn_risk": 0.2, "lifetime_value": 80.0, "uplift": 0.1}
    listed = {1: RANKED, 2: RANKED[::-1]}
    return {
        "items": [
            {**item, "item_id": item_id, "name": f"Tea {item_id}", "launched_at": MOMENT}
            for item_id in RANKED + POPULAR
        ],
        "users": [{"user_id": KNOWN, "signed_up_at": MOMENT}],
        "versions": [{**version, "version": k, "fingerprint": str(k)} for k in (1, 2)],
        "scores": [
            {**score, "version": 1, "action": "coupon", "reason": REASON},
            {**score, "version": 2, "action": "nothing", "reason": "It costs more."},
        ],
        "recommendations": [
            {"version": k, "user_id": KNOWN, "position": place, "item_id": item_id, "score": 1.0}
            for k, ids in listed.items()
            for place, item_id in enumerate(ids, 1)
        ],
        "popular": [
            {"version": k, "position": place, "item_id": item_id, "score": 1.0}
            for k in (1, 2)
            for place, item_id in enumerate(POPULAR, 1)
        ],
        "releases": [
            {"release_id": 1, "version": 1, "exploration": 0.2, "released_at": MOMENT, "reason": ""}
        ],
    }
