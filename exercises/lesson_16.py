"""Exercises of lesson 16: features as of an evening, retries, constraints, latency, rate limits."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, on_cases, quiz

TITLE = "In production"


def _history(text, day):
    """Write a history as words: user, day of January and hour, value, and a ! if it counts."""
    rows = []
    for word in text.split():
        user, moment, value = word.strip("!").split(":")
        changed = pd.Timestamp(2026, 1, *map(int, moment.split("h")))
        rows.append((user, changed, float(value)))
    history = pd.DataFrame(rows, columns=["user_id", "changed_at", "points"])
    known = history[[word.endswith("!") for word in text.split()]]
    right = known.set_index("user_id")["points"].sort_index()
    return Case(history, pd.Timestamp(2026, 1, day), right=right)


HISTORIES = [
    _history("Ana:1h9:3 Ben:2h8:4.5! Ana:5h20:7.25! Cem:6h9:1 Ana:6h10:2 Ben:8h9:9", 5),
    _history("Ben:9h9:5 Ana:3h9:8! Ben:4h23:2! Ana:2h9:6 Ben:1h1:3 Cem:4h12:1! Cem:3h1:4", 4),
    _history("Ana:7h0:5 Ana:6h9:4! Ben:6h23:9! Ben:5h9:2 Ben:2h9:1", 6),
]
HISTORY_AGAIN = _history("Dan:4h22:1! Eva:3h9:6! Dan:2h9:8 Eva:5h0:9 Dan:3h9:4", 4)


def as_of(history, day):
    """Return what each user's value was at the end of a day: her last change until then."""
    known = history[history["changed_at"] < day + pd.Timedelta(days=1)]
    return known.sort_values("changed_at").groupby("user_id")["points"].last()


AS_OF = Exercise(
    id="16-2",
    hints=(
        "What did the shop know at midnight after `day`?",
        "Keep the changes before the next day begins, sort them by time, take each user's last.",
        'changed_at < day + pd.Timedelta(days=1), sort, groupby("user_id")["points"].last().',
    ),
    solution=as_of,
    check=on_cases(*HISTORIES, held_back=[HISTORY_AGAIN], any_order=True),
    mistakes="""
    [history["changed_at"] < day + pd.Timedelta(days=1)] =>
        This is the newest row of each user. Some of it was not known on that evening: data leakage.
    [history["changed_at"] < day + pd.Timedelta(days=1)] =>
    .sort_values("changed_at") =>
        This is each user's last row in the table, whatever its date. Keep what was known on that
        evening, and sort by time; anything later is data leakage.
    < day + pd.Timedelta(days=1) => <= day
        You stopped on the morning of the day: `day` is its midnight. The day itself counts.
    < day => <= day
        You kept a change at midnight of the next day. That is the next day already: use <.
    .sort_values("changed_at") =>
        The rows are not sorted: the last row of a table need not be the last change.
    last => first
        This is each user's first change. The value that holds is the last one.
    last => sum
        You added up the balances. Each change gives the new balance: take the last one.
    last => max
        This is the largest value until then. Points can go down; take the last change.
    ["changed_at"] < day + pd.Timedelta(days=1) => ["changed_at"].dt.normalize() == day
        You used the changes of that day alone. A value holds until it is changed.
    """,
    takeaway="A feature is what was known on the evening, not what the table says today.",
)


ROLLBACK = quiz(
    id="16-3",
    options="""
    a) delete the lists of version 3, so that the API finds those of version 2
        Then there is nothing to examine tomorrow, and users without a list in version 2 get none.
        Keep what was served.
    b) start the nightly job again, on yesterday's export
        That takes time while users see bad lists, and nobody knows whether the new version is
        better. First go back, then search.
    c) add a release that serves version 2 again, with the reason
    d) change version 3 into version 2 in the row of the last release
        That falsifies history: the table would say that version 3 was never served.
    """,
    hints=(
        "Which way is done in a second, and can itself be undone?",
        "Tomorrow you want to find out what was shown to whom, and why it was bad.",
        "The table of releases is append-only: a rollback is one more row.",
    ),
    takeaway="A rollback is a new release of an old version: quick, recorded, reversible.",
)


