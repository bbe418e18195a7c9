"""Exercises of lesson 17b: windows of event time, watermarks, and sinks that count once."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Streaming"


def _arrivals(*rows, hours, right):
    """Write arrivals of one day as (occurred, arrived), and the counts by start of a window."""
    times = [[pd.Timestamp(f"2025-11-28 {time}") for time in row] for row in rows]
    starts = [pd.Timestamp(f"2025-11-28 {time}") for time in right]
    counts = pd.Series(right.values(), starts, name="count").rename_axis("occurred_at")
    return Case(pd.DataFrame(times, columns=["occurred_at", "arrived_at"]), hours, right=counts)


ARRIVALS = [
    _arrivals(
        *[("10:00", "10:01"), ("10:59", "11:02"), ("11:00", "11:05"), ("09:40", "12:10")],
        hours=1,
        right={"09:00": 1, "10:00": 2, "11:00": 1},
    ),
    _arrivals(
        *[("10:00", "10:01"), ("10:59", "11:02"), ("14:00", "14:05"), ("09:40", "12:10")],
        hours=2,
        right={"08:00": 1, "10:00": 2, "14:00": 1},
    ),
]
ARRIVALS_AGAIN = _arrivals(
    *[("06:00", "06:00"), ("05:35", "08:10"), ("08:59", "09:01"), ("03:00", "03:40")],
    hours=3,
    right={"03:00": 2, "06:00": 2},
)


def event_time_counts(arrivals, hours):
    """Cut each event time down to the start of its window, and count."""
    return arrivals["occurred_at"].dt.floor(f"{hours}h").value_counts().sort_index()


EVENT_TIME_COUNTS = Exercise(
    id="17b-1",
    hints=(
        "Which of the two times says when a user did something?",
        "`.dt.floor` cuts times down to a multiple of a length, such as `3h`.",
        'Floor `occurred_at` with f"{hours}h", then value_counts and sort_index.',
    ),
    solution=event_time_counts,
    check=on_cases(*ARRIVALS, held_back=[ARRIVALS_AGAIN]),
    mistakes="""
    "occurred_at" => "arrived_at"
        You counted by processing time, when events arrive. Count by when they occurred.
    floor => ceil
        You labeled by the end of the window. Cut down to its start.
    floor => round
        You rounded to the nearest start. An event belongs to the window that has begun.
    f"{hours}h" => "h"
        You made a window each hour. A window is `hours` long.
    return … => return arrivals.resample(f"{hours}h", on="occurred_at").size()
        You kept empty windows, as resample does. Drop those with 0 events.
    => windows = arrivals.apply(lambda times: times.dt.floor(f"{hours}h"))
    => arrivals = arrivals[windows["occurred_at"] == windows["arrived_at"]]
        Events that arrived in a later window are left out. They count where they occurred.
    """,
    takeaway="Event time says what happened when; processing time says when we heard of it.",
)


BATCHES = [
    Case([[5, 10, 7], [42, 30], [35, 12], [60]], 20, right=np.array([10, 42, 42, 60]) - 20),
    Case([[100], [90, 95], [130, 80]], 30, right=np.array([100, 100, 130]) - 30),
]
BATCHES_AGAIN = Case(
    *([[7, 3], [2, 6], [50, 1], [49, 30], [90, 88]], 15), right=np.array([7, 7, 50, 50, 90]) - 15
)


def watermarks(batches, lateness):
    """Take the latest event time so far, minus the lateness, after each batch."""
    latest = np.maximum.accumulate([max(batch) for batch in batches])
    return latest - lateness


WATERMARKS = Exercise(
    id="17b-3",
    hints=(
        "Can a watermark move back?",
        "Keep the latest event time seen so far, in this batch and in all before it.",
        "np.maximum.accumulate of the batches' maxima, minus lateness.",
    ),
    solution=watermarks,
    check=on_cases(*BATCHES, held_back=[BATCHES_AGAIN]),
    mistakes="""
    return … => return [max(batch) - lateness for batch in batches]
        This watermark moves back after a batch of old events. It keeps the latest time that was
        seen in any batch so far.
    max(batch) => batch[-1]
        You took the last event of each batch. Within a batch, the latest can come first.
    max(batch) for batch in batches => time for batch in batches for time in batch
        This is a watermark after each event. It moves once per batch.
    return … => return np.append(np.nan, latest[:-1] - lateness)
        This is the watermark before each batch, one batch behind. The question asks for the
        watermark after it.
    - lateness =>
        The lateness is not subtracted: no event would be allowed to be late.
    maximum => minimum
    max(batch) => min(batch)
        You took the earliest event time. A watermark follows the latest.
    latest - lateness => latest + lateness
        You added the lateness. The watermark runs behind the latest event.
    """,
    takeaway="A watermark is the latest event time seen minus a promise to wait; it never goes "
    "back.",
)


# Batch 1 is sent twice, and batches 0 and 2 hold the same counts by chance.
SENT = [
    Case(
        [(0, {"view": 3, "cart": 1}), (1, {"view": 1, "cart": 2}), (1, {"view": 1, "cart": 2}),
         (2, {"view": 3, "cart": 1})],
        right={"view": 3 + 1 + 3, "cart": 1 + 2 + 1},
    ),
    Case(
        [(0, {"view": 5}), (0, {"view": 5}), (0, {"view": 5}), (1, {"cart": 2}), (2, {"cart": 2}),
         (2, {"cart": 2})],
        right={"view": 5, "cart": 2 + 2},
    ),
]  # fmt: skip
SENT_AGAIN = Case(
    [(0, {"view": 2}), (1, {"view": 2, "cart": 4}), (1, {"view": 2, "cart": 4}), (2, {"view": 2}),
     (3, {"purchase": 1}), (3, {"purchase": 1})],
    right={"view": 2 + 2 + 2, "cart": 4, "purchase": 1},
)  # fmt: skip


def totals(sent):
    """Keep one copy of each batch, by its number, and add up."""
    added = {}
    for counts in dict(sent).values():
        for label, n in counts.items():
            added[label] = added.get(label, 0) + n
    return added


TOTALS = Exercise(
    id="17b-7",
    hints=(
        "By what can you recognize a batch that you have added already?",
        "Two batches may hold the same counts by chance. Their numbers differ.",
        "Remember the numbers that were added, and skip a batch whose number is among them.",
    ),
    solution=totals,
    check=on_cases(*SENT, held_back=[SENT_AGAIN]),
    mistakes="""
    counts in dict(sent).values() => _, counts in sent
        A batch that was sent again is counted twice: this is at-least-once.
    dict(sent).values() => {repr(counts): counts for _, counts in sent}.values()
        You skipped batches with the same content. Two different batches can hold the same counts:
        compare their numbers.
    counts in dict(sent).values() => _, counts in sent
    added.get(label, 0) + n => n
        Each batch overwrites the counts before it. These are partial counts: add them up.
    return … => return dict(sent[-1][1])
        This is the last batch alone. Add up the others, too.
    dict(sent).values() => [c for n, c in sent if [m for m, _ in sent].count(n) == 1]
        Batches that were sent again are left out altogether. Each must count once.
    return … => return dict(sent[0][1])
        This is the first batch alone. Add up the others, too.
    """,
    takeaway="At-least-once delivery and an idempotent sink make exactly-once counts.",
)


def windows_holding(minute, length, slide):
    """Collect the starts that are not after the minute, and whose windows have not ended."""
    return [start for start in range(minute - length + 1, minute + 1) if start % slide == 0]


WINDOWS_HOLDING = Exercise(
    id="17b-2",
    hints=(
        "In how many windows is an event, if a window of two hours begins every hour?",
        "A window [start, start + length) holds a minute if start ≤ minute < start + length.",
        "All multiples of slide from minute − length + 1 to minute.",
    ),
    solution=windows_holding,
    check=on_cases(
        Case(620, 120, 60, right=[540, 600]),  # [540, 660) and [600, 720) hold it
        Case(600, 120, 60, right=[540, 600]),
        Case(659, 120, 60, right=[540, 600]),
        Case(700, 120, 60, right=[600, 660]),
        held_back=[Case(1000, 90, 15, right=[915, 930, 945, 960, 975, 990])],
    ),
    mistakes="""
    return … => return [minute // slide * slide]
        This is the last window only. Windows overlap, and earlier ones are still open.
    length + 1 => length
        You let a window hold its end. The minute start + length belongs to the next one.
    minute + 1) => minute)
        You left out the window that starts at the very minute. A window holds its start.
    range(minute - length + 1, minute + 1) => range(minute + 1, minute + length + 1)
        These are the ends of the windows. The question asks for their starts.
    return … => return list(range(minute - length + slide, minute + 1, slide))
        You let windows begin at the event. They begin at multiples of slide, for all events.
    => last = minute // slide * slide
    return … => return list(range(last, last + length, slide))
        You went forward in time. A window that begins after the event can't hold it.
    return … => return [minute // length * length]
        You let windows begin at multiples of the length: these tumble. They begin at multiples of
        slide.
    """,
    takeaway="An event counts in length ÷ slide sliding windows, so their counts don't add up.",
    further=True,
)


OUTPUT_MODE = quiz(
    id="17b-4",
    hints=(
        "Which modes send a window that may still change?",
        "Update sends each window that changed; complete sends the whole table each time.",
        "Append waits until the watermark has passed the end of a window.",
    ),
    options="""
    a) append
    b) update
        In update mode a window is sent when it changes, and it often changes later: an email can't
        be corrected.
    c) complete
        Complete mode sends the whole table after each batch, unfinished windows included, and must
        keep all windows forever.
    """,
    takeaway="Append: final and late. Update: early and provisional. Complete: everything, always.",
)


# The watermark runs 5, 3 and, held back, 4.5 hours behind the start of a batch.
DELAYS = [
    ArrayCase([0.0, 5.0, 6.5, 10.0], 2, 3, right=(0 + 0 + 1.5 / 3 + 1) / 4),
    ArrayCase(
        *([0.1, 3.25, 0.5, 6.0, 2.5, 3.9], 1, 2), right=(0 + 0.25 / 2 + 0 + 1 + 0 + 0.9 / 2) / 6
    ),
]
DELAYS_AGAIN = ArrayCase([6.0, 0.2, 5.5, 4.5, 30.0], 3, 1.5, right=(1 + 0 + 1 / 1.5 + 0 + 1) / 5)


def late_share(delays, lateness, every):
    """Average, over delays, the share of a batch's moments at which an event would be late."""
    return np.clip((delays - lateness - every) / every, 0, 1).mean()


