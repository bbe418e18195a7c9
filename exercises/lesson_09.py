"""Exercises of lesson 09: predicting with latent factors, learning them, and what they mean."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays

TITLE = "Matrix factorization"

PREDICTIONS = [
    ArrayCase(
        *(3.5, 0.4, -0.2, [0.5, -1.0], [1.0, 0.3], 1, 5), right=3.5 + 0.4 - 0.2 + 0.5 * 1 - 1 * 0.3
    ),
    # 3.5 + 0.9 + 0.6 + 2 · 0.5 = 6, and 4 − 1.5 − 1.2 − 1 · 0.6 = 0.7.
    ArrayCase(3.5, 0.9, 0.6, [2.0], [0.5], 1, 5, right=5.0),
    ArrayCase(4.0, -1.5, -1.2, [-1.0, 0.0], [0.6, 2.0], 1, 5, right=1.0),
    # The biases may leave the scale if the factors bring the sum back.
    ArrayCase(4.5, 0.8, 0.4, [1.5], [-0.8], 1, 5, right=4.5 + 0.8 + 0.4 - 1.5 * 0.8),
    # On a scale to 10 nothing is clipped at 5.
    ArrayCase(
        *(6.2, 0.3, 1.1, [0.4, 0.2, -0.9], [0.7, -1.5, 0.25], 0, 10),
        right=6.2 + 0.3 + 1.1 + 0.4 * 0.7 - 0.2 * 1.5 - 0.9 * 0.25,
    ),
]
PREDICTION_AGAIN = ArrayCase(
    *(5.8, -0.7, 0.35, [1.2, -0.4], [-0.9, 0.6], 0, 10),
    right=5.8 - 0.7 + 0.35 - 1.2 * 0.9 - 0.4 * 0.6,
)


def predict_stars(mean, user_bias, item_bias, p, q, low, high):
    """Add mean, biases and the dot product of the vectors, and clip to the scale."""
    return np.clip(mean + user_bias + item_bias + p @ q, low, high)


PREDICT_STARS = Exercise(
    id="09-1",
    hints=(
        "Which four things are added up, and which values can a rating not have?",
        "The dot product of two vectors is the sum of the products of their numbers: `p @ q`.",
        "μ + b_u + b_i + q·p, clipped to `low` and `high` with `np.clip`.",
    ),
    solution=predict_stars,
    check=on_cases(*PREDICTIONS, held_back=[PREDICTION_AGAIN]),
    mistakes="""
    return … => return mean + user_bias + item_bias + p @ q
        The prediction can leave the scale. Nobody can give six stars: clip it to `low` and `high`.
    mean + =>
        The mean of all ratings is missing: biases and factors are deviations from it.
    user_bias + item_bias + =>
        This is without the biases: a generous user and a well-liked item raise the prediction.
    item_bias + =>
        The bias of the item is missing.
    user_bias + =>
        The bias of the user is missing.
    + p @ q =>
        This is without the factors: it is the baseline predictor of lesson 05.
    p @ q => (p * q).mean()
        You took the mean of the products. The dot product is their sum, `p @ q`.
    mean + => 2 * mean +
        The mean is counted twice, once with the user and once with the item. The biases are
        deviations from the mean; add it once.
    return … => return np.clip(mean + user_bias + item_bias, low, high) + p @ q
        You clipped before the factors were added. Clip the whole sum.
    p @ q, low, high => p @ q, 1, 5
        You took the scale to be 1 to 5. It goes from `low` to `high`.
    return … => return min(mean + user_bias + item_bias + p @ q, high)
        You clipped at the upper end only. Nobody can give 0.7 stars either.
    mean + user_bias + item_bias + p @ q => np.rint(mean + user_bias + item_bias + p @ q)
        You rounded to whole stars. A prediction is an expected rating, so it may lie between two
        stars.
    p @ q => p.sum() * q.sum()
        You multiplied the sums of the vectors, that is, each with each. Multiply the first with the
        first, the second with the second, and add: `p @ q`.
    """,
    takeaway="Mean, two biases, and a dot product: that is the whole prediction.",
)

NAN = np.nan
USERS = [
    # t = (2, −2), QᵀQ = 2 I, Qᵀt = (0, 4).
    ArrayCase([5, 1, NAN], 3.0, np.zeros(3), [[1.0], [-1.0], [0.5]], 1.0, right=[0, 4 / (2 + 1)]),
    # t = (0.3, −1.6, 1.8), QᵀQ + λI = [[3.3, 1.5], [1.5, 2.91]], Qᵀt = (0.5, 3.39).
    ArrayCase(
        *([4, NAN, 2, 5, NAN], 3.5, [0.2, -0.4, 0.1, -0.3, 0.5]),
        *([[0.9], [0.1], [-0.6], [1.2], [-1.0]], 0.3),
        right=np.array([2.91 * 0.5 - 1.5 * 3.39, 3.3 * 3.39 - 1.5 * 0.5]) / (3.3 * 2.91 - 1.5**2),
    ),
]
USER_AGAIN = arrays(
    *([2, 5, NAN, NAN, 4, 1], 3.4, [-0.2, 0.6, 0.1, -0.5, 0.3, -0.4]),
    *([[-0.6, 0.4], [1.1, 0.2], [0.3, -0.8], [0.5, 0.9], [0.2, -1.0], [-0.9, -0.3]], 0.8),
)  # held back


def place_user(ratings, mean, item_bias, item_factors, lam):
    """Solve the ridge regression of one user: bias first, then the factors."""
    rated = ~np.isnan(ratings)
    Q = np.column_stack([np.ones(rated.sum()), item_factors[rated]])
    target = ratings[rated] - mean - item_bias[rated]
    return np.linalg.solve(Q.T @ Q + lam * np.eye(Q.shape[1]), Q.T @ target)


PLACE_USER = Exercise(
    id="09-2",
    hints=(
        "Which items did the user rate, and which part of each rating is already known?",
        "It is a ridge regression: predict r − μ − b_i from the rows (1, q_i) of the rated items.",
        "(QᵀQ + λI)⁻¹ Qᵀt, where t = r − μ − b_i and the first column of Q holds ones.",
    ),
    solution=place_user,
    check=on_cases(*USERS, held_back=[USER_AGAIN]),
    mistakes="""
    + lam * np.eye(Q.shape[1]) =>
        This is without λ: plain least squares, which overfits a user with few ratings.
    lam * np.eye => lam * len(Q) * np.eye
        You multiplied λ by the number of ratings. In the objective of this lesson λ is counted once
        per user.
    lam * np.eye => lam * len(ratings) * np.eye
        You multiplied λ by the number of all items. λ is counted once per user.
    lam * np.eye(Q.shape[1]) => lam
        You added λ to every cell of QᵀQ. It belongs on the diagonal only: λ times `np.eye`.
    Q = … => Q = item_factors[rated]
        The bias of the user is missing: put a column of ones before the factors of the items; its
        coefficient is the bias.
    np.eye(Q.shape[1]) => np.diag([0] + [1] * (Q.shape[1] - 1))
        The bias is not regularized. Many libraries do this on purpose; in the objective of this
        lesson λ multiplies b_u², too.
    => ratings = np.nan_to_num(ratings)
        You treated missing ratings as zeros, which nobody gave. Leave these items out.
    - item_bias[rated] =>
        You did not subtract the bias of the items, so the user gets credit for well-liked items.
    - mean =>
        You did not subtract the mean of all ratings. The bias of the user is the deviation from it.
    - mean - item_bias[rated] =>
        You did not subtract mean and item biases. They are known; the user explains only the rest.
    => ratings = np.where(np.isnan(ratings), mean + item_bias, ratings)
        You treated missing ratings as if the user had rated exactly as expected, μ + b_i. That
        pulls the user toward the average. Leave these rows out.
    => mean = np.nanmean(ratings)
        You subtracted the mean of the user instead of the mean of all ratings. Then hardly anything
        is left for the user's bias.
    rated = … => rated = np.full(len(ratings), True)
        A missing rating is NaN, and NaN has spread to every number. Keep only the rated items, in
        the ratings, the biases and the factors.
    [np.ones(rated.sum()), item_factors[rated]] => [item_factors[rated], np.ones(rated.sum())]
        The bias comes last. Put the column of ones before the factors, so that it comes first.
    return … => found = …; return found[0], found[1:]
        You return bias and factors separately. Return one array: the bias, then the factors.
    """,
    takeaway="With one side fixed, each row of the other side is a ridge regression.",
)

WHAT_HAPPENED = quiz(
    id="09-6",
    options="""
    a) The model had not converged; more epochs would bring the gardeners back.
        A converged model from another random start has other axes as well: the objective is the
        same for all rotations.
    b) It learned the noise; a larger λ would bring the gardeners back.
        The RMSE has not changed, so there is no sign of more noise. And λ does not fix the axes: a
        rotation leaves the length of every vector unchanged.
    c) The gardeners are still there under another number; look for it among the new ones.
        If only the order had changed, you would find it under another number. But the axes can be
        rotated freely: none of the new factors has to look like the old one.
    d) Perhaps nothing: other axes can describe the same tastes. Compare predictions, or
    similarities of items, and test the name.
    """,
    hints=(
        "What stays the same if all vectors are rotated, and what does not?",
        "Section 6 compares two random starts: their factors, and their predictions.",
        "The RMSE is the same, and it depends on dot products of vectors only.",
    ),
    takeaway="A single factor has no meaning of its own; a name needs a test.",
)

STEPS = [
    # The prediction is 3 + 0.5 + 0 + 1 · 0.5 = 4, the error 1.
    Case(
        *(5, 3.0, 0.5, 0.0, 1.0, 0.5, 0.1, 0.2),
        right=(
            0.5 + 0.1 * (1 - 0.2 * 0.5),
            0 + 0.1 * (1 - 0.2 * 0),
            1 + 0.1 * (1 * 0.5 - 0.2 * 1),
            0.5 + 0.1 * (1 * 1 - 0.2 * 0.5),
        ),
    ),
    # The prediction, 5.6, is off the scale: it is not clipped here.
    Case(
        *(4, 4.4, 0.7, 0.2, 0.5, 0.6, 0.2, 0.3),
        right=(
            0.7 + 0.2 * (-1.6 - 0.3 * 0.7),
            0.2 + 0.2 * (-1.6 - 0.3 * 0.2),
            0.5 + 0.2 * (-1.6 * 0.6 - 0.3 * 0.5),
            0.6 + 0.2 * (-1.6 * 0.5 - 0.3 * 0.6),
        ),
    ),
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


def _error_after_each(r, mean, b_u, b_i, p, q, rate, lam):
    b_u = step_down(r, mean, b_u, b_i, p, q, rate, lam)[0]
    b_i = step_down(r, mean, b_u, b_i, p, q, rate, lam)[1]
    p = step_down(r, mean, b_u, b_i, p, q, rate, lam)[2]
    return b_u, b_i, p, step_down(r, mean, b_u, b_i, p, q, rate, lam)[3]


def _with_new_biases(r, mean, b_u, b_i, p, q, rate, lam):
    b_u, b_i, *_ = step_down(r, mean, b_u, b_i, p, q, rate, lam)
    return b_u, b_i, *step_down(r, mean, b_u, b_i, p, q, rate, lam)[2:]


STEP_DOWN = Exercise(
    id="09-3",
    hints=(
        "Is the prediction too low or too high, and which way should each of the four values move?",
        "Compute the error once, then all four new values from the old ones.",
        "e = r − r̂; b + γ(e − λb) for both biases, p + γ(e·q − λp), and q + γ(e·p − λq) with the "
        "old p.",
    ),
    solution=step_down,
    check=on_cases(*STEPS, held_back=[STEP_AGAIN]),
    mistakes="""
    error * p => error * (p + rate * (error * q - lam * p))
        You moved p first and used the new p for q. Both belong to the same gradient: use the old p.
    error * q => error * (q + rate * (error * p - lam * q))
        You moved q first and used the new q for p. Both belong to the same gradient: use the old q.
    (mean + user_bias + item_bias + p * q) => np.clip(mean + user_bias + item_bias + p * q, 1, 5)
        You clipped the prediction to 1 to 5 before computing the error. Predictions are clipped
        when they are shown; while learning, the whole error counts.
    => lam = -lam
        λ has the wrong sign, so the values grow instead of shrinking. It is e·q − λp.
    => rate = 1
        The learning rate is missing: each step goes the full length of the gradient.
    => lam = lam / rate
        You subtracted λ without the learning rate. γ multiplies both parts: γ(e·q − λp).
    => lam = 0
        λ does not appear: it shrinks all four values.
    error = … => error = mean + user_bias + item_bias + p * q - r
        The step goes the wrong way: the error is r − r̂. If the prediction is too low, it must
        rise.
    user_bias + rate * (error - lam * user_bias) => user_bias
    item_bias + rate * (error - lam * item_bias) => item_bias
        The biases do not move. They are learned as well: b + γ(e − λb).
    mean + user_bias + item_bias + p * q => mean + p * q
        You predicted without the biases. The error is that of the whole prediction.
    + p * q =>
        You predicted without the factors. The error is that of the whole prediction.
    mean + =>
        The mean of all ratings is missing in the prediction.
    error - lam * user_bias => error
    error - lam * item_bias => error
        λ is missing on the biases. In this lesson they are regularized, too.
    error * q - lam * p => error * q
    error * p - lam * q => error * p
        λ is missing on the factors. It shrinks all four values.
    => rate = 2 * rate
        Your step is twice as long. The 2 of the derivative is right, but by convention it is part
        of γ: use the formula as given.
    user_bias + rate => rate
    item_bias + rate => rate
    p + rate => rate
    q + rate => rate
        These are the changes. Add them to the old values and return the new ones.
    return … => moved = …; return moved[0], moved[1], moved[3], moved[2]
        p and q come in the other order: first the user's p, then the item's q.
    error * q => error
    error * p => error
        You moved p and q by the error alone. Each is multiplied by the other factor: the gradient
        for p is e·q, and for q it is e·p.
    error * q - lam * p => error * p - lam * p
    q + rate * (error * p => q + rate * (error * q
        Each factor was moved along its own factor. The gradient for p is e·q, and for q it is e·p.
    => return _error_after_each(r, mean, user_bias, item_bias, p, q, rate, lam)
        You computed the error again after each move. Compute it once, before anything moves.
    => return _with_new_biases(r, mean, user_bias, item_bias, p, q, rate, lam)
        You moved the biases first and then computed the error again for p and q. Compute the error
        once, before anything moves.
    """,
    takeaway="One error, four moves, all from the old values.",
    further=True,
)

CHOOSE_LAMBDA = quiz(
    id="09-4",
    options="""
    a) the λ with the lowest training RMSE; report this RMSE
        With the smallest λ the model has memorized the ratings it was trained on. It predicts new
        ratings worst.
    b) the λ for which training and held-out RMSE are closest; report either
        There is hardly a gap if λ is so large that factors and biases are zero. Such a model does
        not overfit, and it has learned nothing about users and items.
    c) the λ with the lowest held-out RMSE; report its RMSE on the test set
    d) the λ with the lowest held-out RMSE; report this RMSE
        The choice is right, the report is not: the best of several values is selected partly by
        luck, so it is too optimistic. Use ratings that had no part in the choice.
    """,
    hints=(
        "Which of the two curves in the figure tells you about ratings that are still to come?",
        "With a very large λ, both curves meet. Is that a good model?",
        "The best of ten held-out values is partly the luckiest. What would an unbiased value be?",
    ),
    takeaway="Fit on one part, choose on a second, report on a third.",
)

FACTORS = [
    # The mean is 3, and what fits is the means of the halves, 1.5 and 4.5.
    ArrayCase(
        *([[0.0], [0.0], [1.0], [1.0]], [[1.0], [2.0], [3.0], [6.0]]),
        right=[1 - (0.25 + 0.25 + 2.25 + 2.25) / (4 + 1 + 0 + 9)],
    ),
    (
        np.array([[0.4, -0.6], [1.1, 0.3], [-0.2, 0.9], [0.7, 0.1], [-0.9, -0.5], [0.3, 1.4]]),
        np.array([[2.1, 3.0], [2.9, 1.2], [3.6, 0.7], [2.2, 1.9], [1.4, 2.5], [4.1, 0.2]]),
    ),
]
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


SHARE_RECOVERED = Exercise(
    id="09-5",
    hints=(
        "Factors can be rotated. Does it make sense to compare the first with the first?",
        "Predict each true taste from *all* learned factors and a constant, by least squares. "
        "Which share of its variance does the regression explain?",
        "1 − Σ(truth − fitted)² / Σ(truth − mean)², column by column.",
    ),
    solution=share_recovered,
    check=on_cases(*FACTORS, held_back=[FACTORS_AGAIN]),
    mistakes="""
    => r = np.corrcoef(truth.T, learned.T)[: truth.shape[1], truth.shape[1] :]
    return … => return (r**2).max(axis=1)
        You looked for one factor each, the most correlated one. After a rotation a taste is spread
        over all factors: use all of them at once.
    => r = np.corrcoef(truth.T, learned.T)[: truth.shape[1], truth.shape[1] :]
    return … => return np.diag(r) ** 2
        You compared the first with the first and the second with the second. The order and the axes
        of learned factors are arbitrary: use all of them for each taste.
    X = … => X = learned
        The regression has no constant, so it must pass through zero. Add a column of ones to the
        learned factors.
    spread = … => spread = truth
        In the denominator you measured the truth from zero. Variance is measured around the mean.
    spread = … => spread = truth - truth.mean()
        You measured the variance around one mean of all tastes. Each taste has its own mean:
        `axis=0`.
    => n, k = learned.shape
    return 1 - => return 1 - (n - 1) / (n - k - 1) *
        This is the adjusted R², which corrects for the number of factors. The question asks for the
        plain share on the same rows.
    fitted = … => H = X @ np.linalg.pinv(X)
    truth - fitted => (truth - H @ truth) / (1 - np.diag(H))[:, None]
        You predicted each row from the others, as the lesson does. Here, fit and measure on the
        same rows.
    => r = np.corrcoef(truth.T, learned.T)[: truth.shape[1], truth.shape[1] :]
    return … => return (r**2).sum(axis=1)
        You added up squared correlations. What two correlated factors share counts double in this
        sum: put all of them into one regression.
    1 - =>
        This is the share that is not explained. Subtract it from 1.
    return … => return np.sqrt(…)
        This is the square root, a correlation. The share of the variance is its square.
    return … => return 1 - ((truth - fitted) ** 2).sum() / (spread**2).sum()
        This is one number for all tastes. Sum within each column: `axis=0`.
    => learned, truth = truth, learned
        You have it the other way round: how much of the learned factors the truth explains. The
        question is how much of the truth the learned factors explain.
    """,
    takeaway="Ask what all factors know together: a single factor depends on the rotation.",
)

ITEMS = [
    Case(1, 1.5, 10, 0.2, right=(1.5 / (1 + 10), 1.5 / (1 + 0.2))),
    Case(40, -0.5, 10, 0.2, right=(-20 / (40 + 10), -20 / (40 + 0.2 * 40))),
]
ITEM_AGAIN = Case(7, -1.2, 5, 0.3, right=(-8.4 / (7 + 5), -8.4 / (7 + 0.3 * 7)))


def shrunk_biases(n, d, lam_vector, lam_rating):
    """Minimize n (d - b)² + λ_i b², with λ_i = λ per vector and λ_i = λ n per rating."""
    per_vector = n * d / (n + lam_vector)
    per_rating = n * d / (n + lam_rating * n)
    return per_vector, per_rating


SHRUNK_BIASES = Exercise(
    id="09-7",
    hints=(
        "Set the derivative of n·(d − b)² + λ_i·b² with respect to b to zero. What is b?",
        "b = n·d / (n + λ_i). What is λ_i per vector, and what is it per rating?",
        "Per vector n·d / (n + λ), and per rating n·d / (n + λ·n), where n cancels: d / (1 + λ).",
    ),
    solution=shrunk_biases,
    check=on_cases(*ITEMS, held_back=[ITEM_AGAIN]),
    mistakes="""
    return … => return per_rating, per_vector
        The two biases come in the other order: first λ per vector, then λ per rating.
    n + lam_vector => n + lam_vector * n
    lam_rating * n => lam_rating
        You exchanged the two formulas: per rating, λ is multiplied by n; per vector, it is not.
    lam_rating * n => lam_rating
        You counted both per vector. In the second one λ is counted for each rating: λ·n.
    n + lam_vector => n + lam_vector * n
        You counted both per rating. In the first one λ is counted once for the item.
    n * d / (n + lam_vector) => d / (n + lam_vector)
    n * d / (n + lam_rating => d / (n + lam_rating
        The numerator has only one rating. All n ratings pull the bias up: n·d.
    n + lam_vector => lam_vector
    n + lam_rating => lam_rating
        Your denominator is all penalty. The squared errors contribute n to it: n + λ_i.
    return … => return d, d
        λ does not appear, so nothing is shrunk.
    return … => return d - per_vector, d - per_rating
        This is the amount of shrinkage, d − b. Return the bias b itself.
    return … => return per_vector / d, per_rating / d
        This is the share of d that is left. Multiply it by d.
    n + lam_vector => n + 2 * lam_vector
    n + lam_rating => n + 2 * lam_rating
        λ counts twice in your answer: the 2 of the derivative stands before both parts and cancels.
    """,
    takeaway="Per vector, few ratings shrink an item a lot; per rating, their number cancels.",
)

BASKETS = [
    # The confidences are 1 and 1 + 2 · 3 = 7.
    ArrayCase([0, 3], [[1.0], [2.0]], 2.0, 1.0, right=[7 * 2 / (1 * 1**2 + 7 * 2**2 + 1)]),
    arrays([2, 0, 1, 0], [[0.8, 0.1], [0.7, -0.2], [0.3, 0.9], [-0.4, 0.5]], 1.5, 0.4),
]
BASKET_AGAIN = arrays(
    [1, 0, 3, 0, 0, 2],
    *([[0.6, -0.1], [0.2, 0.9], [0.8, 0.5], [-0.5, 0.3], [0.4, 0.7], [-0.2, 1.1]], 3.0, 0.8),
)  # held back


def place_from_counts(counts, Y, alpha, lam):
    """Solve the weighted ridge regression of one user over all items."""
    confidence = 1 + alpha * counts
    left = Y.T @ (confidence[:, None] * Y) + lam * np.eye(Y.shape[1])
    return np.linalg.solve(left, Y.T @ (confidence * (counts > 0)))


PLACE_FROM_COUNTS = Exercise(
    id="09-8",
    hints=(
        "What is the target in each cell, and how much weight does each cell get?",
        "The target is the preference, 1 or 0; the weight is the confidence, 1 + α·count. All "
        "cells take part, and the weights are on both sides of the equation.",
        "(YᵀCY + λI)⁻¹ YᵀCp, where C has the confidences on its diagonal.",
    ),
    solution=place_from_counts,
    check=on_cases(*BASKETS, held_back=[BASKET_AGAIN]),
    mistakes="""
    (counts > 0) => counts
        You took the counts as the preference. Three views do not mean three times the liking: the
        preference is 1, with more confidence.
    1 + =>
        The confidence is without the 1, so cells without a view have no weight. It is 1 + α·count.
    confidence[:, None] => (confidence * (counts > 0))[:, None]
        You left out the cells without a view. Then every target is 1, and a model that predicts 1
        everywhere is perfect.
    confidence = … => confidence = np.ones(len(counts))
        All cells have the same confidence, so no view counts as much as many views. It is 1 +
        α·count.
    alpha * counts => alpha * (counts > 0)
        Your confidence ignores how often the user viewed an item. It is 1 + α·count, not 1 + α.
    confidence * (counts > 0) => (counts > 0)
        The confidence on the right is missing: the right side is YᵀCp.
    (confidence[:, None] * Y) => Y
        The confidence on the left is missing: the left side is YᵀCY + λI.
    confidence[:, None] => (confidence - 1)[:, None]
        On the left you have Yᵀ(C − I)Y, only the additional confidence of viewed items. Add YᵀY, or
        use C itself.
    confidence * (counts > 0) => (confidence - 1) * (counts > 0)
        You have C − I on the right. Only the left side is split into YᵀY and the rest; the right
        side has the whole confidence.
    (counts > 0) => np.where(counts > 0, 1, -1)
        You took −1 as the preference for cells without a view. It is 0, with low confidence: no
        view does not mean dislike.
    confidence * (counts > 0) => confidence
        Your preference is 1 everywhere. It is 0 for items without a view.
    alpha * =>
        Your confidence is without α. It is 1 + α·count.
    lam * => lam * len(counts) *
        You multiplied λ by the number of items. λ is counted once per vector.
    => Y = np.column_stack([np.ones(len(Y)), Y])
        This model has no bias: leave out the column of ones.
    return … => return Y @ …
        These are the scores of the items, Yx. Return the vector x of the user.
    1 + alpha * counts => (1 + alpha * counts) ** 2
        The confidences are squared. If you multiply rows before a plain least squares, use the
        square roots of the weights.
    + lam * np.eye(Y.shape[1]) =>
        This is without λ, the regularization.
    lam * np.eye(Y.shape[1]) => lam
        You added λ to every cell of YᵀCY. It belongs on the diagonal only: λ times `np.eye`.
    lam * => lam * (counts > 0).sum() *
        You multiplied λ by the number of viewed items. λ is counted once per vector.
    """,
    takeaway="Every cell counts; a view counts more, and many views count most.",
)
