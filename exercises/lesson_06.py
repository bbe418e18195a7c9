"""Exercises of lesson 06: similar items, predictions, one-class data, votes, bought together."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row, symmetric

TITLE = "Item-based filtering"

no = np.nan
# The table of the lesson. Users' means are 3, 2, 4 and 4.
FOUR = by_row("lamp rug vase clock; Ana 3 2 4 None; Ben 5 1 1 1; Cem 5 3 4 4; Dan None 3 5 4")
# Means are 3, 3, 3, 4 and 3. Dan has not rated the cup.
FIVE = by_row("""
    cup pan jug pot
    Ana 5 3 1 3; Ben 4 2 None 3; Cem 1 4 5 2; Dan None 5 4 3; Eva 2 None None 4
""")
# Means are 3, 2 and 4. Users and items have the same names here, so a mean can be matched with a
# column by mistake.
NUMBERED = pd.DataFrame([[5, 3, 1], [2, 1, 3], [5, 2, 5]], [1, 2, 3], [1, 2, 3])


def adjusted_cosine(table, one, other):
    """Take off each user's mean, keep who rated both, and take the cosine."""
    deviations = table.sub(table.mean(axis=1), axis=0)
    a, b = deviations[[one, other]].dropna().to_numpy().T
    return (a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())


ADJUSTED_COSINE = Exercise(
    id="06-1",
    hints=(
        "A strict user's 3 can be praise. What do you subtract from it to see that?",
        "Subtract each user's mean over all that the user rated. Then keep the users who rated "
        "both items.",
        "s = Σ a·b / √(Σ a² · Σ b²), where a and b are the deviations of the two items; `sub(…, "
        "axis=0)` subtracts a column from each column.",
    ),
    solution=adjusted_cosine,
    check=on_cases(
        Case(FOUR, "vase", "clock", right=(-1 * -1 + 0 * 0 + 1 * 0) / np.sqrt(2 * 1)),
        Case(FIVE, "cup", "pan", right=(2 * 0 + 1 * -1 + -2 * 1) / np.sqrt(9 * 2)),
        Case(NUMBERED, 1, 2, right=(2 * 0 + 0 * -1 + 1 * -2) / np.sqrt(5 * 5)),
        held_back=[(FIVE.replace({"pan": {5: 1}}), "pan", "pot")],
    ),
    mistakes="""
    table.sub(table.mean(axis=1), axis=0) => table
        The ratings are not centered: this is the plain cosine. Subtract each user's mean first.
    table.sub(table.mean(axis=1), axis=0) => table - table.mean()
        You subtracted the items' means. Adjusted cosine subtracts the mean of the user who gave the
        rating.
    return … => return table[one].corr(table[other])
        This is the Pearson correlation of the two columns: it subtracts the items' means. Subtract
        the mean of each user.
    table.sub(table.mean(axis=1), axis=0) => table - table.mean(axis=1)
        Subtracting a Series from a table matches its labels with the columns, so Ana's mean looks
        for a column Ana. Use `.sub(…, axis=0)`.
    table.sub(table.mean(axis=1), axis=0) => table - np.nanmean(table)
        You subtracted one mean for all ratings. Each user has a mean of their own.
    table.mean(axis=1) => table[[one, other]].mean(axis=1)
        Your users' means are over the two items only. A user's mean is over everything the user has
        rated.
    => table = table.fillna(0)
        You treated blanks as zeros, which nobody gave. Leave missing ratings out.
    table.mean(axis=1) => table.fillna(0).mean(axis=1)
        Blanks count as zeros in the means only, so every mean with a blank is too low. Divide by
        the number of ratings the user gave.
    deviations[[one, other]].dropna() => deviations.dropna()[[one, other]]
        You kept only the users who rated every item of the table. It is enough that they rated both
        of these two.
    return … => return deviations[one].corr(deviations[other])
        `corr` centers once more: it subtracts the means of the deviations. Take the plain cosine of
        the deviations.
    .dropna() => .fillna(0)
        The norm of each item is over all its raters. Use only the users who rated both items, above
        and below the fraction bar.
    / np.sqrt((a**2).sum() * (b**2).sum()) =>
        The sum of products is not divided. Divide it by the two norms.
    np.sqrt =>
        The root is missing in the denominator: √(Σ a² · Σ b²).
    np.sqrt((a**2).sum() * (b**2).sum()) => len(a)
        You divided by the number of users, which gives a mean product. Divide by the two norms.
    return … => return 100 * …
        This is in percent. A cosine lies between −1 and 1.
    """,
    takeaway="The user's mean removes strictness, and only the users who rated both items count.",
)


