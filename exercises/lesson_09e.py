"""Exercises of lesson 09e: what comes next, whether its order matters, and what a split leaks."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays

TITLE = "Sequences and sessions"


def _words(text):
    """Write sessions as words, an item as a letter."""
    return [list(word) for word in text.split()]


STEPS = [
    Case(_words("abc ab cad"), "a", "b", right=2 / 3),
    Case(_words("abab ba cab aca b ca abab"), "a", "b", right=5 / 6),
    Case(_words("ab ac ad a"), "a", "d", right=1 / 3),
    Case(_words("ab cb"), "b", "a", right=0),
]
STEPS_AGAIN = Case(_words("xyx yx yz zy x"), "y", "x", right=2 / 3)


def step_share(sessions, a, b):
    """Take all steps from a, and count those that lead to b."""
    after_a = []
    for items in sessions:
        after_a += [items[n + 1] for n in range(len(items) - 1) if items[n] == a]
    return after_a.count(b) / len(after_a) if after_a else 0


STEP_SHARE = Exercise(
    id="09e-1",
    hints=(
        "Which pairs of neighbors does a session of three items hold? Which of them begin with "
        "`a`?",
        "`zip(items, items[1:])` pairs each item with the next one. Keep what follows `a`.",
        "Number of steps a → b ÷ number of steps a → anything; 0 if there are none.",
    ),
    solution=step_share,
    check=on_cases(*STEPS, held_back=[STEPS_AGAIN]),
    mistakes="""
    items[n + 1] for => items[n] for
    if items[n] == a => if items[n + 1] == a
        You went backward: this is what comes before `a`. Take the steps that start at `a`.
    / len(after_a) => / sum(len(items) - 1 for items in sessions)
        You divided by all steps. A transition probability divides by the steps from `a` only.
    / len(after_a) => / sum(items.count(a) for items in sessions)
        You divided by how often `a` was seen. Where a session ends with `a`, there is no step from
        it: divide by the steps.
    return … => return after_a.count(b) / max(1, sum(items[1:].count(b) for items in sessions))
        You divided by the steps that lead to `b`. Divide by those that start at `a`.
    => sessions = [items[: items.index(a) + 2] for items in sessions if a in items]
        You took only the first `a` of each session. Each `a` with a next item starts a step.
    return … => return np.mean([a + b in "".join(each) for each in sessions if a in each] or [0])
        This is the share of sessions with `a` that hold the step. Count steps: a session may have
        several from `a`, or none.
    => sessions = [sum(sessions, [])]
        You joined the sessions, so that a step leads from the end of one into the next. Pair the
        items within each session.
    return … => return np.mean([b in items for items in sessions if a in items] or [0])
        This is the share of sessions with `a` that also hold `b`, in any place: co-occurrence.
        Count direct steps from `a` to `b`.
    return … => return after_a.count(b)
        This is the number of steps. Divide it by the number of all steps from `a`.
    """,
    takeaway="A transition probability divides by the steps that start at the item.",
)

NEIGHBORS = [
    # Cosines 2/√6, 1/√2 and 1/√8.
    Case(
        *({"a", "b"}, [{"a", "b", "c"}, {"a"}, {"b", "c", "d", "e"}], 3),
        right={"c": 2 / 6**0.5 + 1 / 8**0.5, "d": 1 / 8**0.5, "e": 1 / 8**0.5},
    ),
    # Cosines 1/√6, 1/√12 and 2/√12: the nearest are the third and the first.
    Case(
        *({"a", "b", "c"}, [{"a", "d"}, {"b", "d", "e", "f"}, {"b", "c", "e", "g"}], 2),
        right={"d": 1 / 6**0.5, "e": 2 / 12**0.5, "g": 2 / 12**0.5},
    ),
    # 1/√6, 2/√27, 1/√3. By common items alone, the second would be the nearest.
    Case(
        *({"a", "b", "c"}, [{"a", "d"}, {"b", "c", *"efghijk"}, {"c"}], 2),
        right={"d": 1 / 6**0.5},
    ),
]
NEIGHBORS_AGAIN = Case(
    *({"p", "q"}, [{"p", "q", "r", "s"}, {"q", "r"}, {"p", "t", "u"}], 2),
    right={"r": 2 / 8**0.5 + 1 / 2, "s": 2 / 8**0.5},
)


def session_scores(session, past, k):
    """Add up the similarities of the k nearest sessions, item by item."""
    similarity = [len(session & each) / np.sqrt(len(session) * len(each)) for each in past]
    nearest = np.argsort(similarity)[::-1][:k]
    scores = {}
    for n in nearest:
        for item in past[n] - session:
            scores[item] = scores.get(item, 0) + similarity[n]
    return scores


SESSION_SCORES = Exercise(
    id="09e-2",
    hints=(
        "First the similarity of each past session. Whose items are then recommended?",
        "`session & each` are the common items. Sort, keep k, and let each neighbor vote for its "
        "items that are not in `session`.",
        "similarity = |s ∩ n| / √(|s| |n|); score of an item = Σ similarity of the k nearest that "
        "hold it.",
    ),
    solution=session_scores,
    check=on_cases(*NEIGHBORS, held_back=[NEIGHBORS_AGAIN]),
    mistakes="""
    np.sqrt(len(session) * len(each)) => len(session | each)
        This is the Jaccard similarity. The lesson divides by the root of the product of the sizes.
    np.sqrt(len(session) * len(each)) => (len(session) * len(each))
        The root is missing: divide by √(size · size).
    / np.sqrt(len(session) * len(each)) =>
        You took the number of common items for the similarity, so that long sessions are near to
        everything. Divide by √(size · size).
    [::-1][:k] => [:k]
        You took the k least similar sessions: `argsort` begins with the smallest.
    [::-1][:k] => [::-1]
        You took all past sessions. Only the `k` most similar ones vote.
    + similarity[n] => + 1
        You counted the neighbors. Each votes with its similarity.
    + similarity[n] => + similarity[n] / sum(similarity[each] for each in nearest)
        You divided by the sum of the similarities. Session-kNN adds them up: an item that many
        neighbors hold gets more.
    past[n] - session => past[n]
        You score what the session has already seen, too. Leave it out.
    scores.get(item, 0) + similarity[n] => similarity[n]
        You kept one neighbor's similarity for each item. Add them up.
    """,
    takeaway="Session-kNN: similar sessions vote for their items.",
)


def _log(text):
    """Write a log of a day as words: session, item, and the time."""
    rows = [(word[0], word[1], f"2025-03-01 {word[2:]}") for word in text.split()]
    log = pd.DataFrame(rows, columns=["session_id", "item_id", "occurred_at"])
    return log.astype({"occurred_at": "datetime64[ns]"})


LOGS = [
    # Hidden: 9:20 and 9:50; the latest training row is of 9:40.
    Case(_log("Ax09:00 Ay09:20 Bx09:40 Bz09:50"), right=1 / 2),
    # Hidden: 12:00, 10:00 and 8:30; the latest training row is of 9:40. Rows are not in order.
    Case(_log("Cy12:00 Bx09:40 Bz10:00 Cx09:00 Ay08:30 Ax08:00"), right=1 / 3),
    # Hidden: 11:30, 9:00 and 9:30; the latest training row is of 11:00.
    Case(_log("Dx08:00 Dy11:00 Dz11:30 Ex08:30 Ey09:00 Fx09:10 Fy09:30"), right=2 / 3),
    # Hidden: 9:00, the time of a training row, and 10:00.
    Case(_log("Gx08:00 Gy09:00 Hx09:00 Hy10:00"), right=0),
]
LOG_AGAIN = Case(
    _log("Dy12:00 Dx10:00 Ex11:00 Ez11:30 Fx13:00 Fy13:30 Gx10:30 Gy10:40"), right=3 / 4
)


def leaked_share(log):
    """Compare each hidden row with the latest training row."""
    ordered = log.sort_values("occurred_at")
    hidden = ~ordered["session_id"].duplicated(keep="last")
    latest = ordered.loc[~hidden, "occurred_at"].max()
    return (ordered.loc[hidden, "occurred_at"] < latest).mean()


LEAKED_SHARE = Exercise(
    id="09e-4",
    hints=(
        "Which rows are hidden, which are training? When is *some* training row later?",
        "Sort by time; the last row of each session is `~duplicated(keep='last')`. Only the latest "
        "training row matters.",
        "Share of hidden rows with `occurred_at` before the maximum of the training rows.",
    ),
    solution=leaked_share,
    check=on_cases(*LOGS, held_back=[LOG_AGAIN]),
    mistakes="""
    keep="last" => keep="first"
        You hid the first row of each session. Leave-one-out hides the last.
    log.sort_values("occurred_at") => log
        You took the rows in the order of the table. Sort them by time first.
    < latest => > latest
        These are the hidden rows that leak nothing. Count those with a later training row.
    < latest => <= latest
        A training row at the very same moment is not after the hidden one.
    ordered.loc[~hidden, "occurred_at"].max() => ordered["occurred_at"].max()
        You compared with the latest row of all, hidden ones included. A hidden row is not training
        data.
    .mean() => .sum()
        This is a number of rows. Divide by the number of hidden rows.
    .mean() => .sum() / len(log)
        You divided by the number of all rows. Divide by the number of hidden rows.
    return … => return (~hidden).mean()
        This is the share of training rows. Compare the times of hidden rows and training rows.
    """,
    takeaway="With leave-one-out, nearly every hidden item has a future in the training.",
)

VECTORS = [
    # Products 0 and 1, divided by √2: the second weighs e^0.7071 times as much as the first.
    ArrayCase(
        [[1, 0], [0, 1]],
        [[1, 0], [0, 1]],
        right=[[1, 0], [1 / (1 + np.exp(2**-0.5)), 1 / (1 + np.exp(-(2**-0.5)))]],
    ),
    arrays([[1, 0], [0, 2], [3, 1]], [[1, 1], [2, 0], [0, 1]]),
    arrays([[1, 0, 0, 2], [0, 1, 1, 0]], [[0, 1, 0, 1], [2, 0, 0, 1]]),
]
VECTORS_AGAIN = arrays([[2, 1], [1, 0], [0, 1]], [[0, 1], [1, 1], [2, 0]])


def attention_weights(q, k):
    """Take the softmax over the positions up to each one."""
    products = q @ k.T / np.sqrt(q.shape[1])
    weights = np.exp(products) * np.tri(len(q))
    return weights / weights.sum(axis=1, keepdims=True)


ATTENTION_WEIGHTS = Exercise(
    id="09e-5",
    hints=(
        "Which positions may position t look at? What do the weights of a row add up to?",
        "The products are `q @ k.T`, divided by the root of the length of a vector. Set what is "
        "later to 0 *after* `np.exp`.",
        "weights = np.exp(q @ k.T / √d) * np.tri(n); divide each row by its sum.",
    ),
    solution=attention_weights,
    check=on_cases(*VECTORS, held_back=[VECTORS_AGAIN]),
    mistakes="""
    / np.sqrt(q.shape[1]) =>
        You did not divide by √d, so large products get too much weight.
    np.sqrt(q.shape[1]) => q.shape[1]
        You divided by d, not by its root.
    np.sqrt(q.shape[1]) => np.sqrt(len(q))
        You divided by the root of the number of positions. Take the length of a vector, d.
    * np.tri(len(q)) =>
        This is not causal: positions see what comes after them, and so the answer.
    np.tri(len(q)) => np.tri(len(q)).T
        Your positions see what comes after them, not what came before.
    np.exp(products) * np.tri(len(q)) => np.exp(products * np.tri(len(q)))
        You set the products of later positions to 0, and e⁰ is 1: they still get weight. Set them
        to 0 after the exponential.
    axis=1 => axis=0
        Your columns add up to 1. Each row should: a position divides its attention.
    q @ k.T => k @ q.T
        You swapped queries and keys: row t belongs to the query of position t.
    np.exp(products) * np.tri(len(q)) => np.exp(products)
    return weights => return np.tri(len(q)) * weights
        You divided first, then set what is later to 0, so the rows do not add up to 1. Do it the
        other way around.
    return … => return weights
        These weights do not add up to 1. Divide each row by its sum.
    """,
    takeaway="Attention is a weighted mean whose weights the model computes for each position.",
    further=True,
)

LOSSES = [
    # Probabilities 1/8, 2/8 and 5/8.
    ArrayCase(np.log([1, 2, 5]), 1, right=np.log(4)),
    ArrayCase(np.log([1, 2, 5]), 2, right=np.log(8 / 5)),
    ArrayCase([0, 0, 0, 0], 3, right=np.log(4)),
    ArrayCase([1.5, -0.5, 0.3], 0, right=np.log(1 + np.exp(-2) + np.exp(-1.2))),
]
LOSS_AGAIN = ArrayCase([-1, 2, 0.5], 2, right=np.log(np.exp(-1.5) + np.exp(1.5) + 1))


def cross_entropy(scores, target):
    """Take minus the logarithm of the target's share."""
    share = np.exp(scores[target]) / np.exp(scores).sum()
    return -np.log(share)


