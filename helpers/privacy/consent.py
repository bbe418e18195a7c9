"""Consent and retention: who allows a purpose, and which rows have had their time."""

import pandas as pd

from helpers.data import checks


def may_use(consents: pd.DataFrame, purpose: str, on: str | pd.Timestamp) -> pd.Index:
    """Return the users who allow a purpose on a day.

    Consent holds for one purpose, from the day it is given to the day it is withdrawn, which no
    longer counts. No entry means no consent: neither silence nor consent to another purpose is one
    (GDPR, articles 5(1)(b) and 7).

    Parameters
    ----------
    consents : DataFrame, one row per user, purpose and period: ``user_id``, ``purpose``,
        ``given_on``, ``withdrawn_on`` (missing while it holds).
    purpose : such as "recommendations". A purpose that nobody has been asked about is an error.
    on : the day.

    Returns
    -------
    Index of user ids, sorted.

    Examples
    --------
    >>> asked = pd.DataFrame({"user_id": ["Ana", "Ben"], "purpose": "email",
    ...     "given_on": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "withdrawn_on": pd.to_datetime([None, "2025-03-01"])})
    >>> [*may_use(asked, "email", "2025-02-01")], [*may_use(asked, "email", "2025-03-01")]
    (['Ana', 'Ben'], ['Ana'])
    """
    checks.require(
        consents, user_id="key", purpose="text", given_on="datetime", withdrawn_on="datetime?"
    )
    before = consents["withdrawn_on"] < consents["given_on"]
    fix = "Are the two columns swapped?"
    checks.refuse_rows(consents, ("withdrawn_on", before, "is before given_on", fix))
    day = checks.as_day(on, "on")
    about = consents[consents["purpose"] == purpose]
    if about.empty:
        asked = ", ".join(sorted(consents["purpose"].unique()))
        raise ValueError(f'Nobody was asked about the purpose "{purpose}", only about: {asked}.')
    holds = (about["given_on"] <= day) & ~(about["withdrawn_on"] <= day)
    return pd.Index(about.loc[holds, "user_id"].unique(), name="user_id").sort_values()


def expired(table: pd.DataFrame, moment: str, days: int, on: str | pd.Timestamp) -> pd.Series:
    """Return which rows are older than their retention period.

    A row may be kept for so many days after its moment; on the day after that it has to go (storage
    limitation, GDPR, article 5(1)(e)).

    Parameters
    ----------
    table : DataFrame.
    moment : its column of times.
    days : the retention period.
    on : today.

    Returns
    -------
    Series of booleans, index of `table`.

    Examples
    --------
    >>> events = pd.DataFrame({"occurred_at": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> expired(events, "occurred_at", 30, "2025-02-01").tolist()
    [True, False]
    """
    checks.require(table, **{moment: "datetime"})
    checks.require_whole("days", days)
    return table[moment].dt.normalize() + pd.Timedelta(days=days) < checks.as_day(on, "on")
