"""Exercises of lesson 09: predicting with latent factors, learning them, and what they mean."""

import numpy as np

from exercises.engine.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Matrix factorization"

# By hand: 3.5 + 0.4 - 0.2 + (0.5 · 1 + (-1) · 0.3) = 3.9. Next, 3.5 + 0.9 + 0.6 + 2 · 0.5 = 6,
# clipped to 5. And 4 - 1.5 - 1.2 + (-1) · 0.6 = 0.7, clipped to 1. The biases may leave the scale
# if the factors bring the sum back: 4.5 + 0.8 + 0.4 + 1.5 · (-0.8) = 5.7 - 1.2 = 4.5. On a scale to
# 10 nothing is clipped at 5, and three digits stay: 7.6 + 0.28 - 0.3 - 0.225 = 7.355.
PREDICTIONS = [
    (3.5, 0.4, -0.2, np.array([0.5, -1.0]), np.array([1.0, 0.3]), 1, 5),
    (3.5, 0.9, 0.6, np.array([2.0]), np.array([0.5]), 1, 5),
    (4.0, -1.5, -1.2, np.array([-1.0, 0.0]), np.array([0.6, 2.0]), 1, 5),
    (4.5, 0.8, 0.4, np.array([1.5]), np.array([-0.8]), 1, 5),
    (6.2, 0.3, 1.1, np.array([0.4, 0.2, -0.9]), np.array([0.7, -1.5, 0.25]), 0, 10),
]
# Held back: 5.8 - 0.7 + 0.35 + (1.2 · (-0.9) + (-0.4) · 0.6) = 5.45 - 1.32 = 4.13.
PREDICTION_AGAIN = (5.8, -0.7, 0.35, np.array([1.2, -0.4]), np.array([-0.9, 0.6]), 0, 10)


def predict_stars(mean, user_bias, item_bias, p, q, low, high):
    """Add mean, biases and the dot product of the vectors, and clip to the scale."""
    return np.clip(mean + user_bias + item_bias + p @ q, low, high)


PREDICT_STARS = Exercise(
    id="09-1",
    objective="Predict a rating from the mean, the biases and the factors.",
    hints=(
        "Which four things are added up, and which values can a rating not have?",
        "The dot product of two vectors is the sum of the products of their numbers: `p @ q`.",
        "μ + b_u + b_i + q·p, clipped to `low` and `high` with `np.clip`.",
    ),
    solution=predict_stars,
    check=on_cases(*PREDICTIONS, held_back=[PREDICTION_AGAIN]),
    wrong_answers={
        "scale": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: mean + b_u + b_i + p @ q,
            "The prediction can leave the scale. Nobody can give six stars: clip it to `low` and "
            "`high`.",
        ),
        "mean of all ratings": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(b_u + b_i + p @ q, low, high),
            "The mean of all ratings is missing: biases and factors are deviations from it.",
        ),
        "without the biases": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + p @ q, low, high),
            "This is without the biases: a generous user and a well-liked item raise the "
            "prediction.",
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
            "This is without the factors: it is the baseline predictor of lesson 05.",
        ),
        "mean of the products": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                mean + b_u + b_i + (p * q).mean(), low, high
            ),
            "You took the mean of the products. The dot product is their sum, `p @ q`.",
        ),
        "counted twice": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                (mean + b_u) + (mean + b_i) + p @ q, low, high
            ),
            "The mean is counted twice, once with the user and once with the item. The biases are "
            "deviations from the mean; add it once.",
        ),
        "clipped before": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + b_i, low, high) + p @ q,
            "You clipped before the factors were added. Clip the whole sum.",
        ),
        "1 to 5": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(mean + b_u + b_i + p @ q, 1, 5),
            "You took the scale to be 1 to 5. It goes from `low` to `high`.",
        ),
        "at the upper end only": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: min(mean + b_u + b_i + p @ q, high),
            "You clipped at the upper end only. Nobody can give 0.7 stars either.",
        ),
        "rounded": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                np.rint(mean + b_u + b_i + p @ q), low, high
            ),
            "You rounded to whole stars. A prediction is an expected rating, so it may lie between "
            "two stars.",
        ),
        "each with each": Mistake(
            lambda mean, b_u, b_i, p, q, low, high: np.clip(
                mean + b_u + b_i + p.sum() * q.sum(), low, high
            ),
            "You multiplied the sums of the vectors, that is, each with each. Multiply the first "
            "with the first, the second with the second, and add: `p @ q`.",
        ),
    },
    takeaway="Mean, two biases, and a dot product: that is the whole prediction.",
)

