"""Exercises of lesson 06: predictions from similar items, implicit data, and votes for a list."""

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, in_turn, on_cases, quiz

TITLE = "Item-based filtering"

# By hand, the rug of mean 3: lamp 0.6 · (5 − 4) and vase 0.2 · (3 − 3.5) make 0.5, over 0.8: 3.625.
FEW = (
    "rug",
    pd.Series({"lamp": 0.6, "vase": 0.2, "rug": 1.0}),
    pd.Series({"lamp": 5.0, "vase": 3.0, "rug": np.nan}),
    pd.Series({"lamp": 4.0, "vase": 3.5, "rug": 3.0}),
)
# The rug of mean 2.5, already rated. For k = 2 lamp 0.5 · (4 − 3.5) and vase 0.3 · (2 − 3) make
# −0.05, over 0.8: 2.4375. All four: mug 0.1 · (4 − 2.5) and clock −0.7 · (5 − 4) make −0.6, over
# 1.6: 2.125. Nobody asks the bulb, which is unrated.
MORE = (
    "rug",
    pd.Series({"vase": 0.3, "clock": -0.7, "mug": 0.1, "rug": 1.0, "bulb": 0.9, "lamp": 0.5}),
    pd.Series({"vase": 2.0, "clock": 5.0, "mug": 4.0, "rug": 5.0, "bulb": np.nan, "lamp": 4.0}),
    pd.Series({"vase": 3.0, "clock": 4.0, "mug": 2.5, "rug": 2.5, "bulb": 3.8, "lamp": 3.5}),
)


def predict_centered(item, similarities, ratings, means, k):
    """Of the items rated, take the k most similar; add their mean deviation to the item's mean."""
    others = ratings.drop(item).dropna().index
    weights = similarities[others].nlargest(k)
    deviations = (ratings - means)[weights.index]
    return means[item] + weights @ deviations / weights.abs().sum()


def _weights(item, similarities, ratings, k):
    return similarities[ratings.drop(item).dropna().index].nlargest(k)


def _centered_on(choose, over=lambda weights: weights.abs().sum()):
    """Answer with other neighbors, or another number below the line."""

    def answer(item, similarities, ratings, means, k):
        weights = choose(item, similarities, ratings, k)
        deviations = (ratings - means)[weights.index]
        return means[item] + weights @ deviations / over(weights)

    return answer


def _cut_first(item, similarities, ratings, k):
    nearest = similarities.drop(item).nlargest(k)
    return nearest[ratings[nearest.index].notna()]


def _by_size(item, similarities, ratings, k):
    able = similarities[ratings.drop(item).dropna().index]
    return able[able.abs().nlargest(k).index]


def _normalized_twice(item, similarities, ratings, means, k):
    weights = _weights(item, similarities, ratings, k)
    deviations = (ratings - means)[weights.index]
    norms = np.sqrt(weights @ weights) * np.sqrt(deviations @ deviations)
    return means[item] + weights @ deviations / norms


