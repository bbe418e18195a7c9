"""Exercises of lesson 09: predicting with factors, learning them, and what they mean."""

import numpy as np

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Matrix factorization"

# By hand: 3.5 + 0.4 - 0.2 + (0.5 · 1 + (-1) · 0.3) = 3.9. Next, 3.5 + 0.9 + 0.6 + 2 · 0.5 = 6,
# which is kept to 5. And 4 - 1.5 - 1.2 + (-1) · 0.6 = 0.7, which is kept to 1. The biases may leave
# the scale if the factors come back to it: 4.5 + 0.8 + 0.4 + 1.5 · (-0.8) = 5.7 - 1.2 = 4.5. On a
# scale to 10 nothing is cut at 5, and three digits stay: 7.6 + 0.28 - 0.3 - 0.225 = 7.355.
PREDICTIONS = [
    (3.5, 0.4, -0.2, np.array([0.5, -1.0]), np.array([1.0, 0.3]), 1, 5),
    (3.5, 0.9, 0.6, np.array([2.0]), np.array([0.5]), 1, 5),
    (4.0, -1.5, -1.2, np.array([-1.0, 0.0]), np.array([0.6, 2.0]), 1, 5),
    (4.5, 0.8, 0.4, np.array([1.5]), np.array([-0.8]), 1, 5),
    (6.2, 0.3, 1.1, np.array([0.4, 0.2, -0.9]), np.array([0.7, -1.5, 0.25]), 0, 10),
]


def predict_stars(mean, user_bias, item_bias, p, q, low, high):
    """Add up mean, biases and the product of the vectors, and keep to the scale."""
    return np.clip(mean + user_bias + item_bias + p @ q, low, high)


PREDICT_STARS = Exercise(
    id="09-1",
    objective="Predict a rating from the mean, the biases and the factors.",
    hints=(
        "Which four things are added up, and what may a number of stars not be?",
        "The product of two vectors is the sum of the products of their numbers: `p @ q`.",
        "μ + b_u + b_i + q·p, kept between `low` and `high` with `np.clip`.",
    ),
    solution=predict_stars,
    check=on_cases(*PREDICTIONS),
    wrong_answers={
        "scale": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: mean + b_u + b_i + p @ q,
            "The prediction may leave the scale. Nobody can give six stars: keep it between `low` "
            "and `high`.",
        ),
        "mean of all ratings": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(b_u + b_i + p @ q, low, high),
            "The mean of all ratings is missing: biases and factors say by how much a rating is "
            "above or below it.",
        ),
        "without the biases": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + p @ q, low, high),
            "This is without the biases: a generous user and a well-liked item count, too.",
        ),
        "bias of the item": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + p @ q, low, high),
            "The bias of the item is missing.",
        ),
        "bias of the user": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_i + p @ q, low, high),
            "The bias of the user is missing.",
        ),
        "without the factors": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + b_i, low, high),
            "This is without the factors: the baseline of lesson 05.",
        ),
        "mean of the products": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                mean + b_u + b_i + (p * q).mean(), low, high
            ),
            "You took the mean of the products. It is their sum, `p @ q`.",
        ),
        "counted twice": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                (mean + b_u) + (mean + b_i) + p @ q, low, high
            ),
            "The mean is counted twice: once with the user and once with the item. The biases are "
            "what is beyond the mean.",
        ),
        "clipped before": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + b_i, low, high) + p @ q,
            "You clipped before the factors were added. Keep the whole sum to the scale.",
        ),
        "1 to 5": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + b_i + p @ q, 1, 5),
            "You took the scale to be 1 to 5. It goes from `low` to `high`, whatever they are.",
        ),
        "at the upper end only": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: min(mean + b_u + b_i + p @ q, high),
            "You cut at the upper end only. Nobody can give 0.7 stars either.",
        ),
        "rounded": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                np.rint(mean + b_u + b_i + p @ q), low, high
            ),
            "You rounded to whole stars. A prediction is a mean of what might be given, so it may "
            "lie between two stars.",
        ),
        "each with each": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                mean + b_u + b_i + p.sum() * q.sum(), low, high
            ),
            "You multiplied the sums of the vectors, each with each. Only the first goes with the "
            "first, the second with the second: `p @ q`.",
        ),
    },
    takeaway="Mean, two biases, and a sum of products: that is the whole prediction.",
)