# By hand: q = 1, -1 were rated 5 and 1, the mean is 3, no item bias: QᵀQ = 2 I, Qᵀt = (0, 4); with
# λ = 1, (0, 4 / 3).
NAN = np.nan
USERS = [
    (np.array([5, 1, NAN]), 3.0, np.zeros(3), np.array([[1.0], [-1.0], [0.5]]), 1.0),
    (
        np.array([4, NAN, 2, 5, NAN]),
        3.5,
        np.array([0.2, -0.4, 0.1, -0.3, 0.5]),
        np.array([[0.9], [0.1], [-0.6], [1.2], [-1.0]]),
        0.3,
    ),
    (
        np.array([NAN, 2, 5, 1, 3, 4]),
        3.2,
        np.array([0.3, 0.5, -0.2, -0.1, 0.4, 0.0]),
        np.array([[0.3, 1.1], [-0.7, 0.2], [1.0, 0.4], [-0.8, -0.9], [0.1, 0.6], [0.5, -0.3]]),
        2.0,
    ),
]
USER_AGAIN = (
    np.array([2, 5, NAN, NAN, 4, 1]),
    3.4,
    np.array([-0.2, 0.6, 0.1, -0.5, 0.3, -0.4]),
    np.array([[-0.6, 0.4], [1.1, 0.2], [0.3, -0.8], [0.5, 0.9], [0.2, -1.0], [-0.9, -0.3]]),
    0.8,
)  # held back


def place_user(ratings, mean, item_bias, item_factors, lam):
    """Solve the ridge regression of one user: bias first, then the factors."""
    rated = ~np.isnan(ratings)
    Q = np.column_stack([np.ones(rated.sum()), item_factors[rated]])
    target = ratings[rated] - mean - item_bias[rated]
    return np.linalg.solve(Q.T @ Q + lam * np.eye(Q.shape[1]), Q.T @ target)


def _placed_on_what_is_expected(ratings, mean, item_bias, item_factors, lam):
    """Take a missing rating for one that equals mean plus item bias."""
    expected = np.where(np.isnan(ratings), mean + item_bias, ratings)
    return place_user(expected, mean, item_bias, item_factors, lam)