PREDICT_CENTERED = Exercise(
    id="06-1",
    objective="Predict a rating from similar items, centered on the items' means.",
    hints=(
        "What does a neighbor tell you: how many stars it got, or how far they were above what it "
        "usually gets?",
        "First leave out `item` and what is not rated, then take the k most similar. Take each "
        "one's own mean off its rating.",
        "r̂ = mean of the item + Σ s · (r − mean of the neighbor) / Σ |s|, over k neighbors.",
    ),
    solution=predict_centered,
    check=on_cases((*FEW, 2), (*MORE, 2), (*MORE, 10)),
    wrong_answers={
        "itself": Mistake(
            _centered_on(lambda item, s, r, k: s[r.dropna().index].nlargest(k)),
            "The item is a neighbor of itself, with similarity 1, so it repeats the rating that "
            "was to be predicted. Leave it out.",
        ),
        "zero stars": Mistake(
            lambda item, s, r, means, k: predict_centered(item, s, r.fillna(0), means, k),
            "Items that were never rated count as zero stars here. A blank is no rating: leave it "
            "out.",
        ),
        "cut to k too early": Mistake(
            _centered_on(_cut_first),
            "You cut to k too early: the nearest of all items, of which some are not rated. First "
            "keep what the user has rated, then take the k nearest of it.",
        ),
        "least similar": Mistake(
            _centered_on(lambda item, s, r, k: s[r.drop(item).dropna().index].nsmallest(k)),
            "You asked the least similar items. Sorting begins with the smallest.",
        ),
        "chosen by size": Mistake(
            _centered_on(_by_size),
            "The k were chosen by size, so that opposites come before what is a little alike. The "
            "size counts for the weight; the most similar are those with the largest similarity.",
        ),
        "below zero": Mistake(
            _centered_on(lambda item, s, r, k: _weights(item, s[s > 0], r[s > 0], k)),
            "You left out similarities below zero. Centered ratings can use them: liked more than "
            "usual, what is unlike it is liked less.",
        ),
        "the user's mean": Mistake(
            lambda item, s, r, means, k: predict_centered(
                item, s, r, pd.Series(r.drop(item).mean(), r.index), k
            ),
            "You centered on the user's mean. It belongs into the similarity of items; a "
            "prediction from items is centered on the items' means.",
        ),
        "not centered": Mistake(
            lambda item, s, r, means, k: predict_centered(item, s, r, 0 * means, k),
            "The ratings are not centered: this is the weighted mean of stars. Take off the mean "
            "of each neighbor, and add that of the item.",
        ),
        "the mean of the item itself": Mistake(
            lambda item, s, r, means, k: predict_centered(
                item, s, r, pd.Series(means[item], r.index), k
            ),
            "You took the mean of the item itself off every neighbor. Each neighbor has its own.",
        ),
        "user's mean was added": Mistake(
            lambda item, s, r, means, k: (
                predict_centered(item, s, r, means, k) - means[item] + r.drop(item).mean()
            ),
            "The user's mean was added to deviations from the items' means. What is taken off and "
            "what is added must be of one kind: add the mean of the item.",
        ),
        "not weighted": Mistake(
            lambda item, s, r, means, k: (
                means[item] + (r - means)[_weights(item, s, r, k).index].mean()
            ),
            "The deviations are not weighted: the most similar item counts no more than the "
            "least. Multiply each by its similarity.",
        ),
        "not added back": Mistake(
            lambda item, s, r, means, k: predict_centered(item, s, r, means, k) - means[item],
            "This is a deviation. The mean of the item was not added back.",
        ),
        "not divided": Mistake(
            _centered_on(_weights, over=lambda weights: 1),
            "The sum is not divided. Divide it by what the weights add up to, Σ |s|.",
        ),
        "all similarities": Mistake(
            lambda item, s, r, means, k: _centered_on(
                _weights, over=lambda weights: s.drop(item).abs().sum()
            )(item, s, r, means, k),
            "Below the line you added up all similarities, of items too that had no say. Take only "
            "those that stand above it.",
        ),
        "number of neighbors": Mistake(
            _centered_on(_weights, over=len),
            "You divided by the number of neighbors, as if each had the weight 1. Divide by Σ |s|.",
        ),
        "divided by k": Mistake(
            lambda item, s, r, means, k: _centered_on(_weights, over=lambda weights: k)(
                item, s, r, means, k
            ),
            "You divided by k, as if there were always k neighbors, each of the weight 1. Divide "
            "by Σ |s|.",
        ),
        "absolute": Mistake(
            _centered_on(_weights, over=lambda weights: weights.sum()),
            "Below the line belong absolute values: a negative weight is evidence, too, and must "
            "not cancel a positive one.",
        ),
        "normalized twice": Mistake(
            _normalized_twice,
            "With these roots it is normalized twice: a similarity is normalized already, and the "
            "stars in the root cancel those above it. Divide by Σ |s|.",
        ),
    },
    takeaway="What a neighbor tells is how far it was above its own mean; the item's is added.",
)