def _ranked(name, **values):
    """Write down a list of items, the best first, with a column of their values."""
    return pd.DataFrame({"item_id": list(values), name: list(values.values())})


# The lamp is in 5 orders, the bulb in 3 (all of them with the lamp), the bag in 6 (four with the
# lamp), the vase in 1 and the rug in 2. For k = 1 the bag is first by count only.
LINES = by_row("""
    order_id user_id item_id
    O1 Ana lamp; O1 Ana bulb; O1 Ana bag;  O2 Ben lamp; O2 Ben bulb; O2 Ben bulb; O2 Ben bag
    O3 Ana lamp; O3 Ana bulb; O3 Ana bag;  O4 Cem vase; O4 Cem vase; O4 Cem lamp; O4 Cem rug
    O5 Cem lamp; O5 Cem bag;  O6 Dan bag;  O6 Dan bag;  O7 Ben bag;  O8 Ana rug
""")
WITH_LAMP = _ranked(
    "similarity",
    bulb=3 / np.sqrt(5 * 3),
    bag=4 / np.sqrt(5 * 6),
    vase=1 / np.sqrt(5 * 1),
    rug=1 / np.sqrt(5 * 2),
)
WITH_BAG = _ranked("similarity", lamp=3 / np.sqrt(5 * 4), bulb=2 / np.sqrt(5 * 2))  # without O1


def bought_with(lines, item, k):
    """Count orders, not lines: those with both, over the root of those with each."""
    orders = pd.crosstab(lines["order_id"], lines["item_id"]).clip(upper=1)
    both = orders.T @ orders[item]
    cosine = both / np.sqrt(orders.sum() * orders[item].sum())
    found = cosine.drop(item).nlargest(k)
    return found.rename("similarity").reset_index()


BOUGHT_WITH = Exercise(
    id="06-6",
    hints=(
        "A shopping bag is in nearly every order. Does that make it a partner of the lamp?",
        "`pd.crosstab` makes a table of orders and items; `clip(upper=1)` says whether an order "
        "has the item. How many orders have both, and how many have each?",
        "s = orders with both / √(orders with the one · orders with the other).",
    ),
    solution=bought_with,
    check=on_cases(
        Case(LINES, "lamp", 4, right=WITH_LAMP),
        Case(LINES, "lamp", 1, right=WITH_LAMP[:1]),
        held_back=[Case(LINES.iloc[3:], "bag", 2, right=WITH_BAG)],
    ),
    mistakes="""
    / np.sqrt(orders.sum() * orders[item].sum()) =>
        These are raw counts of common orders, so what is in every order goes with everything.
        Divide by the root of how many orders have each.
    np.sqrt(orders.sum() * orders[item].sum()) => orders[item].sum()
        You divided by the item's own orders, which gives the share of the item's orders that hold
        the other. It ranks like raw counts: the bag goes with everything.
    np.sqrt(orders.sum() * orders[item].sum()) => orders.sum()
        You divided by the orders of the other item alone, which gives the share of the other's
        orders. An item sold once, by chance with this one, gets a 1.
    np.sqrt =>
        You divided by the product of the two numbers, without the root. That favors items that are
        hardly ever sold.
    both / np.sqrt => both * len(orders) /
        This is lift, which favors items that are hardly ever sold. The question asks for the
        cosine, with a root in the denominator.
    np.sqrt(orders.sum() * orders[item].sum()) => (orders.sum() + orders[item].sum() - both)
        This is the Jaccard index. The question asks for the cosine.
    .drop(item) =>
        The first row is the item itself, and it takes one of the k places. Leave it out.
    nlargest => nsmallest
        This starts with the least similar items. Sort the other way.
    .clip(upper=1) =>
        You counted lines. An order with two lines of the bulb is one order with a bulb.
    .clip(upper=1) =>
    orders.sum() * orders[item].sum() => (orders**2).sum() * (orders[item] ** 2).sum()
        An order that holds an item in two lines counts these lines twice. Clip the table at 1: the
        order has the item or not.
    => n = lines["item_id"].value_counts()
    orders.sum() * orders[item].sum() => n * n[item]
        The numerator counts orders, but the denominator counts lines. Count orders in both: remove
        duplicates first.
    both = … => both = pd.crosstab(lines["order_id"], lines["item_id"]).T @ orders[item]
        The denominator counts orders, but the numerator counts lines. Count orders in both: remove
        duplicates first.
    .drop(item).nlargest(k) => .nlargest(k).drop(item)
        At the end one row is missing: the item itself took one of the k places before it was left
        out. Leave it out first, then take k.
    cosine.drop(item) => cosine[both.drop(item).nlargest(k).index]
        You took the k best by count, and then their cosine. By count a bag comes before a bulb:
        compute the cosine of all, then take the k highest.
    lines["order_id"] => lines["user_id"]
        You compared customers. Someone who buys a lamp in spring and a rug in autumn has not bought
        them together. Compare orders.
    both / np => both / (both + 5) * both / np
        You damped the cosine. The question asks for the cosine that is not damped.
    """,
    takeaway="Let an order take the place of a user, and the cosine says what is bought together.",
)

