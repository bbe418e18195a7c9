"""Answers to lesson 17b that learners give: right ones by another way, and what wrong ones hear."""

import pandas as pd

from exercises.lesson_17b import windows_holding
from helpers import streaming
from tests.exercises.lessons.answers import are_right, are_told

DAY = pd.Timestamp("2025-11-28")


def counts_by_helper(arrivals, hours):
    table = streaming.window_counts(arrivals.assign(event="view"), f"{hours}h")
    return table.set_index("window_start")["n"].rename_axis("occurred_at")


def windows_by_helper(minute, length, slide):
    times = pd.Series([DAY + pd.Timedelta(minutes=minute)])
    starts = streaming.windows_of(times, f"{length}min", f"{slide}min")
    return [int((start - DAY).total_seconds() // 60) for start in starts]


def late_share_by_helper(delays, lateness, every):
    delays = pd.Series(pd.to_timedelta(delays, unit="h"))
    return streaming.expected_late(delays, f"{lateness}h", f"{every}h")


def conversion_by_sums(parts):
    n = {event: sum(part.loc[part["event"] == event, "n"].item() for part in parts)
         for event in ("purchase", "view")}  # fmt: skip
    return n["purchase"] / n["view"]


def totals_by_sink(sent):
    sink = streaming.ExactlyOnceSink("sqlite://", "clicks")
    for number, counts in sent:
        table = pd.DataFrame({"label": counts.keys(), "n": counts.values()})
        sink.add(table.assign(window_start=DAY), number)
    return sink.counts().set_index("label")["n"].to_dict()


test_another_way_is_right_too = are_right(
        ("17b-1", counts_by_helper),
        ("17b-1", lambda arrivals, hours: arrivals.resample(f"{hours}h", on="occurred_at").size()
            .loc[lambda n: n > 0]),
        ("17b-2", windows_by_helper),
        ("17b-5", late_share_by_helper),
        ("17b-6", conversion_by_sums),
        ("17b-7", totals_by_sink),
    )  # fmt: skip


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("17b-1", lambda arrivals, hours: len(arrivals), "number"),
    ("17b-1", lambda a, hours: a["occurred_at"].dt.floor(f"{hours}h").value_counts(), "order"),
    ("17b-2", lambda minute, length, slide: minute // slide * slide, "number"),
    ("17b-2", lambda minute, length, slide: windows_holding(minute, length, slide)[::-1], "not"),
    ("17b-3", lambda batches, lateness: max(max(batch) for batch in batches) - lateness, "number"),
    ("17b-7", lambda sent: dict(sent), "not right"),
    ("17b-7", lambda sent: [counts for _, counts in sent], "dict"),
)
