"""Exercises of lesson 08: cold users, groups of features, ridge profiles, recall, hybrids."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "Content and cold start"


# In the first case no rated item is for camping, and the two equations for nordic and tea are
# 2 p₁ + p₂ = 1 and p₁ + 3 p₂ = 0.5. The second case has more ratings than features. The index of a
# table has the items in another order than the ratings.
FEATURES = by_row("""
    camping nordic tea
    teapot 0.0 1.0 1.0; tent 1.0 0.5 0.0; mug 0.0 0.0 1.0; lantern 1.0 0.0 0.0; tray 0.0 0.25 0.5
""").rename_axis(columns="feature")  # with a name, so that labels are part of the answer
PROFILES = [
    Case(
        *(FEATURES, pd.Series({"mug": -0.5, "teapot": 1.0}), 1),
        right=pd.Series(
            {"camping": 0, "nordic": (3 * 1 - 1 * 0.5) / 5, "tea": (2 * 0.5 - 1 * 1) / 5}
        ).rename_axis("feature"),
    ),
    (FEATURES, pd.Series({"tray": -1.5, "lantern": 0.5, "teapot": 1.25, "tent": 0.75}), 2),
]
OTHER_PROFILE = (
    by_row("""
        oak rustic small wool
        blanket 0.0 0.6 0.0 0.8; shelf 0.8 0.0 0.6 0.0; scarf 0.0 0.0 0.0 1.0
        stool 0.6 0.0 0.8 0.0; desk 1.0 0.0 0.5 0.25
    """).rename_axis(columns="feature"),
    pd.Series({"stool": 0.75, "blanket": -1.25, "desk": 2.0}),
    4,
)


def ridge_profile(features, beyond, lam):
    """Solve (XᵀX + λI) p = Xᵀe for the items that the user rated."""
    X = features.loc[beyond.index]
    left = X.T @ X + lam * np.eye(features.shape[1])
    return pd.Series(np.linalg.solve(left, X.T @ beyond), features.columns)


RIDGE_PROFILE = Exercise(
    id="08-3",
    hints=(
        "Which rows of `features` belong to the rated items, and in which order?",
        "With X = `features.loc[beyond.index]` you need X.T @ X and X.T @ beyond. Where does λ go?",
        "p = (XᵀX + λI)⁻¹ Xᵀe: `np.linalg.solve(X.T @ X + lam * np.eye(...), X.T @ beyond)`, where "
        "`np.eye` is as large as the number of features; then a Series over `features.columns`.",
    ),
    solution=ridge_profile,
    check=on_cases(*PROFILES, held_back=[OTHER_PROFILE], any_order=True),
    mistakes="""
    return … => return pd.Series(np.linalg.pinv(X) @ beyond, features.columns)
        There is no regularization: λ is missing. The profile fits the noise in these few ratings.
    lam * np.eye(features.shape[1]) => lam
        You added λ to every cell of XᵀX. It belongs on the diagonal only: `lam * np.eye(...)`.
    lam * => lam * len(X) *
        You took λ times the number of ratings. In the formula λ is added as it is.
    => lam = 1
        Your result ignores `lam`, as if λ were 1 (scikit-learn's default). Add `lam * np.eye(...)`,
        or use `Ridge(alpha=lam)`.
    lam * => lam**2 *
        This is λ squared. The formula adds λ itself.
    + lam => - lam
        You subtracted λ. Adding it to the diagonal makes the numbers smaller.
    return … => return X.T @ beyond
        This is Xᵀe, only the right side of the equations. You still have to solve them with XᵀX +
        λI on the left.
    return … => return X.T @ beyond / ((X**2).sum() + lam)
        You fitted feature by feature, as if the items shared none. Features occur together; solve
        for all of them at once.
    return … => return X.T @ beyond / (lam + beyond.abs().sum())
        This is a weighted mean of the rated items' features. A regression asks which numbers
        reproduce the deviations: solve (XᵀX + λI) p = Xᵀe.
    => beyond = beyond - beyond.mean()
        You subtracted the mean of the deviations. They are already deviations from the baseline,
        which holds the user's bias; take them as they are.
    X = … => X = …; X, beyond = X - X.mean(), beyond - beyond.mean()
        This is a ridge regression with an intercept, scikit-learn's default. The baseline takes its
        place: `fit_intercept=False`.
    => beyond = beyond.reindex(features.index, fill_value=0)
        Items that the user never rated are in your regression with a deviation of 0. Use the rows
        of the rated items only.
    return … => return ….to_numpy()
        The numbers are right, but without labels nobody knows which feature is which: `pd.Series(p,
        features.columns)`.
    X = … => X = features[features.index.isin(beyond.index)]
    X.T @ beyond => X.T @ beyond.to_numpy()
        You took the items in the order of the table, and the deviations in their own. Ask for the
        rows by name: `features.loc[beyond.index]`.
    """,
    takeaway="λ on the diagonal makes a profile possible from a few ratings, and keeps it small.",
)

# Ben bought more than his list has places. Cleo has no list, and Dan, like Fay later, has one and
# bought nothing.
SHOWN = by_row("""
    user_id item_id
    Ana lamp; Ana rug; Ben mug; Ben tent; Dan lamp; Dan mug
    Ana mug; Ana clock; Dan vase; Eli lamp; Fay lamp
""")
BOUGHT = by_row("""
    user_id item_id
    Ana lamp; Ana mug; Ben lamp; Ben rug; Ben tent; Cleo vase; Eli rug; Eli mug
""")
RECALLS = [
    Case(SHOWN[:4], BOUGHT[:5], right=(1 / 2 + 1 / 3) / 2),
    Case(SHOWN[:6], BOUGHT[:6], right=(1 / 2 + 1 / 3 + 0 / 1) / 3),
    Case(SHOWN, BOUGHT, right=(2 / 2 + 1 / 3 + 0 / 1 + 0 / 2) / 4),
]
# Ida and Jon have no list, and Lea bought nothing.
OTHER_SHOWN = by_row("""
    user_id item_id
    Gus rug; Gus pot; Gus cup; Gus pan; Hal pot; Hal jar; Hal pan; Kim cup; Lea pot; Lea tray
""")
OTHER_BOUGHT = by_row("""
    user_id item_id
    Gus pot; Gus jar; Gus bowl; Hal pot; Hal jar; Ida cup; Ida bowl; Jon pan; Kim tray
""")
OTHER_RECALL = Case(OTHER_SHOWN, OTHER_BOUGHT, right=(1 / 3 + 2 / 2 + 0 / 2 + 0 / 1 + 0 / 1) / 5)


def mean_recall(shown, bought):
    """Average over all who bought something, with or without a list."""
    hits = shown.merge(bought, on=["user_id", "item_id"])["user_id"].value_counts()
    wanted = bought["user_id"].value_counts()
    return (hits.reindex(wanted.index, fill_value=0) / wanted).mean()


MEAN_RECALL = Exercise(
    id="08-6",
    hints=(
        "A model has no list for a new customer, who then buys a vase. Did the model do well?",
        "Count hits and purchases by user. Everyone who bought is in the mean, list or no list.",
        "`hits.reindex(wanted.index, fill_value=0) / wanted`, where both are counts by user.",
    ),
    solution=mean_recall,
    # In any order, because the recalls of each user, which are a mistake, have none.
    check=on_cases(*RECALLS, held_back=[OTHER_RECALL], any_order=True),
    mistakes="""
    .mean() => .tolist()
        These are the recalls of each user. Return their mean.
    wanted = … => wanted = ….clip(upper=shown["user_id"].value_counts())
    .mean() => .fillna(0).mean()
        The number of purchases is cut to the length of the list. That is a variant of recall; the
        usual one divides by everything the user bought.
    => bought = bought[bought["user_id"].isin(shown["user_id"])]
        Only buyers who got a list are in your mean. A model that stays silent in difficult cases
        would win: buyers without a list have recall 0.
    hits.reindex(wanted.index, fill_value=0) => hits
        Only users with at least one hit are in your mean. The others have recall 0.
    .mean() => .reindex(shown["user_id"].unique()).fillna(0).mean()
        You averaged over the users where a list was shown. Average over those who bought: without a
        list their recall is 0, and users who bought nothing have no recall.
    => found = bought["item_id"].isin(shown["item_id"])
    return … => return found.groupby(bought["user_id"]).mean().mean()
        You counted a purchase as found if the item was shown to anyone. It must be in the list of
        the same user: compare pairs of `user_id` and `item_id`.
    => found = bought["item_id"].isin(shown["item_id"]) & bought["user_id"].isin(shown["user_id"])
    return … => return found.groupby(bought["user_id"]).mean().mean()
        You looked column by column: whether the user got any list, and whether anyone was shown the
        item. Compare pairs of `user_id` and `item_id`.
    => pairs = bought.merge(shown, on="user_id", how="left")
    => found = pairs["item_id_x"] == pairs["item_id_y"]
    return … => return found.groupby(pairs["user_id"]).mean().mean()
        You merged on `user_id` alone, so each purchase meets every place of the list and is counted
        that often. Merge on both columns.
    .mean() => .gt(0).mean()
        This is the hit rate, the share of buyers with at least one hit. Recall is the share of what
        a user bought that was in the list.
    => found = bought.merge(shown.assign(hit=1), how="left")
    return … => return found.groupby("user_id")["hit"].mean().mean()
        In your table misses are missing values, and a mean leaves those out, so only hits are
        averaged. Fill them with 0 first.
    return … => return (hits / shown["user_id"].value_counts()).fillna(0).mean()
        This is the mean precision of those who got a list. Recall divides by what a user bought,
        and goes over all who bought.
    return … => return hits.sum() / len(shown)
        These are all hits divided by all places of the lists. Recall divides by what was bought,
        user by user.
    return … => return hits.sum() / len(bought)
        These are all hits divided by all purchases, so users who buy a lot count more. Compute the
        recall of each user first, then the mean.
    .mean() => .sum() / len({*shown["user_id"], *bought["user_id"]})
        Users who bought nothing are in your mean with 0. They have no recall, because there was
        nothing to find.
    wanted = … => wanted = shown["user_id"].value_counts().reindex(bought["user_id"].unique())
    .mean() => .fillna(0).mean()
        You divided by the length of the list, which is precision. Recall divides by what the user
        bought.
    return … => return 100 * …
        This is the mean recall in percent. Give a number between 0 and 1.
    """,
    takeaway="Everyone who bought counts in mean recall; without a list, recall is 0.",
)

SWITCHING = quiz(
    id="08-8",
    options="""
    a) in everyone's, because content knows the tent
        Content knows the tent, but it is only used where the list of neighbors is not full. Most
        warm customers have full lists.
    b) in the lists of new customers, because they get the last model
        New customers have no past, so content has no profile of them. Their list comes from
        popularity, and nobody has bought the tent.
    c) in the lists of warm customers for whom neighbors find fewer than ten items
    d) in nobody's, because a cold item has no score in any model
        It has no buyers, but it has words and a category, so content can score it.
    """,
    hints=(
        "Which model comes first, and when is the next one used at all?",
        "Neighbors have no score for the tent. When do they leave a place free?",
        "Content fills the places that neighbors leave free, for users who have a profile.",
    ),
    takeaway="Switching serves cold users; cold items need a weighted hybrid or a place of their "
    "own.",
)

# The vectors of words have length 5. In the second case `b` and the weights are in another order.
_TWO = {"word": np.array([3.0, 4.0]), "brand": np.array([1.0, 0.0])}
_OTHER = {"word": np.array([4.0, 3.0]), "brand": np.array([0.0, 1.0])}
GROUPS = [
    Case(_TWO, _OTHER, {"word": 2, "brand": 1}, right=(2 * 24 / 25 + 1 * 0) / 3),
    Case(
        _TWO | {"price": np.array([1.0, 1.0])},
        {"price": np.array([-2.0, 0.0])} | _OTHER,
        {"price": 0.25, "word": 4, "brand": 0.5},
        right=(0.25 * -2 / (2**0.5 * 2) + 4 * 24 / 25 + 0.5 * 0) / 4.75,
    ),
]
OTHER_GROUPS = Case(
    {"color": np.array([2.0, 1.0, 2.0]), "size": np.array([0.5]), "word": np.array([3.0, 1.0])},
    {"color": np.array([0.0, 3.0, 4.0]), "size": np.array([8.0]), "word": np.array([0.5, 1.0])},
    {"color": 3, "size": 0.5, "word": 1.5},
    right=(3 * 11 / (3 * 5) + 0.5 * 1 + 1.5 * 2.5 / (10 * 1.25) ** 0.5) / 5,
)


def similarity_by_groups(a, b, weights):
    """Take the cosine within each group, then the weighted mean of the groups."""
    total = 0
    for group, weight in weights.items():
        lengths = np.linalg.norm(a[group]) * np.linalg.norm(b[group])
        total = total + weight * (a[group] @ b[group] / lengths)
    return total / sum(weights.values())


SIMILARITY_BY_GROUPS = Exercise(
    id="08-2",
    further=True,
    hints=(
        "A price is 40, a word has 0.3. Which one decides if you join the two groups?",
        "Take the cosine within each group first, because it has no unit. Then average them.",
        "s = Σ w · cosine of the group / Σ w; a cosine is `x @ y` divided by both lengths, "
        "`np.linalg.norm(x)` and `np.linalg.norm(y)`.",
    ),
    solution=similarity_by_groups,
    check=on_cases(*GROUPS, held_back=[OTHER_GROUPS]),
    mistakes="""
    => x, y = (np.concatenate([each[g] for g in weights]) for each in (a, b))
    return … => return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))
        You joined the groups into one long list of numbers, so the group with the largest numbers
        decides. Take the cosine within each group, then the weighted mean.
    => x, y = (np.concatenate([w * each[g] for g, w in weights.items()]) for each in (a, b))
    return … => return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))
        You joined the groups, times their weights. The group with the largest numbers still
        decides, and each weight counts twice, once in each item.
    => x, y = (np.concatenate([w**0.5 * each[g] for g, w in weights.items()]) for each in (a, b))
    return … => return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))
        You joined the groups, times the roots of their weights. The roots are right, but the group
        with the largest numbers still decides: first bring each group to length 1.
    => weights = {group: weight**2 for group, weight in weights.items()}
        The groups have length 1, as they should. But these are squared weights, because both items
        are multiplied by them. Multiply by the root, or average the cosines.
    / lengths =>
        The products are not divided by the lengths, so a group with large numbers decides.
    lengths = … => lengths = a[group] @ a[group]
        You divided by the length of `a` twice. A cosine divides by the lengths of both.
    lengths = … => lengths = b[group] @ b[group]
        You divided by the length of `b` twice. A cosine divides by the lengths of both.
    lengths = … => lengths = (a[group] @ a[group]) * (b[group] @ b[group])
        You divided by sums of squares without the root. A length is the root of that sum.
    np.linalg.norm(a[group]) * => np.linalg.norm(a[group]) +
        You divided by the lengths added up. A cosine divides by their product.
    => a, b = dict(zip(weights, a.values())), dict(zip(weights, b.values()))
        You matched the groups of `a`, `b` and `weights` by their position. Match them by name,
        `a[group]` with `b[group]` and `weights[group]`: their order can differ.
    => weights = dict(zip(a, weights.values()))
        You matched the weights by position. Their order can differ from that of the groups: match
        them by name, `weights[group]`.
    a[group] @ b[group] / lengths => abs(a[group] @ b[group]) / lengths
        You took absolute values of the cosines, so opposites look alike. A cosine below zero makes
        two items less similar.
    => weights = dict.fromkeys(weights, 1)
        This is a plain mean of the groups, without weights.
    / sum(weights.values()) =>
        This is a weighted sum, which can exceed 1. Divide it by the sum of the weights.
    sum(weights.values()) => len(weights)
        You divided by the number of groups. A weighted mean divides by the sum of weights.
    """,
    takeaway="Bring groups of features to one scale first, then weight them.",
)

STRONG_PENALTY = quiz(
    id="08-4",
    options="""
    a) the RMSE is the lowest of all, because more regularization means less overfitting
        A little regularization prevents overfitting. This much ignores the ratings: the profile is
        0 for everyone, and nothing is learned about tastes.
    b) the RMSE is that of the baseline with user and item biases
    c) the RMSE is as if every prediction were the mean of all ratings
        The penalty is on the profile only. The biases of user and item are part of the baseline,
        and they stay as they are.
    d) the RMSE is that of a regression without penalty
        A regression without penalty has λ = 0, the other extreme, with a large profile.
    """,
    hints=(
        "What does the profile look like if every number in it costs a fortune?",
        "The prediction is μ + b_u + b_i + x · p. Which part of it does λ shrink?",
        "With λ = 1,000,000, p is almost 0. What is left of the prediction?",
    ),
    takeaway="λ moves a model between the noise of a few ratings and the baseline.",
)

# The intervals are those of the lesson's figure, for content minus neighbors.
CURVE = quiz(
    id="08-5",
    options="""
    a) with one rating, content is better than neighbors
        The point is below 0, but the interval includes 0: with other users it could have been the
        other way around.
    b) with one to three ratings, content and neighbors are equally good
        An interval that includes 0 is not proof that there is no difference. It allows differences
        of up to about 0.02 either way.
    c) with eight ratings or more, neighbors have a lower mean error than content
    d) with twenty ratings, neighbors are better for every user
        The interval is about the mean over users. For a single user content may well be better.
    """,
    hints=(
        "The line at 0 stands for neighbors. Which intervals of content cross it?",
        "An interval that includes 0 allows both signs. Does it show that the difference is 0?",
        "Each interval is about a mean over users. Where does all of it lie above 0?",
    ),
    takeaway="An interval that includes 0 says that we can't tell, not that the two are equal.",
)


def _scores(**of_items):
    return pd.Series(of_items).rename_axis("item_id")


# The best item of a model has 1 and the worst 0; in the first case the vase has 1/4 from both. The
# second case has a score below 0: there, too, a missing score is 0, and so is the lowest. The index
# has a name, so that labels are part of the answer.
SCORES = [
    Case(
        _scores(lamp=100.0, vase=40.0, mug=20.0),
        _scores(clock=0.9, vase=0.6, rug=0.5),
        0.75,
        right=_scores(clock=0.25, lamp=0.75, mug=0.0, rug=0.0, vase=0.75 / 4 + 0.25 / 4),
    ),
    Case(
        _scores(tent=8.0, mug=5.0, rug=3.0, vase=2.0),
        _scores(rug=0.8, clock=0.5, lamp=-0.4),
        0.4,
        right=_scores(
            clock=0.6 * 0.9 / 1.2, lamp=0.0, mug=0.4 * 3 / 6, rug=0.4 / 6 + 0.6, tent=0.4, vase=0.0
        ),
    ),
]
OTHER_SCORES = Case(
    _scores(pan=-2.0, pot=1.0, cup=4.0, jar=0.0, bowl=2.5),
    _scores(jar=30.0, tray=12.0, pan=18.0, basket=15.0),
    0.3,
    right=_scores(
        basket=0.7 * 3 / 18,
        bowl=0.3 * 4.5 / 6,
        cup=0.3,
        jar=0.3 * 2 / 6 + 0.7,
        pan=0.7 * 6 / 18,
        pot=0.3 * 3 / 6,
        tray=0.0,
    ),
)


def combine(one, two, weight):
    """Scale both to the range from 0 to 1, then add with weights; a missing score is 0."""
    first = (one - one.min()) / (one.max() - one.min())
    second = (two - two.min()) / (two.max() - two.min())
    return (weight * first).add((1 - weight) * second, fill_value=0)


COMBINE = Exercise(
    id="08-7",
    hints=(
        "One model counts buyers, the other is a cosine. Which one decides if you add the scores?",
        "Scale each Series to the range from 0 (its lowest score) to 1 (its highest).",
        "v = (s − lowest) / (highest − lowest); weight · v₁ + (1 − weight) · v₂, with 0 for a "
        "missing score: `a.add(b, fill_value=0)`.",
    ),
    solution=combine,
    check=on_cases(*SCORES, held_back=[OTHER_SCORES], any_order=True),
    mistakes="""
    first = … => first = one
    second = … => second = two
        You added raw scores. The model with the larger numbers decides, whatever the weight.
    first = … => first = one / one.max()
    second = … => second = two / two.max()
        You divided by the highest score without subtracting the lowest. Scores between 0.5 and 0.9
        hardly differ then.
    (one.max() - one.min()) => one.max()
    (two.max() - two.min()) => two.max()
        You subtracted the lowest score, but divided by the highest instead of the range, highest −
        lowest. The best item has to get 1.
    first = … => first = one / one.sum()
    second = … => second = two / two.sum()
        You divided by the sum of the scores. The question asks for the range from 0, the lowest
        score, to 1, the highest.
    first = … => first = (one - one.mean()) / one.std()
    second = … => second = (two - two.mean()) / two.std()
        These are z-scores, with mean 0 and standard deviation 1. The question asks for the range
        from 0, the lowest score, to 1, the highest.
    => one, two = one.align(two, fill_value=0)
        You filled in 0 first for missing scores, so this 0 counts in the range. First scale each
        Series by its own range, then fill in.
    / (one.max() - one.min()) =>
    / (two.max() - two.min()) =>
        You subtracted the lowest score, but the result is not divided by the range, so the model
        with the larger numbers still decides.
    return … => return first.add(second, fill_value=0)
        You added both without weights.
    return … => return … / (0 * one + weight).add(0 * two + 1 - weight, fill_value=0)
        You divided by the weights of only the models that score it, so an item that one model
        doesn't know counts as much as one that both put first.
    => low, high = min(one.min(), two.min()), max(one.max(), two.max())
    first = … => first = (one - low) / (high - low)
    second = … => second = (two - low) / (high - low)
        You took one range for both. Each model needs its own, because their units differ.
    return … => return (weight * first + (1 - weight) * second).dropna()
        Only items scored by both are left. An item that one model doesn't know gets 0 from it, and
        stays.
    return … => return weight * first + (1 - weight) * second
        Items scored by one model only are missing in the sum. They get 0 from the other.
    return … => return (weight * first + (1 - weight) * second).fillna(0)
        You filled in 0 after the sum. There an item scored by one model only is already missing,
        and loses the score that it has. Fill in 0 before you add.
    (1 - weight) => weight
        You gave both the same weight. The weight of the second is 1 − weight.
    => weight = 1 - weight
        The weights are swapped: `weight` belongs to the first.
    first = … => first = one.rank(pct=True)
    second = … => second = two.rank(pct=True)
        You combined by ranks. That is another common way, but it ignores how far ahead the best
        item is. The question asks for scores between 0 and 1.
    """,
    takeaway="Scale scores to one range before you add them; a missing score is 0.",
)

# Cem, who rates twice, and Dan are cold; so are the rug and the tent. Fay rates the lamp once more.
TRAIN = by_row("""
    user_id item_id
    Ana lamp; Ana mug; Ben lamp; Ben vase; Eli mug; Eli lamp; Fay lamp; Fay vase