BETTER_THAN = quiz(
    id="06-8",
    options="""
    a) whether it finds more than ten random lists together would
        Nobody would show random items. A list that beats random lists has not yet beaten the
        popular items, or what the household always buys.
    b) whether it finds more than each household's own most frequent purchases
    c) whether it finds more if views and carts are weighted
        Changing the weights compares two versions of the same recommender. First it has to beat a
        simple rule that needs no recommender.
    d) whether its RMSE is lower than the baseline's
        A grocery has purchases and no stars, so there is no RMSE. And a low error of predicted
        ratings does not make a good list.
    """,
    hints=(
        "What would a clerk suggest who knows the household but no algorithms?",
        "The households shop every week. What do you know about them?",
        "Whatever you compare with must be a list that somebody would show to such a household.",
    ),
    takeaway="Compare with the simplest rule that has the same information: for weekly shoppers, "
    "their own habits.",
)

FEW = (
    "rug",
    pd.Series({"lamp": 0.6, "vase": 0.2, "rug": 1.0}),
    pd.Series({"lamp": 5.0, "vase": 3.0, "rug": np.nan}),
    pd.Series({"lamp": 4.0, "vase": 3.5, "rug": 3.0}),
)
# A prediction beyond the scale.
LOVED = (*FEW[:3], pd.Series({"lamp": 4.0, "vase": 3.5, "rug": 4.5}))
# The rug is already rated. Nobody asks the bulb, which is unrated.
MORE = (
    "rug",
    pd.Series({"vase": 0.3, "clock": -0.7, "mug": 0.1, "rug": 1.0, "bulb": 0.9, "lamp": 0.5}),
    pd.Series({"vase": 2.0, "clock": 5.0, "mug": 3.0, "rug": 5.0, "bulb": np.nan, "lamp": 4.0}),
    pd.Series({"vase": 3.0, "clock": 4.0, "mug": 2.5, "rug": 2.5, "bulb": 3.8, "lamp": 3.5}),
)
OTHERS = (
    "mug",
    pd.Series({"pan": 0.4, "mug": 1.0, "cup": -0.5, "can": 0.7, "pot": 0.8, "jug": -0.2}),
    pd.Series({"pan": 5.0, "mug": np.nan, "cup": 2.0, "can": np.nan, "pot": 3.0, "jug": 1.0}),
    pd.Series({"pan": 4.5, "mug": 3.5, "cup": 2.5, "can": 3.0, "pot": 4.0, "jug": 2.0}),
)


def predict_centered(item, similarities, ratings, means, k):
    """Of the rated items, take the k most similar; add their mean deviation to the item's mean."""
    others = ratings.drop(item).dropna().index
    weights = similarities[others].nlargest(k)
    deviations = (ratings - means)[weights.index]
    return means[item] + weights @ deviations / weights.abs().sum()