# By hand, at noon of 2 March: Ana has viewed the lamp twice and bought it, Ben has viewed the vase,
# put a bulb into the cart and marked a pan as a favorite, and Cem has ordered a clock by telephone.
# The guest has no name, the mug came at noon sharp, and the rug in the evening.
LOG = pd.DataFrame(
    [
        ("Ana", "lamp", "view", "2025-03-01 09:00"),
        ("Ana", "lamp", "view", "2025-03-01 09:20"),
        ("Ana", "lamp", "purchase", "2025-03-01 09:30"),
        (None, "lamp", "view", "2025-03-01 10:00"),
        ("Ben", "vase", "view", "2025-03-02 08:00"),
        ("Ben", "bulb", "cart", "2025-03-02 08:30"),
        ("Ben", "pan", "favorite", "2025-03-02 08:40"),
        ("Cem", "clock", "purchase", "2025-03-02 09:00"),
        ("Ben", "mug", "cart", "2025-03-02 12:00"),
        ("Ana", "rug", "view", "2025-03-02 20:00"),
    ],
    columns=["user_id", "item_id", "event", "occurred_at"],
).astype({"occurred_at": "datetime64[ns]"})
HAT = {"view": 1, "favorite": 2, "cart": 3, "purchase": 5}
NOON = pd.Timestamp("2025-03-02 12:00")


def known_by(events, now):
    """Keep what came before, of users with a name; a pair is a pair, however often it occurs."""
    before = events[events["occurred_at"] < now].dropna(subset="user_id")
    return before[["user_id", "item_id"]].drop_duplicates().assign(rating=1)


def _before(events, now):
    return events[events["occurred_at"] < now].dropna(subset="user_id")


KNOWN_BY = Exercise(
    id="06-2",
    objective="Turn a log of events into the table a model of implicit data learns from.",
    hints=(
        "Ana has looked at the lamp on three evenings. How many rows is that?",
        "Three steps: what came before `now`, what has a user, and each pair once.",
        "`dropna(subset=...)` and `drop_duplicates()` on the two columns, then `assign(rating=1)`.",
    ),
    solution=known_by,
    check=on_cases((LOG.iloc[[0, 4]], NOON), (LOG, NOON), any_order=True),
    wrong_answers={
        "the future": Mistake(
            lambda events, now: known_by(events, pd.Timestamp.max),
            "Your table knows the future: events from `now` on are in it. A model that has seen "
            "what it is to predict is always right.",
        ),
        "the very moment": Mistake(
            lambda events, now: known_by(events, now + pd.Timedelta("1ns")),
            "What happens at the very moment `now` has not happened before it. Use <, so that no "
            "event is on both sides.",
        ),
        "guests": Mistake(
            lambda events, now: (
                events.loc[events["occurred_at"] < now, ["user_id", "item_id"]]
                .drop_duplicates()
                .assign(rating=1)
            ),
            "The guests are still there, all under one missing id, as if they were one person.",
        ),
        "repeats": Mistake(
            lambda events, now: _before(events, now)[["user_id", "item_id"]].assign(rating=1),
            "A pair that occurs often repeats. One row for each pair of user and item.",
        ),
        "counted": Mistake(
            lambda events, now: (
                _before(events, now)
                .groupby(["user_id", "item_id"])
                .size()
                .rename("rating")
                .reset_index()
            ),
            "You counted the events of each pair. The question asks whether there was one: the "
            "rating is 1.",
        ),
        "weights": Mistake(
            lambda events, now: (
                _before(events, now)
                .assign(rating=lambda table: table["event"].map(HAT))
                .groupby(["user_id", "item_id"], as_index=False)["rating"]
                .max()
            ),
            "The events have weights here. The question asks whether there was one: the rating "
            "is 1.",
        ),
        "one person": Mistake(
            lambda events, now: known_by(events.fillna({"user_id": "guest"}), now),
            "All the guests got one name, so they are one person who has seen half of the shop. "
            "Leave them out.",
        ),
        "each kind of event": Mistake(
            lambda events, now: (
                _before(events, now)
                .drop_duplicates(["user_id", "item_id", "event"])[["user_id", "item_id"]]
                .assign(rating=1)
            ),
            "There is a row for each kind of event. A pair is one row, whatever happened.",
        ),
        "purchases only": Mistake(
            lambda events, now: known_by(events[events["event"] == "purchase"], now),
            "These are purchases only. Views and carts are events, too.",
        ),
        "views only": Mistake(
            lambda events, now: known_by(events[events["event"] == "view"], now),
            "These are views only. Whatever happened between a user and an item counts.",
        ),
        "left out the purchases": Mistake(
            lambda events, now: known_by(events[events["event"] != "purchase"], now),
            "You left out the purchases. What somebody has bought by `now` is known, too.",
        ),
        "the first pair": Mistake(
            lambda events, now: (
                _before(events, now)
                .drop_duplicates("user_id")[["user_id", "item_id"]]
                .assign(rating=1)
            ),
            "Of each user only the first pair is left. A duplicate is the same user with the same "
            "item: `drop_duplicates` needs both columns.",
        ),
    },
    takeaway="One row a pair, nobody without a name, and nothing that happens from now on.",
)