RETRY = quiz(
    id="16-5",
    options="""
    a) nothing: it may have been stored, and a purchase must not count twice
        If it was not stored, the purchase is lost. A retry must be safe, not forbidden.
    b) send it again with the same event_id
    c) send it again with a new event_id, since an id must be unique
        If it was stored, the purchase counts twice: for the API a new id is a new event.
    d) ask the API whether it is well, and if so, send it again with a new event_id
        It may be well now. That doesn't say whether your event was stored.
    """,
    hints=(
        "Was the event stored, or was it not? Can the shop's page know?",
        "Find the way that is right in both cases.",
        "A repeated event_id is stored once, so sending it again is safe.",
    ),
    takeaway="Retry with the same id: at-least-once delivery, stored once.",
)


def _lines(text, items):
    """Write order lines as words: order, item, how many of it, and a ! if it is refused."""
    words = text.split()
    rows = [(word[:2], word[2], int(word[3])) for word in words]
    lines = pd.DataFrame(rows, columns=["order_id", "item_id", "quantity"])
    return Case(lines, items, right=pd.Series([word.endswith("!") for word in words]))


LINES = [
    _lines("O1a2 O1b1 O1a2! O2a1 O2z1! O3b0!", ["a", "b"]),
    _lines("O1c3 O2c1 O2c4! O3x1! O3a0! O3c1 O2c2! O1a5", ["a", "c", "d"]),
]
LINES_AGAIN = _lines("O5d1 O5d1! O6d0! O6a2 O7a1 O7c1! O7d3", ["a", "d"])


def refused(lines, items):
    """Mark the lines whose key was there before, whose item is unknown, or with no quantity."""
    repeated = lines.duplicated(["order_id", "item_id"])
    return repeated | ~lines["item_id"].isin(items) | (lines["quantity"] < 1)


REFUSED = Exercise(
    id="16-1",
    hints=(
        "Which three promises does the table make: about its key, about items, about quantities?",
        "`duplicated` marks the second row with the same key; `isin` checks against the catalog.",
        "duplicated(order_id, item_id), or item not in `items`, or quantity < 1.",
    ),
    solution=refused,
    check=on_cases(*LINES, held_back=[LINES_AGAIN]),
    mistakes="""
    ["order_id", "item_id"] => "order_id"
        You took the order alone as the key. An order has several lines: the key is the pair of
        order and item.
    ["order_id", "item_id"] => ["order_id", "item_id"], keep=False
        You refused both copies. When the first one comes, its key is still free.
    ["order_id", "item_id"] => ["order_id", "item_id"], keep="last"
        You refused the first copy and kept the last. When the first one comes, its key is free; the
        later ones find it taken.
    (lines["quantity"] < 1) => lines["quantity"] < 1
        You refused only what has a quantity below 1. If your line has the other rules, too: the
        comparison needs brackets, (lines["quantity"] < 1), because | comes before <.
    < 1 => <= 1
        You refused a quantity of 1, which is allowed: the table says at least 1.
    ["order_id", "item_id"] =>
        You compared the whole row. The same key with another quantity is refused, too.
    repeated | =>
        The key is missing: the same pair of order and item is refused when it comes again.
    ~lines["item_id"].isin(items) | =>
        The foreign key is missing: an item must be in the catalog.
    | (lines["quantity"] < 1) =>
        The rule about the quantity is missing: nobody buys 0 of something.
    return … => return repeated
        You checked the key alone. The item and the quantity have rules of their own.
    return … => return ~(…)
        It is turned around: these are the rows that are stored.
    """,
    takeaway="A rule that is in the database holds for every program that writes to it.",
    further=True,
)


# In a conflict the first content stays, so that it is a repeat when it comes again.
DELIVERIES = [
    Case(
        [("e1", "tea"), ("e1", "tea"), ("e2", "tea"), ("e1", "cup"), ("e1", "tea")],
        right=["new", "repeat", "new", "conflict", "repeat"],
    ),
    Case(
        [("a", "rug"), ("b", "rug"), ("a", "cup"), ("a", "cup"), ("b", "rug"), ("a", "rug")],
        right=["new", "new", "conflict", "conflict", "repeat", "repeat"],
    ),
]
DELIVERIES_AGAIN = Case(
    [("x", "pot"), ("y", "cup"), ("x", "cup"), ("x", "cup"), ("y", "cup")],
    right=["new", "new", "conflict", "conflict", "repeat"],
)