def _user_with(
    *,
    weight=lambda lam, n, items: lam,
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
    objective="Find the bias and the factors of one user, with the items fixed.",
    hints=(
        "Which items did the user rate, and which part of each rating is already known?",
        "It is a ridge regression: predict r − μ − b_i from the rows (1, q_i) of the rated items.",
        "(QᵀQ + λI)⁻¹ Qᵀt, where t = r − μ − b_i and the first column of Q holds ones.",
    ),
    solution=place_user,
    check=on_cases(*USERS, held_back=[USER_AGAIN]),
    wrong_answers={
        "without λ": Mistake(
            _user_with(weight=lambda lam, n, items: 0),
            "This is without λ: plain least squares, which overfits a user with few ratings.",
        ),
        "number of ratings": Mistake(
            _user_with(weight=lambda lam, n, items: lam * n),
            "You multiplied λ by the number of ratings. In the objective of this lesson λ is "
            "counted once per user.",
        ),
        "all items": Mistake(
            _user_with(weight=lambda lam, n, items: lam * items),
            "You multiplied λ by the number of all items. λ is counted once per user.",
        ),
        "every cell": Mistake(
            _user_with(ridge=lambda size: np.ones((size, size))),
            "You added λ to every cell of QᵀQ. It belongs on the diagonal only: λ times `np.eye`.",
        ),
        "bias of the user": Mistake(
            _user_with(constant=False),
            "The bias of the user is missing: put a column of ones before the factors of the "
            "items; its coefficient is the bias.",
        ),
        "bias is not regularized": Mistake(
            _user_with(ridge=lambda size: np.diag([0.0] + [1.0] * (size - 1))),
            "The bias is not regularized. Many libraries do this on purpose; in the objective of "
            "this lesson λ multiplies b_u², too.",
        ),
        "zeros": Mistake(
            _user_with(filled=True),
            "You treated missing ratings as zeros, which nobody gave. Leave these items out.",
        ),
        "bias of the items": Mistake(
            _user_with(off=lambda mean, item_bias: mean),
            "You did not subtract the bias of the items, so the user gets credit for well-liked "
            "items.",
        ),
        "mean of all ratings": Mistake(
            _user_with(off=lambda mean, item_bias: item_bias),
            "You did not subtract the mean of all ratings. The bias of the user is the deviation "
            "from it.",
        ),
        "did not subtract mean and item biases": Mistake(
            _user_with(off=lambda mean, item_bias: 0),
            "You did not subtract mean and item biases. They are known; the user explains only the "
            "rest.",
        ),
        "as expected": Mistake(
            _placed_on_what_is_expected,
            "You treated missing ratings as if the user had rated exactly as expected, μ + b_i. "
            "That pulls the user toward the average. Leave these rows out.",
        ),
        "mean of the user": Mistake(
            lambda ratings, mean, *rest: place_user(ratings, np.nanmean(ratings), *rest),
            "You subtracted the mean of the user instead of the mean of all ratings. Then hardly "
            "anything is left for the user's bias.",
        ),
        "NaN": Mistake(
            lambda ratings, mean, item_bias, item_factors, lam: np.full(
                item_factors.shape[1] + 1, np.nan
            ),
            "A missing rating is NaN, and NaN has spread to every number. Keep only the rated "
            "items, in the ratings, the biases and the factors.",
        ),
        "comes last": Mistake(
            lambda *given: np.roll(place_user(*given), -1),
            "The bias comes last. Put the column of ones before the factors, so that it comes "
            "first.",
        ),
        "one array": Mistake(
            lambda *given: (place_user(*given)[0], place_user(*given)[1:]),
            "You return bias and factors separately. Return one array: the bias, then the factors.",
        ),
    },
    takeaway="With one side fixed, each row of the other side is a ridge regression.",
)

# By hand: the prediction is 3 + 0.5 + 0 + 1 · 0.5 = 4, the error 1. With γ = 0.1 and λ = 0.2 the
# biases become 0.5 + 0.1 (1 - 0.1) = 0.59 and 0.1, p becomes 1 + 0.1 (0.5 - 0.2) = 1.03, and q
# 0.5 + 0.1 (1 - 0.1) = 0.59. The last prediction, 5.6, is off the scale: it is not clipped here.
STEPS = [
    (5, 3.0, 0.5, 0.0, 1.0, 0.5, 0.1, 0.2),
    (2, 3.4, -0.3, 0.2, 0.4, -0.9, 0.05, 0.1),
    (4, 4.4, 0.7, 0.2, 0.5, 0.6, 0.2, 0.3),
]
STEP_AGAIN = (3, 3.8, 0.4, -0.6, -0.7, 0.9, 0.08, 0.15)  # held back


def step_down(r, mean, user_bias, item_bias, p, q, rate, lam):
    """Move biases and factors one gradient step, all from their old values."""
    error = r - (mean + user_bias + item_bias + p * q)
    return (
        user_bias + rate * (error - lam * user_bias),
        item_bias + rate * (error - lam * item_bias),
        p + rate * (error * q - lam * p),
        q + rate * (error * p - lam * q),
    )