PREDICT_CENTERED = Exercise(
    id="06-2",
    hints=(
        "What does a similar item tell you: how many stars it got, or how far they are above "
        "what it usually gets?",
        "First leave out `item` and everything unrated, then take the k most similar. Subtract "
        "from each rating the mean of that item.",
        "r̂ = mean of the item + Σ s · (r − mean of the neighbor) / Σ |s|, over k neighbors.",
    ),
    solution=predict_centered,
    check=on_cases(
        Case(*FEW, 2, right=3 + (0.6 * (5 - 4) + 0.2 * (3 - 3.5)) / (0.6 + 0.2)),
        Case(*MORE, 2, right=2.5 + (0.5 * 0.5 - 0.3 * 1) / (0.5 + 0.3)),
        Case(*MORE, 10, right=2.5 + (0.5 * 0.5 - 0.3 * 1 + 0.1 * 0.5 - 0.7 * 1) / 1.6),
        Case(*LOVED, 1, right=4.5 + (5 - 4)),
        held_back=[Case(*OTHERS, 3, right=3.5 + (-0.8 * 1 + 0.4 * 0.5 + 0.2 * 1) / 1.4)],
    ),
    mistakes="""
    .drop(item) =>
        The item counts as a neighbor of itself, with similarity 1, so the rating to be predicted is
        used to predict it. Leave it out.
    .drop(item) =>
    .nlargest(k) => .nlargest(k + 1).drop(item, errors="ignore")
        You took k + 1 items and then left out `item`. If the user has not rated `item`, that is one
        neighbor too many: leave it out first.
    .nlargest(k) =>
        You used every rated item. Only the k most similar of them are neighbors.
    weights @ => weights.abs() @
        The sign is lost above the fraction bar: there s, not |s|, is multiplied by the deviation.
    => ratings = ratings.fillna(0)
        Items that were never rated count as zero stars here. A blank is no rating: leave it out.
    .dropna() =>
    .nlargest(k) => .nlargest(k)[ratings.notna()]
        You cut to k too early: the nearest of all items, of which some are not rated. First keep
        what the user has rated, then take the k nearest of it.
    nlargest => nsmallest
        You took the least similar items: sorting starts with the smallest. Take the k largest.
    .nlargest(k) => .sort_values(ascending=False, key=abs)[:k]
        The k neighbors were chosen by size, without the sign, so opposites come before items that
        are slightly similar. Choose by the similarity itself; the size is the weight.
    .nlargest(k) => .nlargest(k)[similarities > 0]
        You left out similarities below zero. With centered ratings they count too: who likes an
        item more than usual likes its opposite less.
    ratings - means => ratings - ratings.drop(item).mean()
    means[item] => ratings.drop(item).mean()
        You centered on the user's mean. That one belongs in the similarity; this prediction is
        centered on the items' means.
    ratings - means => ratings - ratings.mean()
    means[item] => ratings.mean()
        You centered on the user's mean over all ratings, even the one of `item`, which you should
        ignore. This prediction is centered on the items' means.
    return … => return ratings[item] if pd.notna(ratings[item]) else …
        If the user has already rated `item`, you return that rating. Ignore it, and predict from
        the other items as for anyone else.
    return … => return np.clip(…, 1, 5)
        Your predictions are clipped to the scale from 1 to 5. The formula does not do that: even
        above 5, a higher prediction means a better item.
    ratings - means => ratings
    means[item] + =>
        The ratings are not centered: this is the weighted mean of stars. Subtract the mean of each
        similar item, and add that of `item` at the end.
    ratings - means => ratings - means[item]
        You subtracted the mean of the item itself from every rating. Subtract from each rating the
        mean of the item that was rated.
    means[item] => ratings.drop(item).mean()
        The user's mean was added to deviations from the items' means. What you subtract and what
        you add must be of the same kind: add the mean of the item.
    weights @ deviations / weights.abs().sum() => deviations.mean()
        The deviations are not weighted: the most similar item counts no more than the least.
        Multiply each by its similarity.
    means[item] + =>
        This is only the deviation: the mean of the item is not added back.
    / weights.abs().sum() =>
        The weighted sum is not divided. Divide it by the sum of the weights, Σ |s|.
    weights.abs().sum() => similarities.drop(item).abs().sum()
        The denominator adds up all similarities, also of items that are not among the neighbors.
        Use the same neighbors as in the numerator.
    weights.abs().sum() => len(weights)
        You divided by the number of neighbors, as if each had the weight 1. Divide by Σ |s|.
    weights.abs().sum() => k
        You divided by k, as if there were always k neighbors, each of the weight 1. Divide by Σ
        |s|.
    .abs() =>
        The denominator needs absolute values, Σ |s|: a negative weight is evidence too and must not
        cancel a positive one.
    weights.abs().sum() => np.sqrt(weights @ weights * (deviations @ deviations))
        This is normalized twice: a similarity is normalized already, and the stars in the root
        cancel those in the numerator. Divide by Σ |s|.
    """,
    takeaway="A similar item tells how far its rating is above its own mean; add the mean of the "
    "item you predict.",
    further=True,
)