# By hand: the lamp is in 4 orders (O1 to O4), the bulb in 3 (O1 to O3, all of them with the lamp),
# the bag in 6 (O1, O2, O3, O5, O6, O7; three with the lamp), the vase in 1 (O4, with the lamp), the
# rug in 2 (O4 and O8). Cosines with the lamp: bulb 3 / √(4 · 3) = .866, bag 3 / √(4 · 6) = .612,
# vase 1 / √(4 · 1) = .5, rug 1 / √(4 · 2) = .354.
LINES = pd.DataFrame(
    [
        ("O1", "Ana", "lamp bulb bag"),
        ("O2", "Ben", "lamp bulb bulb bag"),
        ("O3", "Ana", "lamp bulb bag"),
        ("O4", "Cem", "vase vase lamp rug"),
        ("O5", "Cem", "bag"),
        ("O6", "Dan", "bag bag"),
        ("O7", "Ben", "bag"),
        ("O8", "Ana", "rug"),
    ],
    columns=["order_id", "user_id", "item_id"],
)
LINES = LINES.assign(item_id=LINES["item_id"].str.split()).explode("item_id", ignore_index=True)


def bought_with(lines, item, k):
    """Count orders, not lines: those with both, over the root of those with each."""
    orders = pd.crosstab(lines["order_id"], lines["item_id"]).clip(upper=1)
    both = orders.T @ orders[item]
    cosine = both / np.sqrt(orders.sum() * orders[item].sum())
    return cosine.drop(item).nlargest(k)


def _measured(measure):
    """Answer with another measure, a function of: both, of each, of the item, and how many."""

    def answer(lines, item, k):
        orders = pd.crosstab(lines["order_id"], lines["item_id"]).clip(upper=1)
        both = orders.T @ orders[item]
        found = measure(both, orders.sum(), orders[item].sum(), len(orders))
        return found.drop(item).nlargest(k)

    return answer


def _with_itself(lines, item, k):
    return pd.concat([pd.Series({item: 1.0}), bought_with(lines, item, k - 1)]).rename_axis(
        "item_id"
    )


def _of_lines(lines, item, k):
    table = pd.crosstab(lines["order_id"], lines["item_id"])
    both = table.T @ table[item]
    return (both / np.sqrt(table.sum() * table[item].sum())).drop(item).nlargest(k)