def _step_with(
    move=lambda value, slope, rate, lam: value + rate * (slope - lam * value),
    error=lambda r, mean, b_u, b_i, p, q: r - (mean + b_u + b_i + p * q),
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
    e = r - (mean + b_u + b_i + p * q)
    return *right[:3], q + rate * (e * right[2] - lam * q)


def _with_the_new_q(r, mean, b_u, b_i, p, q, rate, lam):
    right = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    e = r - (mean + b_u + b_i + p * q)
    return *right[:2], p + rate * (e * right[3] - lam * p), right[3]


def _error_after_each(r, mean, b_u, b_i, p, q, rate, lam):
    b_u = step_down(r, mean, b_u, b_i, p, q, rate, lam)[0]
    b_i = step_down(r, mean, b_u, b_i, p, q, rate, lam)[1]
    p = step_down(r, mean, b_u, b_i, p, q, rate, lam)[2]
    return b_u, b_i, p, step_down(r, mean, b_u, b_i, p, q, rate, lam)[3]


def _shrunk(r, *start_rate_lam, biases):
    """Regularize only the biases, or only the factors."""
    right = step_down(r, *start_rate_lam)
    free = step_down(r, *start_rate_lam[:-1], 0)
    return (*right[:2], *free[2:]) if biases else (*free[:2], *right[2:])


def _with_new_biases(r, mean, b_u, b_i, p, q, rate, lam):
    b_u, b_i, *_ = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    return b_u, b_i, *step_down(r, mean, b_u, b_i, p, q, rate, lam)[2:]


def _without_the_other_factor(r, mean, b_u, b_i, p, q, rate, lam):
    e = r - (mean + b_u + b_i + p * q)
    return tuple(value + rate * (e - lam * value) for value in (b_u, b_i, p, q))


STEP_DOWN = Exercise(
    id="09-3",
    objective="Take one step of stochastic gradient descent, for one rating.",
    hints=(
        "Is the prediction too low or too high, and which way should each of the four values move?",
        "Compute the error once, then all four new values from the old ones.",
        "e = r − r̂; b + γ(e − λb) for both biases, p + γ(e·q − λp), and q + γ(e·p − λq) with the "
        "old p.",
    ),
    solution=step_down,
    check=on_cases(*STEPS, held_back=[STEP_AGAIN]),
    wrong_answers={
        "new p": Mistake(
            _with_the_new_p,
            "You moved p first and used the new p for q. Both belong to the same gradient: use the "
            "old p.",
        ),
        "new q": Mistake(
            _with_the_new_q,
            "You moved q first and used the new q for p. Both belong to the same gradient: use the "
            "old q.",
        ),
        "after each move": Mistake(
            _error_after_each,
            "You computed the error again after each move. Compute it once, before anything moves.",
        ),
        "moved the biases first": Mistake(
            _with_new_biases,
            "You moved the biases first and then computed the error again for p and q. Compute the "
            "error once, before anything moves.",
        ),
        "clipped": Mistake(
            _step_with(
                error=lambda r, mean, b_u, b_i, p, q: r - np.clip(mean + b_u + b_i + p * q, 1, 5)
            ),
            "You clipped the prediction to 1 to 5 before computing the error. Predictions are "
            "clipped when they are shown; while learning, the whole error counts.",
        ),
        "wrong sign": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * (slope + lam * value)),
            "λ has the wrong sign, so the values grow instead of shrinking. It is e·q − λp.",
        ),
        "learning rate": Mistake(
            _step_with(lambda value, slope, rate, lam: value + slope - lam * value),
            "The learning rate is missing: each step goes the full length of the gradient.",
        ),
        "λ without the learning rate": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * slope - lam * value),
            "You subtracted λ without the learning rate. γ multiplies both parts: γ(e·q − λp).",
        ),
        "λ does not appear": Mistake(
            _step_with(lambda value, slope, rate, lam: value + rate * slope),
            "λ does not appear: it shrinks all four values.",
        ),
        "wrong way": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: mean + b_u + b_i + p * q - r),
            "The step goes the wrong way: the error is r − r̂. If the prediction is too low, it "
            "must rise.",
        ),
        "biases do not move": Mistake(
            _step_with(biases=False),
            "The biases do not move. They are learned as well: b + γ(e − λb).",
        ),
        "without the biases": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - mean - p * q),
            "You predicted without the biases. The error is that of the whole prediction.",
        ),
        "without the factors": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - mean - b_u - b_i),
            "You predicted without the factors. The error is that of the whole prediction.",
        ),
        "mean of all ratings": Mistake(
            _step_with(error=lambda r, mean, b_u, b_i, p, q: r - b_u - b_i - p * q),
            "The mean of all ratings is missing in the prediction.",
        ),
        "on the biases": Mistake(
            lambda *given: _shrunk(*given, biases=False),
            "λ is missing on the biases. In this lesson they are regularized, too.",
        ),
        "on the factors": Mistake(
            lambda *given: _shrunk(*given, biases=True),
            "λ is missing on the factors. It shrinks all four values.",
        ),
        "twice as long": Mistake(
            lambda *given: step_down(*given[:-2], 2 * given[-2], given[-1]),
            "Your step is twice as long. The 2 of the derivative is right, but by convention it is "
            "part of γ: use the formula as given.",
        ),
        "changes": Mistake(
            lambda *given: tuple(
                new - old for new, old in zip(step_down(*given), given[2:6], strict=True)
            ),
            "These are the changes. Add them to the old values and return the new ones.",
        ),
        "other order": Mistake(
            lambda *given: tuple(step_down(*given)[n] for n in (0, 1, 3, 2)),
            "p and q come in the other order: first the user's p, then the item's q.",
        ),
        "other factor": Mistake(
            _without_the_other_factor,
            "You moved p and q by the error alone. Each is multiplied by the other factor: the "
            "gradient for p is e·q, and for q it is e·p.",
        ),
        "own factor": Mistake(
            _step_with(swapped=True),
            "Each factor was moved along its own factor. The gradient for p is e·q, and for q it "
            "is e·p.",
        ),
    },
    takeaway="One error, four moves, all from the old values.",
)