def answers(deliveries):
    """Answer each delivery: its id is new, or known with the same content, or with another one."""
    stored, said = {}, []
    for event_id, content in deliveries:
        known = event_id in stored
        first = stored.setdefault(event_id, content)
        said.append("new" if not known else "repeat" if first == content else "conflict")
    return said


ANSWERS = Exercise(
    id="16-4",
    hints=(
        "How do you tell a retry from a second purchase of the same item?",
        "Keep a dict from event id to the content that came first.",
        'Id not in the dict: store, "new". Same content as stored: "repeat". Else: "conflict".',
    ),
    solution=answers,
    check=on_cases(*DELIVERIES, held_back=[DELIVERIES_AGAIN]),
    mistakes="""
    event_id in stored => content in stored
    setdefault(event_id, content) => setdefault(content, content)
        You recognized events by content. Two users, or one user twice, may buy the same: the id
        decides.
    event_id in stored => (event_id, content) in stored
    setdefault(event_id, content) => setdefault((event_id, content), content)
        You recognized events by the pair of id and content. Then one id is stored twice with
        different content, and nobody notices the conflict.
    "repeat" if first == content else "conflict" => "repeat"
        There is no conflict in your answer. A known id with other content is an error of the
        sender; say so.
    first = … => first, stored[event_id] = stored.get(event_id), content
        The first content is overwritten by the conflict. What is stored must stay.
    first = … => before = stored.get(event_id, []); stored[event_id] = [*before, content]
    first == content => content in before
        You stored the conflict, too, so that its repeat seems fine. It was refused: each of its
        repeats is a conflict again.
    "new" if not known else "repeat" if first == content else "conflict" => "new"
        They are always new for you: a retry would count as a second purchase.
    """,
    takeaway="With an id chosen by the sender, a retry changes nothing.",
)


LOADS = [
    Case(0.99, 50.0, 0.01, right=np.log(100) / (100 - 50)),
    Case(0.9, 3.0, 0.2, right=np.log(10) / (5 - 3)),
]
LOAD_AGAIN = Case(0.95, 12.0, 0.05, right=np.log(20) / (20 - 12))


def response_time(q, arrivals, service):
    """Return the quantile q of the response time of an M/M/1 queue, in seconds."""
    return -np.log(1 - q) / (1 / service - arrivals)


RESPONSE_TIME = Exercise(
    id="16-6",
    hints=(
        "How many requests a second could the server answer, and how many come?",
        "The response time is exponential with rate μ − λ, and P(T ≤ t) = 1 − exp(−(μ − λ) t).",
        "t = −ln(1 − q) / (μ − λ), with μ = 1/service and λ = arrivals.",
    ),
    solution=response_time,
    check=on_cases(*LOADS, held_back=[LOAD_AGAIN]),
    mistakes="""
    -np.log(1 - q) / => 1 /
        This is the mean response time. The quantile multiplies it by −ln(1 − q).
    -np.log => -1000 * np.log
        These are milliseconds. The mean service time is in seconds, and so is the answer.
    -np.log => np.log
        Your time is negative. ln(1 − q) is below 0, so the formula has a minus sign.
    1 - q => q
        You took −ln(q). That is the time that a share q exceeds; take 1 − q.
    1 / service => service
        `service` is the time of one request. μ, the requests in a second, is 1 / service.
    / (1 / service - arrivals) => * service
        This is the service time alone, without a queue. The server is busy with others, too: divide
        by μ − λ.
    -np.log(1 - q) => -np.log(1 - q) * arrivals * service
        You multiplied by the utilization λ/μ, as for the mean waiting time. The question asks for
        the whole response time.
    -np.log(1 - q) => q
        You took q times the mean. A quantile of an exponential needs the logarithm.
    log => log10
        That is the decimal logarithm. Use the natural one, np.log.
    """,
    takeaway="Near full load every percentile grows like 1 / (μ − λ).",
)


PLACES = [
    Case(2, 2, 10, 0.1, right=0.9 + 0.1 / 10),
    Case(4, 1, 5, 0.5, right=0.5 / 5),
]
PLACE_AGAIN = Case(1, 1, 8, 0.4, right=0.6 + 0.4 / 8)