CROSS_ENTROPY = Exercise(
    id="09e-6",
    hints=(
        "Which probability does the model give to the item that came next?",
        "The softmax divides e^score of the target by the sum of e^score over *all* items.",
        "−ln(exp(scores[target]) / Σ exp(scores)).",
    ),
    solution=cross_entropy,
    check=on_cases(*LOSSES, held_back=[LOSS_AGAIN]),
    mistakes="""
    -np.log(share) => np.log(share)
        The sign is missing: a loss is low when the probability is high.
    -np.log(share) => share
        This is the probability. The loss is minus its logarithm.
    -np.log(share) => 1 - share
        This is the probability of all other items. The loss is minus the logarithm of the target's.
    -np.log(share) => -np.log2(share)
        You took the logarithm to base 2. Take the natural one.
    np.exp(scores).sum() => (np.exp(scores).sum() - np.exp(scores[target]))
        You left the target out of the sum. The softmax divides by the sum over all items.
    np.exp(scores).sum() => np.exp(scores).mean()
        You divided by the mean. The probabilities of all items add up to 1 with the sum.
    return … => return -scores[target]
        This is minus the score. Compare it with the scores of all items first: the softmax.
    return … => return np.log1p(np.exp(-scores[target]))
        This is the yes/no question about the target alone, −ln σ. Cross-entropy compares it with
        all items.
    """,
    takeaway="Cross-entropy asks for a high share of all items, not for a high score.",
)

WHOSE_ORDER = quiz(
    id="09e-3",
    options="""
    a) Customers put items into the cart in an order that helps to predict.
        All items of an order have the time of its payment. So the file can't know which one came
        first into the cart.
    b) The rows have an order, and it is not yet clear whose it is.
    c) The test is wrong: where all times are equal, there is no order.
        The customers' order is lost, but the rows stand in some order all the same, and the test
        found it.
    d) A model of sequences will help on the pages of the shop.
        There, items come in the customer's order, which the model has never seen. It has learned
        the order of the file.
    """,
    hints=(
        "Does the test see the order of the customer, or that of the rows?",
        "All items of an order have one time. What decided which row comes first?",
        "The test says that there is an order. It does not say who made it.",
    ),
    takeaway="A positive shuffle test says that there is an order, not who made it.",
)