LATE_SHARE = Exercise(
    id="17b-5",
    hints=(
        "How far behind the start of a batch does the watermark run?",
        "An event that arrives v hours into its batch is late if its delay exceeds "
        "lateness + every + v, and v is uniform between 0 and every.",
        "The mean of (delay − lateness − every) / every, clipped to between 0 and 1.",
    ),
    solution=late_share,
    check=on_cases(*DELAYS, held_back=[DELAYS_AGAIN]),
    mistakes="""
    - lateness - every => - lateness
        You forgot that the watermark runs a batch behind: it comes from the batches before.
    return … => return np.mean(delays > lateness)
        You compared with the lateness alone. The watermark moves from batch to batch, and most
        events with such a delay are still in time.
    return … => return np.mean(delays > lateness + every)
        You left out the moment of arrival: the later in its batch, the longer a delay may be.
    return … => return ((delays - lateness - every) / every).mean()
        A probability lies between 0 and 1. Each one must be clipped before you average.
    return … => return np.minimum(1, (delays - lateness - every) / every).mean()
        Some of your probabilities are below 0, for short delays. Clip them at 0, too.
    return … => return np.maximum(0, (delays - lateness - every) / every).mean()
        Some of your probabilities are above 1, for long delays. Clip them at 1, too.
    return … => return 1 - …
        This is the share that is in time. The question asks for the complement.
    => lateness, every = 2, 6
        You kept the numbers of the lesson, 2 and 6. Use `lateness` and `every`.
    => delays = np.mean(delays)
        You clipped after averaging: the mean delay tells nothing about the long ones.
    .mean() => .sum()
        This is the expected number of events. The question asks for their share.
    """,
    takeaway="Measure delays first; then the lateness is a choice, not a guess.",
)