CHOOSE_LAMBDA = quiz(
    id="09-4",
    objective="Choose the regularization strength, and say what to report.",
    options={
        "a": "the λ with the lowest training RMSE; report this RMSE",
        "b": "the λ for which training and held-out RMSE are closest; report either",
        "c": "the λ with the lowest held-out RMSE; report its RMSE on the test set",
        "d": "the λ with the lowest held-out RMSE; report this RMSE",
    },
    right="c",
    hints=(
        "Which of the two curves in the figure tells you about ratings that are still to come?",
        "With a very large λ, both curves meet. Is that a good model?",
        "The best of ten held-out values is partly the luckiest. What would an unbiased value be?",
    ),
    wrong_answers={
        "memorized": Mistake(
            "a",
            "With the smallest λ the model has memorized the ratings it was trained on. It "
            "predicts new ratings worst.",
        ),
        "hardly a gap": Mistake(
            "b",
            "There is hardly a gap if λ is so large that factors and biases are zero. Such a model "
            "does not overfit, and it has learned nothing about users and items.",
        ),
        "best of several": Mistake(
            "d",
            "The choice is right, the report is not: the best of several values is selected partly "
            "by luck, so it is too optimistic. Use ratings that had no part in the choice.",
        ),
    },
    takeaway="Fit on one part, choose on a second, report on a third.",
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
FACTORS_AGAIN = (
    np.array([[1.2, 0.3], [-0.4, 0.8], [0.5, -0.9], [-1.1, -0.2], [0.9, 1.3], [0.2, 0.6]]),
    np.array([[0.7, 2.4], [1.8, 1.1], [-0.3, 1.5], [0.4, -0.6], [2.2, 1.9], [0.1, 2.8]]),
)  # held back


def share_recovered(learned, truth):
    """Explain each true taste by all learned factors and a constant; return R² of each."""
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
    objective="Measure how much of each true taste the learned factors contain.",
    hints=(
        "Factors can be rotated. Does it make sense to compare the first with the first?",
        "Predict each true taste from *all* learned factors and a constant, by least squares. "
        "Which share of its variance does the regression explain?",
        "1 − Σ(truth − fitted)² / Σ(truth − mean)², column by column.",
    ),
    solution=share_recovered,
    check=on_cases(*FACTORS, held_back=[FACTORS_AGAIN]),
    wrong_answers={
        "one factor each": Mistake(
            lambda learned, truth: _squared_correlations(learned, truth).max(axis=1),
            "You looked for one factor each, the most correlated one. After a rotation a taste is "
            "spread over all factors: use all of them at once.",
        ),
        "first with the first": Mistake(
            lambda learned, truth: np.diag(_squared_correlations(learned, truth)),
            "You compared the first with the first and the second with the second. The order and "
            "the axes of learned factors are arbitrary: use all of them for each taste.",
        ),
        "constant": Mistake(
            _without_a_constant,
            "The regression has no constant, so it must pass through zero. Add a column of ones to "
            "the learned factors.",
        ),
        "from zero": Mistake(
            _from_zero,
            "In the denominator you measured the truth from zero. Variance is measured around the "
            "mean.",
        ),
        "mean of all tastes": Mistake(
            _from_the_mean_of_all,
            "You measured the variance around one mean of all tastes. Each taste has its own mean: "
            "`axis=0`.",
        ),
        "adjusted": Mistake(
            _adjusted,
            "This is the adjusted R², which corrects for the number of factors. The question asks "
            "for the plain share on the same rows.",
        ),
        "from the others": Mistake(
            _from_the_others,
            "You predicted each row from the others, as the lesson does. Here, fit and measure on "
            "the same rows.",
        ),
        "counts double": Mistake(
            lambda learned, truth: _squared_correlations(learned, truth).sum(axis=1),
            "You added up squared correlations. What two correlated factors share counts double in "
            "this sum: put all of them into one regression.",
        ),
        "not explained": Mistake(
            lambda learned, truth: 1 - share_recovered(learned, truth),
            "This is the share that is not explained. Subtract it from 1.",
        ),
        "root": Mistake(
            lambda learned, truth: np.sqrt(share_recovered(learned, truth)),
            "This is the square root, a correlation. The share of the variance is its square.",
        ),
        "one number for all": Mistake(
            _pooled,
            "This is one number for all tastes. Sum within each column: `axis=0`.",
        ),
        "the other way round": Mistake(
            lambda learned, truth: share_recovered(truth, learned),
            "You have it the other way round: how much of the learned factors the truth explains. "
            "The question is how much of the truth the learned factors explain.",
        ),
    },
    takeaway="Ask what all factors know together: a single factor depends on the rotation.",
)