""")
TEST = by_row("""
    user_id item_id
    Ana rug; Ben mug; Cem lamp; Cem tent; Dan mug; Eli vase; Fay lamp
""")
TESTS = [
    Case(TRAIN, TEST, right=(2 + 1) / 7),
    Case(TRAIN, by_row("user_id item_id; Dan lamp; Ana rug; Ana tent; Ben tent"), right=1 / 4),
]
OTHER_TRAIN = by_row("user_id item_id; Hal lamp; Hal rug; Ida mug; Jon mug; Jon vase; Max rug")
OTHER_TEST = by_row("""
    user_id item_id
    Gus lamp; Gus mug; Gus vase; Hal mug; Ida tent; Jon tent; Kim tent; Lea mug
""")


def cold_share(train, test):
    """Find the ratings whose user is not in the training table, and take their share."""
    return (~test["user_id"].isin(train["user_id"])).mean()


COLD_SHARE = Exercise(
    id="08-1",
    hints=(
        "Take one rating of the test. How do you know that its user is cold?",
        "The question is about ratings, so a user with two ratings counts twice.",
        "`isin` says for each row of `test` whether its user is in `train`; `~` turns it around, "
        "and the mean of True and False is a share.",
    ),
    solution=cold_share,
    check=on_cases(*TESTS, held_back=[Case(OTHER_TRAIN, OTHER_TEST, right=(3 + 1 + 1) / 8)]),
    mistakes="""
    => test = test.drop_duplicates("user_id")
        This is the share of users who are cold. The question asks for the share of ratings: a cold
        user with two ratings counts twice.
    return … => return len(set(test["user_id"]) - set(train["user_id"])) / len(test)
        You counted each cold user once, and divided by the number of ratings. Count the ratings of
        cold users, too.
    test["user_id"].isin(train["user_id"]) => test["item_id"].isin(train["item_id"])
        You looked for cold items. The question asks for ratings of cold users.
    ~ =>
        This is the share of warm users' ratings. The question asks for the complement.
    => train, test = test, train
        You looked the wrong way around: this is the share of training ratings whose user has no
        test rating. Ask of each row of `test` whether its user is in `train`.
    => cold_item = ~test["item_id"].isin(train["item_id"])
    .isin(train["user_id"])) => .isin(train["user_id"]) | cold_item)
        You counted ratings with a cold user or a cold item. Only the user counts here.
    => pairs, known = pd.MultiIndex.from_frame(test), pd.MultiIndex.from_frame(train)
    return … => return (~pairs.isin(known)).mean()
        You looked for new pairs of user and item, which nearly all test ratings are. A user is cold
        if no rating in `train` is theirs, of whatever item.
    .mean() => .sum()
        This is the number of ratings. Divide it by the number of ratings in `test`.
    .mean() => .sum() / (len(train) + len(test))
        You divided by the ratings of both tables. The share is of the ratings in `test`.
    .mean() => .sum() / len(train)
        You divided by the number of ratings in `train`. The share is of the ratings in `test`.
    return … => return np.mean([user not in train["user_id"] for user in test["user_id"]])
        All ratings count as cold: do you use `in` with a Series? It looks in the index, not in the
        values. Use `isin`, or make a set of the users first.
    => merged = test.merge(train, on="user_id", how="left", indicator=True)
    return … => return (merged["_merge"] == "left_only").mean()
        Your merge repeats a test rating once for each training rating of its user. Merge with a
        table that holds every user once: use `drop_duplicates()` first.
    return … => return 100 * …
        This is the share in percent. Give a number between 0 and 1.
    """,
    takeaway="Before you choose a model, measure how many of the coming ratings it can't predict.",
)