FOUR_LINES = quiz(
    id="06-3",
    options="""
    a) `s @ r / (norm(s) * norm(r))`
        Double the ratings, and nothing changes: stars over stars give a pure number. This is the
        cosine of s and r, not a prediction.
    b) `s @ r`
        It doubles with the scale, but a sum grows with every item that was rated. Ten items rated 4
        would give far more than 4 stars.
    c) `s @ r / s.sum()`
    d) `s @ r / len(r)`
        It doubles with the scale. But if all ratings are 4, it gives 4 times the mean similarity,
        so usually less than 4. Dividing by their number is right only if all weights are 1.
    """,
    hints=(
        "Double all ratings. What must happen to a prediction?",
        "If all ratings are 4, the prediction must be 4. Try it with s = 0.5 and 0.5.",
        "A weighted mean divides by the sum of the weights.",
    ),
    takeaway="Double the scale, and let all ratings be equal: two tests that need no right answer.",
)

# Cem viewed the vase that Ben had viewed. The guest has no name, the mug came at noon sharp, and
# the rug in the evening. Ben came back to the vase in the afternoon and the evening; of the three
# rows of this pair, the one before noon is neither the first in the file nor the last.
LOG = by_row("""
    user_id item_id event occurred_at
    Ana  lamp  view     2025-03-01T09:00; Ana  lamp  view     2025-03-01T09:20
    Ana  lamp  purchase 2025-03-01T09:30; None lamp  view     2025-03-01T10:00
    Ben  vase  cart     2025-03-02T13:00; Ben  vase  view     2025-03-02T08:00
    Ben  bulb  cart     2025-03-02T08:30; Ben  pan   favorite 2025-03-02T08:40
    Cem  clock purchase 2025-03-02T09:00; Cem  vase  view     2025-03-02T09:10
    Ben  mug   cart     2025-03-02T12:00; Ana  rug   view     2025-03-02T20:00
    Ben  vase  purchase 2025-03-02T21:00
""")
LATER_LOG = LOG.assign(
    item_id=LOG["item_id"].replace({"lamp": "cup", "vase": "jug"}),
    occurred_at=LOG["occurred_at"] + pd.Timedelta("3D"),
)
NOON = pd.Timestamp("2025-03-02 12:00")
KNOWN = by_row("""
    user_id item_id rating
    Ana lamp 1; Ben vase 1; Ben bulb 1; Ben pan 1; Cem clock 1; Cem vase 1
""")


def known_by(events, now):
    """Keep what came before, of users with a name; a pair is a pair, however often it occurs."""
    before = events[events["occurred_at"] < now].dropna(subset="user_id")
    return before[["user_id", "item_id"]].drop_duplicates().assign(rating=1)