WHAT_HAPPENED = quiz(
    id="09-6",
    objective="Say what can be read into a single factor.",
    options={
        "a": "The model had not converged; more epochs would bring the gardeners back.",
        "b": "It learned the noise; a larger λ would bring the gardeners back.",
        "c": "The gardeners are still there under another number; look for it among the new ones.",
        "d": "Perhaps nothing: other axes can describe the same tastes. Compare predictions, or "
        "similarities of items, and test the name.",
    },
    right="d",
    hints=(
        "What stays the same if all vectors are rotated, and what does not?",
        "Section 5 compares two random starts: their factors, and their predictions.",
        "The RMSE is the same, and it depends on dot products of vectors only.",
    ),
    wrong_answers={
        "converged": Mistake(
            "a",
            "A converged model from another random start has other axes as well: the objective is "
            "the same for all rotations.",
        ),
        "noise": Mistake(
            "b",
            "The RMSE has not changed, so there is no sign of more noise. And λ does not fix the "
            "axes: a rotation leaves the length of every vector unchanged.",
        ),
        "another number": Mistake(
            "c",
            "If only the order had changed, you would find it under another number. But the axes "
            "can be rotated freely: none of the new factors has to look like the old one.",
        ),
    },
    takeaway="A single factor has no meaning of its own; a name needs a test.",
)

# By hand: one rating of 1.5 above the mean: 1.5 / (1 + 10) per vector, 1.5 / 1.2 = 1.25 per rating.
# Forty of -0.5: -20 / 50 = -0.4 and -0.5 / 1.2. Three of 2, other λ: 6 / 7 and 2 / 1.5.
ITEMS = [(1, 1.5, 10, 0.2), (40, -0.5, 10, 0.2), (3, 2.0, 4, 0.5)]
ITEM_AGAIN = (7, -1.2, 5, 0.3)  # held back: -8.4 / 12 = -0.7 and -1.2 / 1.3


def shrunk_biases(n, d, lam_vector, lam_rating):
    """Minimize n (d - b)² + λ_i b², with λ_i = λ per vector and λ_i = λ n per rating."""
    per_vector = n * d / (n + lam_vector)
    per_rating = n * d / (n + lam_rating * n)
    return per_vector, per_rating