# By hand: q = 1, -1 were rated 5 and 1, the mean is 3, no item bias: QᵀQ = 2 I, Qᵀt = (0, 4); with
# λ · 2 = 1, (0, 4 / 3).
NAN = np.nan
USERS = [
    (np.array([5, 1, NAN]), 3.0, np.zeros(3), np.array([[1.0], [-1.0], [0.5]]), 0.5),
    (
        np.array([4, NAN, 2, 5, NAN]),
        3.5,
        np.array([0.2, -0.4, 0.1, -0.3, 0.5]),
        np.array([[0.9], [0.1], [-0.6], [1.2], [-1.0]]),
        0.1,
    ),
    (
        np.array([NAN, 2, 5, 1, 3, 4]),
        3.2,
        np.array([0.3, 0.5, -0.2, -0.1, 0.4, 0.0]),
        np.array([[0.3, 1.1], [-0.7, 0.2], [1.0, 0.4], [-0.8, -0.9], [0.1, 0.6], [0.5, -0.3]]),
        0.2,
    ),
]


def place_user(ratings, mean, item_bias, item_factors, lam):
    """Solve the ridge regression of one user: bias first, then the factors."""
    rated = ~np.isnan(ratings)
    Q = np.column_stack([np.ones(rated.sum()), item_factors[rated]])
    target = ratings[rated] - mean - item_bias[rated]
    ridge = lam * rated.sum() * np.eye(Q.shape[1])
    return np.linalg.solve(Q.T @ Q + ridge, Q.T @ target)


def _placed_on_what_is_expected(ratings, mean, item_bias, item_factors, lam):
    """Take a blank for a rating of just what mean and item bias say."""
    expected = np.where(np.isnan(ratings), mean + item_bias, ratings)
    lam = lam * np.mean(~np.isnan(ratings))  # λ · n, where `place_user` counts all cells
    return place_user(expected, mean, item_bias, item_factors, lam)


def _user_with(
    *,
    weight=lambda lam, n, items: lam * n,
    ridge=np.eye,
    constant=True,
    filled=False,
    off=lambda mean, item_bias: mean + item_bias,
):
    """Answer with one thing changed."""

    def answer(ratings, mean, item_bias, item_factors, lam):
        if filled:
            ratings = np.nan_to_num(ratings)
        rated = ~np.isnan(ratings)
        Q = item_factors[rated]
        if constant:
            Q = np.column_stack([np.ones(len(Q)), Q])
        target = ratings[rated] - (off(mean, item_bias) * np.ones(len(ratings)))[rated]
        penalty = weight(lam, len(Q), len(ratings)) * ridge(Q.shape[1])
        return np.linalg.solve(Q.T @ Q + penalty, Q.T @ target)

    return answer