def _of_norms(lines, item, k):
    table = pd.crosstab(lines["order_id"], lines["item_id"])
    norms = np.sqrt((table**2).sum())
    return (table.T @ table[item] / (norms * norms[item])).drop(item).nlargest(k)


BOUGHT_WITH = Exercise(
    id="06-3",
    objective="Find what is bought together with an item, by the cosine over orders.",
    hints=(
        "A shopping bag is in nearly every order. Does it belong to the lamp?",
        "`pd.crosstab` makes a table of orders and items; an order has an item or has it not. How "
        "many orders have both, and how many each?",
        "s = orders with both / √(orders with the one · orders with the other).",
    ),
    solution=bought_with,
    check=on_cases((LINES, "lamp", 4), (LINES, "lamp", 2), (LINES, "rug", 2)),
    wrong_answers={
        "raw counts": Mistake(
            _measured(lambda both, each, own, n: both),
            "These are raw counts of common orders. What is in every order stands beside "
            "everything then. Divide by the root of how many orders have each.",
        ),
        "share of the item's orders": Mistake(
            _measured(lambda both, each, own, n: both / own),
            "You divided by the item's own orders, which gives the share of the item's orders that "
            "hold the other. That is in the order of raw counts: the bag is beside everything.",
        ),
        "share of the other's orders": Mistake(
            _measured(lambda both, each, own, n: both / each),
            "You divided by the orders of the other alone, which gives the share of the other's "
            "orders. Whatever was sold once, and by chance with it, gets a 1.",
        ),
        "without the root": Mistake(
            _measured(lambda both, each, own, n: both / (each * own)),
            "You divided by the product of the two, without the root. That prefers what is hardly "
            "ever sold.",
        ),
        "lift": Mistake(
            _measured(lambda both, each, own, n: both * n / (each * own)),
            "This is lift. It is largest for what is hardly ever sold; the question asks for the "
            "cosine, with a root below the line.",
        ),
        "Jaccard": Mistake(
            _measured(lambda both, each, own, n: both / (each + own - both)),
            "This is Jaccard's share of orders with either. The question asks for the cosine.",
        ),
        "itself": Mistake(
            _with_itself,
            "At the top stands the item itself. Whoever buys a lamp buys a lamp, and need not be "
            "told.",
        ),
        "least similar": Mistake(
            lambda lines, item, k: bought_with(lines, item, len(lines)).nsmallest(k),
            "This begins with the least similar. Sort the other way.",
        ),
        "counted lines": Mistake(
            _of_lines,
            "You counted lines. An order with two lines of the bulb is one order with a bulb.",
        ),
        "lines twice": Mistake(
            _of_norms,
            "An order that holds an item in two lines counts with lines twice, like a count. Cut "
            "the table at 1: has it, or has it not.",
        ),
        "customers": Mistake(
            lambda lines, item, k: bought_with(lines.assign(order_id=lines["user_id"]), item, k),
            "You compared customers. Somebody who buys a lamp in spring and a rug in autumn has "
            "not bought them together: compare orders.",
        ),
    },
    takeaway="An order is a user: the cosine over orders says what is bought together.",
)

ITEMS = pd.Index(["grill", "coal", "apron", "tongs", "lamp"], name="item_id")
# By hand, for the cart grill and apron, and k = 2. The grill votes for coal (.8) and apron (.5),
# the apron for tongs (.6) and the grill (.5). The cart has two of them, which leaves coal .8 and
# tongs .6. For k = 3 the grill votes for tongs (.4), too, and the apron for coal (.3): coal 1.1,
# tongs 1.0. For k = 1 coal has .8 and tongs .6 again: two things on the list, though k is 1.
ALIKE = pd.DataFrame(
    [
        [1.0, 0.8, 0.5, 0.4, 0.1],
        [0.8, 1.0, 0.3, 0.35, 0.05],
        [0.5, 0.3, 1.0, 0.6, 0.2],
        [0.4, 0.35, 0.6, 1.0, 0.15],
        [0.1, 0.05, 0.2, 0.15, 1.0],
    ],
    ITEMS,
    ITEMS,
)