KNOWN_BY = Exercise(
    id="06-4",
    hints=(
        "Ana viewed the lamp on three evenings. How many rows should that make?",
        "Three steps: what came before `now`, what has a user, and each pair once.",
        "`dropna(subset=...)` and `drop_duplicates()` on the two columns, then `assign(rating=1)`.",
    ),
    solution=known_by,
    check=on_cases(
        Case(LOG.iloc[[0, 5, 11]], NOON, right=KNOWN[:2]),  # the rug, in the last row, is too late
        Case(LOG, NOON, right=KNOWN),
        held_back=[(LATER_LOG, NOON + pd.Timedelta("3D"))],
        any_order=True,
    ),
    mistakes="""
    [events["occurred_at"] < now] =>
        Your table knows the future: events from `now` on are in it. A model trained on what it has
        to predict only looks good (data leakage).
    => events = events.drop_duplicates(["user_id", "item_id"], keep="last")
        A pair that occurs before `now` and again afterwards is missing. Filter by time first, then
        remove duplicates.
    < now => <= now
        An event at the very moment `now` is not before it. Use <, so that no event is on both sides
        of the split.
    .dropna(subset="user_id") =>
        The guests are still in the table, all under one missing id. Leave them out.
    .drop_duplicates() =>
        Your table repeats pairs that occur more than once. Keep one row for each pair of user and
        item.
    return … => return before.groupby(["user_id", "item_id"]).size().reset_index(name="rating")
        You counted the events of each pair. The question asks whether there was one: the rating is
        1.
    => events["rating"] = events["event"].map({"view": 1, "favorite": 2, "cart": 3, "purchase": 5})
    return … => return before.groupby(["user_id", "item_id"], as_index=False)["rating"].max()
        The events have weights here. The question asks whether there was one: the rating is 1.
    .dropna(subset="user_id") => .fillna({"user_id": "guest"})
        All guests were given one name, so they look like one person who has seen half of the shop.
        Leave them out.
    "item_id" => "item_id", "event"
    .assign(rating=1) => .assign(rating=1).drop(columns="event")
        There is a row for each kind of event. A pair of user and item is one row, whatever
        happened.
    => events = events[events["event"] == "purchase"]
        These are purchases only. Views, favorites and carts count too.
    => events = events[events["event"] == "view"]
        These are views only. Any kind of event between a user and an item counts.
    => events = events[events["event"] != "purchase"]
        You left out the purchases. What somebody bought before `now` is known too.
    drop_duplicates() => drop_duplicates("item_id")
        Only the first user of each item is left. A duplicate is the same user with the same item:
        `drop_duplicates` needs both columns.
    drop_duplicates() => drop_duplicates("user_id")
        Only the first pair of each user is left. A duplicate is the same user with the same item:
        `drop_duplicates` needs both columns.
    """,
    takeaway="One-class data: one row per pair, no guests, and nothing that happens from `now` on.",
)


ITEMS = pd.Index(["grill", "coal", "apron", "tongs", "lamp"], name="item_id")
ALIKE = symmetric(ITEMS, (0.8, 0.5, 0.4, 0.1), (0.3, 0.35, 0.05), (0.6, 0.2), (0.15,))
OTHERWISE = symmetric(
    pd.Index(["cup", "pan", "jug", "pot", "mug"], name="item_id"),
    *((0.7, 0.6, 0.3, 0.2), (0.4, 0.5, 0.1), (0.55, 0.45), (0.65,)),
)
# The cup and the saucer have the same buyers.
PAIRED = symmetric(
    pd.Index(["cup", "saucer", "jug", "pot"], name="item_id"),
    *((1.0, 0.6, 0.3), (0.6, 0.3), (0.5,)),
)


def votes(similarities, cart, k):
    """Let each item in the cart vote for its k nearest; add up; leave out what is in the cart."""
    ballots = [similarities.loc[one].drop(one).nlargest(k) for one in cart]
    scores = pd.concat(ballots).groupby(level=0).sum().drop(cart, errors="ignore")
    return scores.sort_values(ascending=False).rename("score").reset_index()