PLACE_USER = Exercise(
    id="09-2",
    objective="Find bias and factors of one user, with the items held fast.",
    hints=(
        "Which ratings are there, and what of each of them is known already?",
        "A ridge regression of r − μ − b_i on the rows (1, q_i) of the items rated. How often does "
        "λ stand in the sum for a user with three ratings?",
        "(QᵀQ + λ·n·I)⁻¹ Qᵀt with n ratings, t = r − μ − b_i, and a column of ones first in Q.",
    ),
    solution=place_user,
    check=on_cases(*USERS),
    wrong_answers={
        "without λ": Mistake(
            _user_with(weight=lambda lam, n, items: 0),
            "This is without λ: plain least squares, which believes few ratings too much.",
        ),
        "once for each rating": Mistake(
            _user_with(weight=lambda lam, n, items: lam),
            "You added λ once. In the sum of this lesson it stands once for each rating of the "
            "user: multiply it by their number.",
        ),
        "all items": Mistake(
            _user_with(weight=lambda lam, n, items: lam * items),
            "You multiplied λ by the number of all items. Count the ratings that the user has "
            "given.",
        ),
        "every cell": Mistake(
            _user_with(ridge=lambda size: np.ones((size, size))),
            "λ was added to every cell of QᵀQ. It belongs on the diagonal only: times `np.eye`.",
        ),
        "bias of the user": Mistake(
            _user_with(constant=False),
            "The bias of the user is missing: put a column of ones before the factors of the "
            "items, so that the first number found is the bias.",
        ),
        "bias is not kept small": Mistake(
            _user_with(ridge=lambda size: np.diag([0.0] + [1.0] * (size - 1))),
            "The bias is not kept small. Many do so on purpose; here λ stands before b_u², too.",
        ),
        "zeros": Mistake(
            _user_with(filled=True),
            "You took blanks for zeros, ratings that nobody gave. Leave them out.",
        ),
        "bias of the items": Mistake(
            _user_with(off=lambda mean, item_bias: mean),
            "The bias of the items was not taken off: what is due to a well-liked item would be "
            "credited to the user.",
        ),
        "mean of all ratings": Mistake(
            _user_with(off=lambda mean, item_bias: item_bias),
            "The mean of all ratings was not taken off. The bias tells how far the user is from "
            "it.",
        ),
        "not taken off": Mistake(
            _user_with(off=lambda mean, item_bias: 0),
            "Mean and item biases were not taken off. They are known; the user has to explain only "
            "what is left.",
        ),
        "as expected": Mistake(
            _placed_on_what_is_expected,
            "You took blanks for ratings that were just as expected, with nothing left to explain. "
            "Nobody has said that. Leave their rows out.",
        ),
        "mean of the user": Mistake(
            lambda ratings, mean, *rest: place_user(ratings, np.nanmean(ratings), *rest),
            "You took off the mean of the user. Then hardly anything is left for the bias, which "
            "is what tells it from the mean of all ratings.",
        ),
        "NaN": Mistake(
            lambda ratings, mean, item_bias, item_factors, lam: np.full(
                item_factors.shape[1] + 1, np.nan
            ),
            "A blank is NaN, and NaN has spread to every number. Keep only the items that were "
            "rated, in the ratings, the biases and the factors.",
        ),
        "at the end": Mistake(
            lambda *given: np.roll(place_user(*given), -1),
            "The bias stands at the end. Put the column of ones before the factors, so that it "
            "comes first.",
        ),
        "one array": Mistake(
            lambda *given: (place_user(*given)[0], place_user(*given)[1:]),
            "You return bias and factors apart. What is asked for is one array: the bias, then the "
            "factors.",
        ),
    },
    takeaway="With one side held fast, each row of the other is a ridge regression.",
)

# By hand: the prediction is 3 + 0.5 + 0 + 1 · 0.5 = 4, the error 1. With γ = 0.1 and λ = 0.2 the
# biases become 0.5 + 0.1 (1 - 0.1) = 0.59 and 0.1, p becomes 1 + 0.1 (0.5 - 0.2) = 1.03, and q
# 0.5 + 0.1 (1 - 0.1) = 0.59. The last prediction, 5.43, is beyond the stars: no matter on the way.
STEPS = [
    (5, 3.0, 0.5, 0.0, np.array([1.0]), np.array([0.5]), 0.1, 0.2),
    (2, 3.4, -0.3, 0.2, np.array([0.4, -0.6]), np.array([0.9, 0.1]), 0.05, 0.1),
    (4, 4.4, 0.7, 0.2, np.array([-0.2, 0.5, 0.3]), np.array([0.3, 0.8, -0.7]), 0.2, 0.3),
]


def step_down(r, mean, user_bias, item_bias, p, q, rate, lam):
    """Move biases and vectors a step down the gradient, all from where they were."""
    error = r - (mean + user_bias + item_bias + p @ q)
    return (
        user_bias + rate * (error - lam * user_bias),
        item_bias + rate * (error - lam * item_bias),
        p + rate * (error * q - lam * p),
        q + rate * (error * p - lam * q),
    )