SHRUNK_BIASES = Exercise(
    id="09-7",
    objective="Compare how the two ways to count λ shrink an item with few ratings.",
    hints=(
        "Set the derivative of n·(d − b)² + λ_i·b² with respect to b to zero. What is b?",
        "b = n·d / (n + λ_i). What is λ_i per vector, and what is it per rating?",
        "Per vector n·d / (n + λ), and per rating n·d / (n + λ·n), where n cancels: d / (1 + λ).",
    ),
    solution=shrunk_biases,
    check=on_cases(*ITEMS, held_back=[ITEM_AGAIN]),
    wrong_answers={
        "other order": Mistake(
            lambda *given: shrunk_biases(*given)[::-1],
            "The two biases come in the other order: first λ per vector, then λ per rating.",
        ),
        "exchanged": Mistake(
            lambda n, d, one, other: (n * d / (n + one * n), n * d / (n + other)),
            "You exchanged the two formulas: per rating, λ is multiplied by n; per vector, it is "
            "not.",
        ),
        "both per vector": Mistake(
            lambda n, d, one, other: (n * d / (n + one), n * d / (n + other)),
            "You counted both per vector. In the second one λ is counted for each rating: λ·n.",
        ),
        "both per rating": Mistake(
            lambda n, d, one, other: (d / (1 + one), d / (1 + other)),
            "You counted both per rating. In the first one λ is counted once for the item.",
        ),
        "one rating": Mistake(
            lambda n, d, one, other: (d / (n + one), d / (n + other * n)),
            "The numerator has only one rating. All n ratings pull the bias up: n·d.",
        ),
        "all penalty": Mistake(
            lambda n, d, one, other: (n * d / one, n * d / (other * n)),
            "Your denominator is all penalty. The squared errors contribute n to it: n + λ_i.",
        ),
        "λ does not appear": Mistake(
            lambda n, d, one, other: (d, d),
            "λ does not appear, so nothing is shrunk.",
        ),
        "amount of shrinkage": Mistake(
            lambda n, d, *lams: tuple(d - b for b in shrunk_biases(n, d, *lams)),
            "This is the amount of shrinkage, d − b. Return the bias b itself.",
        ),
        "share": Mistake(
            lambda n, d, *lams: tuple(b / d for b in shrunk_biases(n, d, *lams)),
            "This is the share of d that is left. Multiply it by d.",
        ),
        "twice": Mistake(
            lambda n, d, one, other: (n * d / (n + 2 * one), n * d / (n + 2 * other * n)),
            "λ counts twice in your answer: the 2 of the derivative stands before both parts and "
            "cancels.",
        ),
    },
    takeaway="Per vector, few ratings shrink an item a lot; per rating, their number cancels.",
)

# By hand: y = 1, 2; the second was viewed three times, α = 2, λ = 1: c = 1, 7. Left 1 + 7 · 4 + 1 =
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
BASKET_AGAIN = (
    np.array([1, 0, 3, 0, 0, 2]),
    np.array([[0.6, -0.1], [0.2, 0.9], [0.8, 0.5], [-0.5, 0.3], [0.4, 0.7], [-0.2, 1.1]]),
    3.0,
    0.8,
)  # held back


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
    ridge=np.eye,
):
    """Answer with one thing changed."""

    def answer(counts, Y, alpha, lam):
        c = confidence(counts, alpha)
        system = Y.T @ (left(c)[:, None] * Y) + weight(lam, counts) * ridge(Y.shape[1])
        return np.linalg.solve(system, Y.T @ (right(c) * preference(counts)))

    return answer