def votes(similarities, cart, k):
    """Let each thing in the cart name its k nearest, add up, and leave out what is in the cart."""
    ballots = [similarities.loc[one].drop(one).nlargest(k) for one in cart]
    scores = pd.concat(ballots).groupby(level=0).sum()
    return scores.drop(cart, errors="ignore").sort_values(ascending=False)


def _ballots(similarities, cart, k):
    return pd.concat([similarities.loc[one].drop(one).nlargest(k) for one in cart])


def _counted_by(how):
    """Answer with the ballots counted otherwise."""

    def answer(similarities, cart, k):
        scores = how(_ballots(similarities, cart, k).groupby(level=0))
        return scores.drop(cart, errors="ignore").sort_values(ascending=False)

    return answer


def _voted_by_candidates(similarities, cart, k):
    """Ask each item outside the cart which of its own k nearest are in the cart."""
    others = similarities.index.difference(cart, sort=False)
    near = {one: similarities.loc[one].drop(one).nlargest(k) for one in others}
    scores = pd.Series({one: own[own.index.isin(cart)].sum() for one, own in near.items()})
    return scores[scores > 0].rename_axis("item_id").sort_values(ascending=False)


VOTES = Exercise(
    id="06-4",
    objective="Score what is not in the cart by the votes of what is.",
    hints=(
        "With ones for ratings, what is a weighted mean of them?",
        "For each thing in the cart: its row, without itself, the k largest. Then add up by item.",
        "`pd.concat` the k largest of each row, group by the item and sum, drop the cart, sort.",
    ),
    solution=votes,
    check=in_turn(
        on_cases(
            (ALIKE, ["grill"], 2),
            (ALIKE, ["grill", "apron"], 2),
            (ALIKE, ["grill", "apron"], 3),
            (ALIKE, ["lamp", "tongs", "coal"], 2),
        ),
        on_cases((ALIKE, ["grill", "apron"], 1)),
    ),
    wrong_answers={
        "always 1": Mistake(
            _counted_by(lambda groups: groups.sum() / groups.sum()),
            "The sum is divided by the sum of the weights. A mean of ones is always 1, and puts "
            "nothing in order.",
        ),
        "a mean": Mistake(
            _counted_by(lambda groups: groups.mean()),
            "This is a mean of the votes, so a thing with two votes is no better than one with a "
            "single vote. Add them up.",
        ),
        "things in the cart": Mistake(
            lambda similarities, cart, k: votes(similarities, cart, k) / len(cart),
            "The votes are divided by the number of things in the cart. Votes are added, and not "
            "divided by anything.",
        ),
        "cut to k": Mistake(
            lambda similarities, cart, k: votes(similarities, cart, k).head(k),
            "The list is cut to k. That is how many each thing in the cart may vote for; whatever "
            "has got a vote stands in the list.",
        ),
        "strongest vote": Mistake(
            _counted_by(lambda groups: groups.max()),
            "Only the strongest vote counts here. Add up all of them.",
        ),
        "number of votes": Mistake(
            _counted_by(lambda groups: groups.size()),
            "This is the number of votes. A vote weighs as much as the two are alike.",
        ),
        "for itself": Mistake(
            lambda similarities, cart, k: (
                pd.concat([similarities.loc[one].nlargest(k) for one in cart])
                .groupby(level=0)
                .sum()
                .drop(cart, errors="ignore")
                .sort_values(ascending=False)
            ),
            "Each thing votes for itself first, which costs one of its k votes. Leave the diagonal "
            "out.",
        ),
        "in the cart": Mistake(
            lambda similarities, cart, k: (
                _ballots(similarities, cart, k).groupby(level=0).sum().sort_values(ascending=False)
            ),
            "What is in the cart already stands in the list. Leave it out at the end.",
        ),
        "without a vote": Mistake(
            lambda similarities, cart, k: (
                votes(similarities, cart, k)
                .reindex(similarities.index.drop(cart), fill_value=0)
                .sort_values(ascending=False, kind="stable")
            ),
            "Items without a vote stand in the list, with 0. The model has no opinion on them: "
            "leave them out.",
        ),
        "all the others": Mistake(
            lambda similarities, cart, k: votes(similarities, cart, len(similarities)),
            "Each thing votes for all the others. Only for the k nearest.",
        ),
        "other way round": Mistake(
            _voted_by_candidates,
            "You asked the other way round: which of an item's own k nearest are in the cart. To "
            "be among the nearest is not mutual. Here the things in the cart vote.",
        ),
        "before the vote": Mistake(
            lambda similarities, cart, k: (
                pd.concat([similarities.loc[one].drop(cart).nlargest(k) for one in cart])
                .groupby(level=0)
                .sum()
                .sort_values(ascending=False)
            ),
            "You took the cart out before the vote, so that votes go to things further away. The k "
            "nearest are a table made in advance, which knows nothing of this cart.",
        ),
        "worst first": Mistake(
            lambda similarities, cart, k: votes(similarities, cart, k).sort_values(),
            "The order is worst first. The best comes first.",
        ),
    },
    takeaway="Unary data: each thing votes for its nearest, votes are added and not divided.",
)