def _step_with(
    move=lambda value, slope, rate, lam: value + rate * (slope - lam * value),
    error=lambda r, mean, b_u, b_i, p, q: r - (mean + b_u + b_i + p @ q),
    biases=True,
    swapped=False,
):
    """Answer with one thing changed."""

    def answer(r, mean, b_u, b_i, p, q, rate, lam):
        e = error(r, mean, b_u, b_i, p, q)
        to_p, to_q = (p, q) if swapped else (q, p)
        new_p, new_q = move(p, e * to_p, rate, lam), move(q, e * to_q, rate, lam)
        if biases:
            b_u, b_i = move(b_u, e, rate, lam), move(b_i, e, rate, lam)
        return b_u, b_i, new_p, new_q

    return answer


def _with_the_new_p(r, mean, b_u, b_i, p, q, rate, lam):
    right = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    e = r - (mean + b_u + b_i + p @ q)
    return *right[:3], q + rate * (e * right[2] - lam * q)


def _with_the_new_q(r, mean, b_u, b_i, p, q, rate, lam):
    right = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    e = r - (mean + b_u + b_i + p @ q)
    return *right[:2], p + rate * (e * right[3] - lam * p), right[3]


def _error_after_each(r, mean, b_u, b_i, p, q, rate, lam):
    b_u = step_down(r, mean, b_u, b_i, p, q, rate, lam)[0]
    b_i = step_down(r, mean, b_u, b_i, p, q, rate, lam)[1]
    p = step_down(r, mean, b_u, b_i, p, q, rate, lam)[2]
    return b_u, b_i, p, step_down(r, mean, b_u, b_i, p, q, rate, lam)[3]


def _held_back(r, *start_rate_lam, biases):
    """Keep only the biases small, or only the vectors."""
    right = step_down(r, *start_rate_lam)
    free = step_down(r, *start_rate_lam[:-1], 0)
    return (*right[:2], *free[2:]) if biases else (*free[:2], *right[2:])


def _with_new_biases(r, mean, b_u, b_i, p, q, rate, lam):
    b_u, b_i, *_ = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    return b_u, b_i, *step_down(r, mean, b_u, b_i, p, q, rate, lam)[2:]


