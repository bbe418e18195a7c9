"""How events reach the shop's server: late, out of order, and now and then twice."""

import os
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data import checks

NETWORK_SECONDS = 30  # mean delay of an event whose session is online
RETRY_MINUTES = 10  # mean time after which a phone sends again what it believes was lost


def deliver(
    events: pd.DataFrame,
    *,
    offline: float = 0.1,
    hours: float = 6.0,
    repeated: float = 0.05,
    every: str = "3h",
    random_state: int = 0,
) -> pd.DataFrame:
    """Simulate the delivery of events: when each arrives, and in which batch.

    An event takes a few seconds (exponential, mean 30 s). In a share of the sessions, the phone is
    offline, and all events of the session wait for a time that is exponential, too. Some events are
    sent twice, because the phone got no receipt: delivery is at least once.

    Parameters
    ----------
    events : DataFrame with ``event_id``, ``occurred_at`` and ``session_id``; other columns stay.
    offline : share of sessions that are offline, in (0, 1).
    hours : mean hours that an offline session waits.
    repeated : share of events that are sent twice, in (0, 1).
    every : length of a batch of arrivals, such as "3h".
    random_state : seed.

    Returns
    -------
    DataFrame, one row per arrival, in order of arrival: the columns of ``events``, ``arrived_at``,
    and ``batch``, which counts the intervals of length ``every`` that hold arrivals, from 0 on.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["E1", "E2"], "session_id": ["S1", "S2"],
    ...     "occurred_at": pd.to_datetime(["2025-11-28 10:00", "2025-11-28 10:01"])})
    >>> deliver(events, offline=0.5, random_state=1)[["event_id", "batch"]].to_numpy().tolist()
    [['E1', 0], ['E1', 0], ['E2', 0]]
    """
    checks.require(events, event_id="key", session_id="key", occurred_at="datetime")
    checks.require_share("offline", offline)
    checks.require_share("repeated", repeated)
    if not hours > 0:
        raise ValueError(f"hours is the mean wait of an offline session, above 0; got {hours}.")
    rng = np.random.default_rng(random_state)
    session, sessions = pd.factorize(events["session_id"])
    waits = rng.exponential(hours * 3600, len(sessions)) * (rng.random(len(sessions)) < offline)
    seconds = rng.exponential(NETWORK_SECONDS, len(events)) + waits[session]
    again = seconds + rng.exponential(RETRY_MINUTES * 60, len(events))
    twice = rng.random(len(events)) < repeated
    arrivals = pd.concat([_arriving(events, seconds), _arriving(events[twice], again[twice])])
    arrivals = arrivals.sort_values("arrived_at", kind="stable", ignore_index=True)
    interval = arrivals["arrived_at"].dt.floor(every)
    return arrivals.assign(batch=pd.factorize(interval)[0])


def write_batches(arrivals: pd.DataFrame, folder: str | Path) -> list[Path]:
    """Write each batch of arrivals as a file of JSON lines, as a stream reads them.

    A file appears whole or not at all, because a reader may be watching the folder: it is written
    under a hidden name and then renamed. Streams read files in the order of their dates, so batch
    k is dated k seconds after the first.

    Parameters
    ----------
    arrivals : DataFrame with ``batch``; all other columns are written.
    folder : made if it is missing. It may not hold a batch that is to be written.

    Returns
    -------
    list of the files, ``batch-0000.jsonl`` first.
    """
    checks.require(arrivals, batch="count")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    batches = dict(list(arrivals.groupby("batch")))
    files = {number: folder / f"batch-{number:04}.jsonl" for number in batches}
    if there := [file.name for file in files.values() if file.exists()]:
        raise ValueError(
            f"{folder.name} holds {there[0]} already, and a stream may have read it. Write to an "
            "empty folder."
        )
    for number, rows in batches.items():
        hidden = folder / f".{files[number].name}"
        rows = rows.drop(columns="batch")
        rows.to_json(hidden, orient="records", lines=True, date_format="iso", date_unit="us")
        dated = 1_000_000_000 + number
        os.utime(hidden, (dated, dated))
        hidden.rename(files[number])
    return list(files.values())


def _arriving(events: pd.DataFrame, seconds: np.ndarray) -> pd.DataFrame:
    delays = pd.to_timedelta(np.round(seconds), unit="s")
    return events.assign(arrived_at=events["occurred_at"] + delays)