FOUR_LINES = quiz(
    id="06-5",
    objective="Tell a prediction in stars from what cannot be one.",
    options={
        "a": "`s @ r / (norm(s) * norm(r))`",
        "b": "`s @ r`",
        "c": "`s @ r / s.sum()`",
        "d": "`s @ r / len(r)`",
    },
    right="c",
    hints=(
        "Double all ratings. What must happen to a prediction?",
        "If all ratings are 4, nothing but 4 can be predicted. Try it with s = 0.5 and 0.5.",
        "A weighted mean divides by what the weights add up to.",
    ),
    wrong_answers={
        "pure number": Mistake(
            "a",
            "Double the ratings, and nothing changes: stars over stars are a pure number. This is "
            "the cosine of s and r, and no prediction.",
        ),
        "grows with every item": Mistake(
            "b",
            "It doubles with the scale, and yet a sum grows with every item that was rated. Ten "
            "items rated 4 cannot make 20 stars.",
        ),
        "by their number": Mistake(
            "d",
            "It doubles with the scale. But if all ratings are 4 it gives 4 times the mean "
            "similarity, so less than 4: dividing by their number fits weights that are all 1.",
        ),
    },
    takeaway="Double the scale, and rate all alike: two tests that need no right answer.",
)

BETTER_THAN = quiz(
    id="06-6",
    objective="Choose what a recommender for groceries has to beat.",
    options={
        "a": "whether it finds more than ten random lists together would",
        "b": "whether it finds more than each household's own most frequent purchases",
        "c": "whether it finds more if views and carts are weighted",
        "d": "whether its RMSE is lower than the baseline's",
    },
    right="b",
    hints=(
        "What would a clerk do who knows the household, and nothing of algorithms?",
        "The households shop every week. What do you know of them?",
        "Look at the last figure of section 9. Which bar is the longest?",
    ),
    wrong_answers={
        "random": Mistake(
            "a",
            "Nobody would show random things. Whoever beats chance, once or tenfold, has not yet "
            "beaten the popular list, let alone what the household always buys.",
        ),
        "weights": Mistake(
            "c",
            "That would compare the recommender with itself. In section 6 weights helped nothing; "
            "first it has to beat something plain.",
        ),
        "no stars": Mistake(
            "d",
            "There are no stars in a grocery, so there is no RMSE. And a low error of ratings does "
            "not make a good list.",
        ),
    },
    takeaway="Compare with the plainest rule that has the same information: for weekly shoppers, "
    "their own habits.",
)