STEP_DOWN = Exercise(
    id="09-3",
    objective="Take one step of stochastic gradient descent, for one rating.",
    hints=(
        "Is the prediction too low or too high, and which way should each of the four move?",
        "Compute the error once, then all four new values from the old ones.",
        "e = r − r̂; b += γ(e − λb) for both biases, p += γ(e·q − λp), q += γ(e·p − λq) with the p "
        "of before.",
    ),
    solution=step_down,
    check=on_cases(*STEPS),
    wrong_answers={
        "new p": Mistake(
            _with_the_new_p,
            "You moved p first and used the new p for q. Both belong to the same gradient: use the "
            "p of before the step.",
        ),
        "new q": Mistake(
            _with_the_new_q,
            "You moved q first and used the new q for p. Both belong to the same gradient: use the "
            "q of before the step.",
        ),
        "after each move": Mistake(
            _error_after_each,
            "You computed the error again after each move. Take it once, before anything moves.",
        ),
        "error anew": Mistake(
            _with_new_biases,
            "You moved the biases first and then computed the error anew for the vectors. Take the "
            "error once, before anything moves.",
        ),
        "pulls away": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * (slope + lam * value)),
            "λ has the wrong sign and pulls away from zero, so that the numbers grow. It is e·q − "
            "λp.",
        ),
        "learning rate": Mistake(
            _step_with(lambda value, slope, rate, lam: value + slope - lam * value),
            "The learning rate is missing: each rating would be fitted at one blow, and the next "
            "one would undo it.",
        ),
        "λ without the learning rate": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * slope - lam * value),
            "You took off λ without the learning rate. γ stands before both parts: γ(e·q − λp).",
        ),
        "keeps the numbers small": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * slope),
            "λ does not appear: it is what keeps the numbers small.",
        ),
        "wrong way": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: mean + b_u + b_i + p @ q - r),
            "The step goes the wrong way: the error is r − r̂. Where the prediction is too low, "
            "it must rise.",
        ),
        "biases stand still": Mistake(
            _step_with(biases=False),
            "The biases stand still. They are learned as well: b += γ(e − λb).",
        ),
        "without the biases": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - mean - p @ q),
            "You predicted without the biases. The error is what the whole prediction is off.",
        ),
        "without the factors": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - mean - b_u - b_i),
            "You predicted without the factors. The error is what the whole prediction is off.",
        ),
        "mean of all ratings": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - b_u - b_i - p @ q),
            "The mean of all ratings is missing in the prediction.",
        ),
        "on the biases": Mistake(
            lambda *given: _held_back(*given, biases=False),
            "λ is missing on the biases. In the sum of this lesson it stands before them, too.",
        ),
        "on the vectors": Mistake(
            lambda *given: _held_back(*given, biases=True),
            "λ is missing on the vectors. It keeps all four small.",
        ),
        "twice as long": Mistake(
            lambda *given: step_down(*given[:-2], 2 * given[-2], given[-1]),
            "Your step is twice as long. The 2 of the derivative is right, but by custom it is "
            "part of γ: take the formula as it stands.",
        ),
        "changes": Mistake(
            lambda *given: tuple(
                new - old for new, old in zip(step_down(*given), given[2:6], strict=True)
            ),
            "These are the changes. Add them to the old values and return the new ones.",
        ),
        "other order": Mistake(
            lambda *given: tuple(step_down(*given)[n] for n in (0, 1, 3, 2)),
            "p and q come back in the other order: first the user's p, then the item's q.",
        ),
        "one array": Mistake(
            lambda *given: np.hstack(step_down(*given)),
            "You put all numbers into one array. Return four values: two biases and two vectors.",
        ),
        "own vector": Mistake(
            _step_with(swapped=True),
            "Each vector was moved along its own vector. The user moves toward what was liked: p "
            "along q, and q along p.",
        ),
    },
    takeaway="One error, four moves, all from the numbers of before the step.",
)

# By hand: y = 1, 2; the second was taken three times, α = 2, λ = 1: c = 1, 7. Left 1 + 7 · 4 + 1 =
# 30, right 7 · 2 = 14: x = 14 / 30.
BASKETS = [
    (np.array([0, 3]), np.array([[1.0], [2.0]]), 2.0, 1.0),
    (
        np.array([2, 0, 1, 0]),
        np.array([[0.8, 0.1], [0.7, -0.2], [0.3, 0.9], [-0.4, 0.5]]),
        1.5,
        0.4,
    ),
    (
        np.array([0, 1, 0, 4, 2]),
        np.array([[0.5, 0.2], [-0.3, 0.8], [0.9, 0.4], [0.1, -0.6], [0.7, 0.3]]),
        0.5,
        2.0,
    ),
]


def place_from_counts(counts, Y, alpha, lam):
    """Solve the weighted ridge regression of one user over all items."""
    confidence = 1 + alpha * counts
    left = Y.T @ (confidence[:, None] * Y) + lam * np.eye(Y.shape[1])
    return np.linalg.solve(left, Y.T @ (confidence * (counts > 0)))


def _counts_with(
    confidence=lambda counts, alpha: 1 + alpha * counts,
    preference=lambda counts: counts > 0,
    left=lambda c: c,
    right=lambda c: c,
    weight=lambda lam, counts: lam,
):
    """Answer with one thing changed."""

    def answer(counts, Y, alpha, lam):
        c = confidence(counts, alpha)
        system = Y.T @ (left(c)[:, None] * Y) + weight(lam, counts) * np.eye(Y.shape[1])
        return np.linalg.solve(system, Y.T @ (right(c) * preference(counts)))

    return answer