def propensity(position, rank, n, epsilon):
    """Return the probability that the item of a rank stands in a position."""
    return (1 - epsilon) * (position == rank) + epsilon / n


PROPENSITY = Exercise(
    id="16-7",
    hints=(
        "In how many ways can this item come to this place?",
        "With 1 − ε the list is as ranked; with ε any of n places is equally likely.",
        "(1 − ε)·1[position = rank] + ε/n.",
    ),
    solution=propensity,
    check=on_cases(*PLACES, held_back=[PLACE_AGAIN]),
    mistakes="""
    return … => return float(position == rank) or 1 / n
        This is the branch: 1 for a ranked list, 1/n for a random one. A propensity is the
        probability over both, so weight them with 1 − ε and ε.
    return … => return (1 - epsilon + epsilon / n) * (position == rank)
        Other places have 0 for you. In a random order the item can be in any place: ε/n.
    return … => return epsilon * (position == rank) + (1 - epsilon) / n
        You swapped ε and 1 − ε: ε is the share of random orders.
    epsilon / n => epsilon / n * (position != rank)
        In its own place an item also stands by chance: add ε/n there, too.
    epsilon / n => epsilon / (n - 1) * (position != rank)
        You shared ε among the n − 1 other places. A random order may also leave the item where it
        is ranked.
    / n =>
        ε is not divided by n: a random order puts the item into one of n places.
    (1 - epsilon) * =>
        That can be more than 1. As ranked it stands with 1 − ε only.
    return … => return 1 / n
        This is for the random lists alone. Most lists are as ranked.
    + epsilon / n =>
        You left out exploration. A propensity of 0 says that this can't happen, and it does.
    """,
    takeaway="Log the probability over everything that could have happened.",
)


# After half a second there is half a permit, and after a long pause there are no more than `burst`.
TIMES = [
    Case(
        *([0.0, 0.0, 0.0, 0.5, 1.0, 9.0, 9.0, 9.0], 1.0, 2),
        right=[True, True, False, False, True, True, True, False],
    ),
    Case(
        *([3.0, 3.0, 3.0, 3.0, 3.25, 3.5, 3.75, 4.5], 2.0, 3),
        right=[True, True, True, False, False, True, False, True],
    ),
]
TIMES_AGAIN = Case(
    *([1.0, 1.0, 1.5, 2.0, 2.5, 7.0, 7.0, 7.0], 1.0, 2),
    right=[True, True, False, True, False, True, True, False],
)


def passes(times, rate, burst):
    """Let a request pass if the bucket holds a permit; refill it at a rate, up to its size."""
    permits, before, said = burst, times[0], []
    for now in times:
        permits = min(burst, permits + (now - before) * rate)
        said.append(permits >= 1)
        permits -= said[-1]
        before = now
    return said


PASSES = Exercise(
    id="16-8",
    hints=(
        "How many permits are there at the first request, and how many come until the next one?",
        "Refill: min(burst, permits + seconds · rate). A request needs one whole permit.",
        "For each time: refill, pass if permits ≥ 1, and take 1 if it passed.",
    ),
    solution=passes,
    check=on_cases(*TIMES, held_back=[TIMES_AGAIN]),
    mistakes="""
    min(burst, permits + (now - before) * rate) => permits + (now - before) * rate
        Your bucket overflows: after a pause it holds at most `burst` permits.
    permits = min(burst, permits + (now - before) * rate) =>
        The bucket is never refilled. `rate` permits come each second.
    = burst, times[0] => = 0, times[0]
        Your bucket is empty at first. A new client has a full one.
    permits >= 1 => permits > 0
        In your bucket a part of a permit is enough. A request needs a whole one: ≥ 1.
    before = now => before = now if said[-1] else before
        Some seconds are counted twice: after a refused request, too, the next refill begins at its
        moment.
    -= said[-1] => -= 1
        In your bucket refused requests pay, too. Then a client that keeps asking never gets through
        again.
    permits >= 1 => True
        They all pass. A request without a permit has to wait.
    """,
    takeaway="`burst` at once, `rate` a second in the long run.",
)