PLACE_FROM_COUNTS = Exercise(
    id="09-8",
    objective="Find the vector of one user from implicit feedback, with the items fixed.",
    hints=(
        "What is the target in each cell, and how much weight does each cell get?",
        "The target is the preference, 1 or 0; the weight is the confidence, 1 + α·count. All "
        "cells take part, and the weights are on both sides of the equation.",
        "(YᵀCY + λI)⁻¹ YᵀCp, where C has the confidences on its diagonal.",
    ),
    solution=place_from_counts,
    check=on_cases(*BASKETS, held_back=[BASKET_AGAIN]),
    wrong_answers={
        "counts as the preference": Mistake(
            _counts_with(preference=lambda counts: counts),
            "You took the counts as the preference. Three views do not mean three times the "
            "liking: the preference is 1, with more confidence.",
        ),
        "without the 1": Mistake(
            _counts_with(confidence=lambda counts, alpha: alpha * counts),
            "The confidence is without the 1, so cells without a view have no weight. It is 1 + "
            "α·count.",
        ),
        "left out the cells without a view": Mistake(
            _counts_with(left=lambda c: np.where(c > 1, c, 0)),
            "You left out the cells without a view. Then every target is 1, and a model that "
            "predicts 1 everywhere is perfect.",
        ),
        "same confidence": Mistake(
            _counts_with(confidence=lambda counts, alpha: np.ones(len(counts))),
            "All cells have the same confidence, so no view counts as much as many views. It is 1 "
            "+ α·count.",
        ),
        "how often": Mistake(
            _counts_with(confidence=lambda counts, alpha: 1 + alpha * (counts > 0)),
            "Your confidence ignores how often the user viewed an item. It is 1 + α·count, not 1 + "
            "α.",
        ),
        "confidence on the right": Mistake(
            _counts_with(right=lambda c: np.ones(len(c))),
            "The confidence on the right is missing: the right side is YᵀCp.",
        ),
        "confidence on the left": Mistake(
            _counts_with(left=lambda c: np.ones(len(c))),
            "The confidence on the left is missing: the left side is YᵀCY + λI.",
        ),
        "YᵀY": Mistake(
            _counts_with(left=lambda c: c - 1),
            "On the left you have Yᵀ(C − I)Y, only the additional confidence of viewed items. Add "
            "YᵀY, or use C itself.",
        ),
        "C − I on the right": Mistake(
            _counts_with(right=lambda c: c - 1),
            "You have C − I on the right. Only the left side is split into YᵀY and the rest; the "
            "right side has the whole confidence.",
        ),
        "−1": Mistake(
            _counts_with(preference=lambda counts: np.where(counts > 0, 1, -1)),
            "You took −1 as the preference for cells without a view. It is 0, with low confidence: "
            "no view does not mean dislike.",
        ),
        "1 everywhere": Mistake(
            _counts_with(preference=np.ones_like),
            "Your preference is 1 everywhere. It is 0 for items without a view.",
        ),
        "without α": Mistake(
            _counts_with(confidence=lambda counts, alpha: 1 + counts),
            "Your confidence is without α. It is 1 + α·count.",
        ),
        "number of items": Mistake(
            _counts_with(weight=lambda lam, counts: lam * len(counts)),
            "You multiplied λ by the number of items. λ is counted once per vector.",
        ),
        "column of ones": Mistake(
            lambda counts, Y, *rest: place_from_counts(
                counts, np.column_stack([np.ones(len(Y)), Y]), *rest
            ),
            "This model has no bias: leave out the column of ones.",
        ),
        "scores": Mistake(
            lambda counts, Y, *rest: Y @ place_from_counts(counts, Y, *rest),
            "These are the scores of the items, Yx. Return the vector x of the user.",
        ),
        "squared": Mistake(
            _counts_with(left=lambda c: c**2, right=lambda c: c**2),
            "The confidences are squared. If you multiply rows before a plain least squares, use "
            "the square roots of the weights.",
        ),
        "without λ": Mistake(
            _counts_with(weight=lambda lam, counts: 0),
            "This is without λ, the regularization.",
        ),
        "every cell": Mistake(
            _counts_with(ridge=lambda size: np.ones((size, size))),
            "You added λ to every cell of YᵀCY. It belongs on the diagonal only: λ times `np.eye`.",
        ),
        "number of viewed items": Mistake(
            _counts_with(weight=lambda lam, counts: lam * (counts > 0).sum()),
            "You multiplied λ by the number of viewed items. λ is counted once per vector.",
        ),
    },
    takeaway="Every cell counts; a view counts more, and many views count most.",
)