PLACE_FROM_COUNTS = Exercise(
    id="09-4",
    objective="Find the vector of a user from what the user did, with the items held fast.",
    hints=(
        "What does the model want to hit in each cell, and how sure is it of each?",
        "The preference is 1 or 0, the confidence 1 + α·count, in all cells. Each cell counts as "
        "much as its confidence, on both sides of the equation.",
        "(Yᵀ C Y + λI)⁻¹ Yᵀ C p, where C has the confidences on its diagonal.",
    ),
    solution=place_from_counts,
    check=on_cases(*BASKETS),
    wrong_answers={
        "counts as the preference": Mistake(
            _counts_with(preference=lambda counts: counts),
            "You took the counts as the preference. Three views are no triple liking: the "
            "preference is 1, and we are surer of it.",
        ),
        "without the 1": Mistake(
            _counts_with(confidence=lambda counts, alpha: alpha * counts),
            "The confidence is without the 1, so blanks count nothing. It is 1 + α·count.",
        ),
        "left out the blanks": Mistake(
            _counts_with(left=lambda c: np.where(c > 1, c, 0)),
            "You left out the blanks. Then all that is asked for is 1, and a model that says 1 to "
            "everything is perfect.",
        ),
        "same confidence": Mistake(
            _counts_with(confidence=lambda counts, alpha: np.ones(len(counts))),
            "All cells have the same confidence, so a blank is as sure a *no* as a purchase is a "
            "*yes*. It is 1 + α·count.",
        ),
        "how often": Mistake(
            _counts_with(confidence=lambda counts, alpha: 1 + alpha * (counts > 0)),
            "The confidence does not know how often. It is 1 + α·count, not 1 + α for all that was "
            "touched.",
        ),
        "confidence on the right": Mistake(
            _counts_with(right=lambda c: np.ones(len(c))),
            "The confidence on the right is missing: it is Yᵀ C p. What was touched has to pull as "
            "hard as it holds.",
        ),
        "confidence on the left": Mistake(
            _counts_with(left=lambda c: np.ones(len(c))),
            "The confidence on the left is missing: it is Yᵀ C Y.",
        ),
        "YᵀY": Mistake(
            _counts_with(left=lambda c: c - 1),
            "On the left you have Yᵀ(C − I)Y, which is only what goes beyond a blank. Add YᵀY, or "
            "take C itself.",
        ),
        "C − I on the right": Mistake(
            _counts_with(right=lambda c: c - 1),
            "You have C − I on the right. The trick parts only the left side; here stands the "
            "whole confidence.",
        ),
        "−1": Mistake(
            _counts_with(preference=lambda counts: np.where(counts > 0, 1, -1)),
            "You took −1 for a blank, a sure dislike. The preference there is 0, and the "
            "confidence says that we are not very sure.",
        ),
        "1 everywhere": Mistake(
            _counts_with(preference=np.ones_like),
            "The preference is 1 everywhere. It is 0 where nothing was done.",
        ),
        "without α": Mistake(
            _counts_with(confidence=lambda counts, alpha: 1 + counts),
            "The confidence is without α. It is 1 + α·count.",
        ),
        "number of items": Mistake(
            _counts_with(weight=lambda lam, counts: lam * len(counts)),
            "You multiplied λ by the number of items. Here it stands once before ‖x‖².",
        ),
        "column of ones": Mistake(
            lambda counts, Y, *rest: place_from_counts(
                counts, np.column_stack([np.ones(len(Y)), Y]), *rest
            ),
            "There is no bias in this model: leave out the column of ones.",
        ),
        "scores": Mistake(
            lambda counts, Y, *rest: Y @ place_from_counts(counts, Y, *rest),
            "These are the scores of the items, Y x. Return the vector x of the user.",
        ),
        "squared": Mistake(
            _counts_with(left=lambda c: c**2, right=lambda c: c**2),
            "The confidences are squared. Whoever multiplies rows before a plain least squares has "
            "to take their roots.",
        ),
        "without λ": Mistake(
            _counts_with(weight=lambda lam, counts: 0),
            "This is without λ, which keeps the vectors small.",
        ),
        "λ for each": Mistake(
            _counts_with(weight=lambda lam, counts: lam * (counts > 0).sum()),
            "You took λ for each item touched, as with ratings. Here it stands once before ‖x‖².",
        ),
    },
    takeaway="What was done is a yes, of which we are the surer the more often it was done.",
)