def _part(view, cart, purchase):
    """Write the counts of one part of a stream."""
    return pd.DataFrame({"event": ["view", "cart", "purchase"], "n": [view, cart, purchase]})


PARTS = [
    Case([_part(100, 30, 10), _part(20, 12, 9)], right=19 / 120),
    Case([_part(50, 20, 5), _part(400, 90, 20), _part(10, 5, 4)], right=29 / 460),
]
PARTS_AGAIN = Case(
    [_part(7, 3, 1), _part(80, 25, 12), _part(31, 10, 8), _part(5, 4, 1)], right=22 / 123
)


def conversion(parts):
    """Add up the counts of all parts, and divide once."""
    total = pd.concat(parts).groupby("event")["n"].sum()
    return total["purchase"] / total["view"]


CONVERSION = Exercise(
    id="17b-6",
    hints=(
        "A quiet night converts 2 of 4 views and a busy day 1 of 100. What did both convert?",
        "Counts can be added up. Rates can't.",
        "Sum of purchases ÷ sum of views, over all parts.",
    ),
    solution=conversion,
    check=on_cases(*PARTS, held_back=[PARTS_AGAIN]),
    mistakes="""
    total = … => total = pd.DataFrame([part.set_index("event")["n"] for part in parts])
    return … => return (…).mean()
        This is the mean of the rates. A part with few views counts as much as a busy one.
    total = … => total = pd.DataFrame([part.set_index("event")["n"] for part in parts])
    return … => return (…).sum()
        This is the sum of the rates. Add up counts, and divide once.
    pd.concat(parts) => parts[-1]
        This is the last part alone: each part overwrites the one before. Add them up.
    return … => return total["view"] / total["purchase"]
        The rate is upside down: purchases are divided by views.
    total["view"] => total["cart"]
        These are purchases per cart. The question asks for purchases per view.
    total = … => total = pd.DataFrame([part.set_index("event")["n"] for part in parts])
    return … => return np.average(…, weights=total.sum(axis=1))
        You weighted the rates by all events. The rate of a part has its views as weight.
    total["view"] => total.sum()
        You divided by all events. Divide by the views.
    """,
    takeaway="Keep counts in the stream, and divide when you read.",
)


CRASH_ORDER = quiz(
    id="17b-8",
    hints=(
        "A crash falls between the two writes. What does the job believe when it restarts?",
        "It goes on after the batch that it noted as done. Were that batch's counts written?",
        "A batch that is noted and not written is never sent again.",
    ),
    options="""
    a) at-most-once: a crash loses a batch
    b) at-least-once: a crash counts a batch twice
        It counts a batch twice if the counts are written first. Here the batch is noted as done
        first, so it is never sent again.
    c) exactly-once: a crash changes nothing
        That takes one transaction for both writes, or a sink that recognizes the batch. Here a
        crash can fall between the two.
    """,
    takeaway="Note first: at most once. Write first: at least once. Both in one transaction: "
    "exactly once.",
)