VOTES = Exercise(
    id="06-5",
    hints=(
        "If every rating is 1, what is their weighted mean? So what do you do with the votes?",
        "For each item in the cart: its row, without itself, the k largest. Then add up by item.",
        "`pd.concat` the k largest of each row, group by the item and sum, drop the cart, sort.",
    ),
    solution=votes,
    check=in_turn(
        on_cases(
            Case(ALIKE, ["grill"], 2, right=_ranked("score", coal=0.8, apron=0.5)),
            # Grill and apron vote for each other, too, but are in the cart.
            Case(ALIKE, ["grill", "apron"], 2, right=_ranked("score", coal=0.8, tongs=0.6)),
            Case(
                *(ALIKE, ["grill", "apron"], 3),
                right=_ranked("score", coal=0.8 + 0.3, tongs=0.4 + 0.6),
            ),
            Case(
                *(ALIKE, ["lamp", "tongs", "coal"], 2),
                right=_ranked("score", grill=0.4 + 0.8, apron=0.2 + 0.6),
            ),
            Case(
                *(ALIKE, ["grill", "lamp"], 2),
                right=_ranked("score", coal=0.8, apron=0.5 + 0.2, tongs=0.15),
            ),
        ),
        on_cases(
            # Two items are on the list, though k is 1.
            Case(ALIKE, ["grill", "apron"], 1, right=_ranked("score", coal=0.8, tongs=0.6)),
            Case(PAIRED, ["saucer"], 2, right=_ranked("score", cup=1.0, jug=0.6)),
            held_back=[
                Case(OTHERWISE, ["cup", "pan"], 2, right=_ranked("score", jug=0.6, pot=0.5))
            ],
        ),
    ),
    mistakes="""
    .sum() => .agg(lambda each: each.sum() / each.sum())
        The sum is divided by the sum of the weights. A mean of ones is always 1 and ranks nothing.
    .sum() => .mean()
        This is a mean of the votes, so an item with two votes is no better than one with a single
        vote. Add them up.
    .sum() => .sum().div(len(cart))
        The votes are divided by the number of items in the cart. Votes are added up and not
        divided.
    return … => return ….head(k)
        The list is cut to k. But k is how many items each item in the cart votes for; every item
        with a vote belongs in the list.
    .sum() => .max()
        Only the strongest vote counts here. Add up all of them.
    .sum() => .size()
        This is the number of votes. The weight of a vote is the similarity of the two items.
    .drop(one) =>
        Each item has one vote too few: it votes for itself first, or your slice ends one short.
        Leave the item out of its own row, then take k.
    .drop(one).nlargest(k) => .nlargest(k + 1)[1:]
        You left out the first of each sorted row, as if the item itself always stands first.
        Another item can have the similarity 1, too: leave the item out by its name.
    => similarities = similarities[similarities < 1]
        You left out every similarity of 1. Another item can have it, too, and gets a vote: leave
        the item itself out by its name.
    .drop(cart, errors="ignore") =>
        Items that are already in the cart are in the list. Leave them out at the end.
    .drop(cart, errors="ignore") => .reindex(similarities.index, fill_value=0).drop(cart)
    ascending=False => ascending=False, kind="stable"
        Items without a vote are in the list, with 0. The model knows nothing about them: leave them
        out.
    .nlargest(k) =>
        Each item votes for all the others. It may vote only for its k nearest.
    scores = … => scores = similarities.loc[cart].sum().drop(cart).nlargest(k)
        You added up the similarities to all items and cut the sums to the k largest. Cut first:
        each item in the cart votes only for its own k nearest.
    for one in cart => for one in similarities
    pd.concat(ballots).groupby(level=0).sum() => pd.concat(ballots, axis=1).reindex(cart).sum()
    return scores => return scores[scores > 0].rename_axis("item_id")
        You asked the other way round: which of an item's own k nearest are in the cart. Being among
        the nearest is not mutual. Here the items in the cart vote.
    .drop(one) => .drop(cart)
        You took the cart out before the vote, so votes go to items further away. The k nearest are
        precomputed, and that table knows nothing about this cart.
    ascending=False =>
        The order is worst first. The best item comes first.
    """,
    takeaway="One-class data: each item votes for its nearest, and votes are added, not divided.",
)

SUBSTITUTES = quiz(
    id="06-7",
    options="""
    a) show it in the cart, once the first lamp is in it, as "goes well with"
        Customers who have put the first lamp into the cart have decided, and hardly anyone buys
        both. The cart is the place for complements, such as bulbs.
    b) show it on the first lamp's page, as an alternative
    c) offer both as a bundle with a discount
        A bundle fits items that are wanted together. These two are bought together less often than
        expected.
    d) nothing: rarely bought together means that they are unrelated
        Unrelated items would meet about as often as expected, and would not share visits. Viewed
        together and not bought together: customers choose between them.
    """,
    hints=(
        "The same people look at both. What are they trying to decide?",
        "Complements are bought together. Are these two?",
        "A substitute helps before the decision, and disturbs it afterwards.",
    ),
    takeaway="Show substitutes before the decision, complements after it.",
)