# By hand: truth 1, 2, 3, 6 with mean 3, spread 4 + 1 + 0 + 9 = 14; learned 0, 0, 1, 1 fits 1.5 and
# 4.5, the means of the halves, error 0.25 + 0.25 + 2.25 + 2.25 = 5: 1 - 5 / 14 = 9 / 14.
FACTORS = [
    (np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([[1.0], [2.0], [3.0], [6.0]])),
    (
        np.array([[0.2, 1.0, -0.3], [0.9, 0.4, 0.8], [-0.5, 0.7, 0.1], [1.3, -0.2, 0.6],
                  [0.1, -0.9, 1.1], [-0.8, 0.3, -0.4], [0.6, 1.2, 0.2]]),
        np.array([[1.1, 0.4], [0.8, 1.9], [0.3, 0.2], [-0.4, 1.6], [-1.2, 0.9], [0.5, -0.7],
                  [1.9, 0.6]]),
    ),
    (
        np.array([[0.4, -0.6], [1.1, 0.3], [-0.2, 0.9], [0.7, 0.1], [-0.9, -0.5], [0.3, 1.4]]),
        np.array([[2.1, 3.0], [2.9, 1.2], [3.6, 0.7], [2.2, 1.9], [1.4, 2.5], [4.1, 0.2]]),
    ),
]  # fmt: skip


def share_recovered(learned, truth):
    """Explain each true factor by all learned ones and a constant; return R² of each."""
    X = np.column_stack([np.ones(len(learned)), learned])
    fitted = X @ np.linalg.lstsq(X, truth, rcond=None)[0]
    spread = truth - truth.mean(axis=0)
    return 1 - ((truth - fitted) ** 2).sum(axis=0) / (spread**2).sum(axis=0)


def _squared_correlations(learned, truth):
    """Return the squared correlation of each true factor (row) with each learned one."""
    both = np.corrcoef(learned.T, truth.T) ** 2
    return both[learned.shape[1] :, : learned.shape[1]]


def _without_a_constant(learned, truth):
    fitted = learned @ np.linalg.lstsq(learned, truth, rcond=None)[0]
    spread = truth - truth.mean(axis=0)
    return 1 - ((truth - fitted) ** 2).sum(axis=0) / (spread**2).sum(axis=0)


def _from_zero(learned, truth):
    X = np.column_stack([np.ones(len(learned)), learned])
    fitted = X @ np.linalg.lstsq(X, truth, rcond=None)[0]
    return 1 - ((truth - fitted) ** 2).sum(axis=0) / (truth**2).sum(axis=0)


def _from_the_mean_of_all(learned, truth):
    unexplained = 1 - share_recovered(learned, truth)
    return 1 - unexplained * truth.var(axis=0) / ((truth - truth.mean()) ** 2).mean(axis=0)


def _adjusted(learned, truth):
    rows, columns = learned.shape
    return 1 - (1 - share_recovered(learned, truth)) * (rows - 1) / (rows - columns - 1)


def _from_the_others(learned, truth):
    X = np.column_stack([np.ones(len(learned)), learned])
    hat = X @ np.linalg.pinv(X)
    error = (truth - hat @ truth) / (1 - np.diag(hat))[:, None]
    return 1 - (error**2).sum(axis=0) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)


def _pooled(learned, truth):
    X = np.column_stack([np.ones(len(learned)), learned])
    fitted = X @ np.linalg.lstsq(X, truth, rcond=None)[0]
    return 1 - ((truth - fitted) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum()


SHARE_RECOVERED = Exercise(
    id="09-5",
    objective="Measure how much of each true taste is in the learned factors.",
    hints=(
        "Factors can be turned. May you compare the first with the first?",
        "Explain each true taste by *all* learned factors and a constant, with least squares. "
        "Which share of its variance is explained?",
        "1 − Σ(truth − fitted)² / Σ(truth − mean)², column by column.",
    ),
    solution=share_recovered,
    check=on_cases(*FACTORS),
    wrong_answers={
        "one factor each": Mistake(
            lambda learned, truth: _squared_correlations(learned, truth).max(axis=1),
            "You looked for one factor each, the most alike. After a rotation a taste is spread "
            "over all of them: take all at once.",
        ),
        "first with the first": Mistake(
            lambda learned, truth: np.diag(_squared_correlations(learned, truth)),
            "You compared the first with the first and the second with the second. Their order and "
            "their axes are chance: explain each taste by all learned factors.",
        ),
        "constant": Mistake(
            _without_a_constant,
            "The regression has no constant, so it must pass through zero. Put a column of ones "
            "beside the learned factors.",
        ),
        "from zero": Mistake(
            _from_zero,
            "Below the line you measured the truth from zero. The share is of the variance: "
            "around the mean.",
        ),
        "mean of all tastes": Mistake(
            _from_the_mean_of_all,
            "You measured the spread around one mean of all tastes. Each taste has a mean of its "
            "own: `axis=0`.",
        ),
        "adjusted": Mistake(
            _adjusted,
            "This is the adjusted R², which makes up for the number of factors. The question "
            "asks for the plain share on the same rows.",
        ),
        "from the others": Mistake(
            _from_the_others,
            "You predicted each row from the others, as the lesson did. Here fit and measure on "
            "the same rows.",
        ),
        "counts double": Mistake(
            lambda learned, truth: _squared_correlations(learned, truth).sum(axis=1),
            "You added up squared correlations. Where learned factors are alike, what they share "
            "counts double: put all of them into one regression.",
        ),
        "not explained": Mistake(
            lambda learned, truth: 1 - share_recovered(learned, truth),
            "This is the share that is not explained. Take it from 1.",
        ),
        "root": Mistake(
            lambda learned, truth: np.sqrt(share_recovered(learned, truth)),
            "This is the root, a correlation. The share of the variance is its square.",
        ),
        "one number for all": Mistake(
            _pooled,
            "This is one number for all tastes. Sum within each column: `axis=0`.",
        ),
        "the other way round": Mistake(
            lambda learned, truth: share_recovered(truth, learned),
            "You have it the other way round: how much of the learned factors the truth explains. "
            "There, noise that was learned counts against it.",
        ),
    },
    takeaway="Ask what all factors together know, since a single one can be turned away.",
)

WHAT_HAPPENED = quiz(
    id="09-6",
    objective="Say what may be read into a factor.",
    options={
        "a": "The model had not converged; more epochs would bring the gardeners back.",
        "b": "It learned the noise; a larger λ would bring the gardeners back.",
        "c": "The gardeners are still there under another number; look for it among the new ones.",
        "d": "Perhaps nothing: other axes can describe the same likings. Compare predictions, or "
        "likenesses of items, and test the name.",
    },
    right="d",
    hints=(
        "What stays the same when all vectors are turned, and what does not?",
        "Section 5 compared two seeds: their factors, and their predictions.",
        "The RMSE is the same, and it depends on products of vectors only.",
    ),
    wrong_answers={
        "converged": Mistake(
            "a",
            "A model that has converged from another start has other axes as well: nothing in the "
            "sum prefers one set to another.",
        ),
        "noise": Mistake(
            "b",
            "The RMSE is as it was, so no more noise was learned. And λ does not fix the axes: a "
            "rotation leaves all lengths as they are.",
        ),
        "another number": Mistake(
            "c",
            "If only the order had changed, it would stand under another number. But axes can be "
            "turned to anywhere: no factor of the new ones need be like it.",
        ),
    },
    takeaway="Directions have a meaning once they pass a test; axes have none.",
)
