"""Exercises of lesson 16c: what to watch once a model is live, and when to act."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Monitoring"

WHO_SEES = quiz(
    id="16c-1",
    options="""
    a) The export writes quantities as text, such as 2 pcs.
        The schema sees this one: text is not a whole number.
    b) The table of new customers arrives a day late.
        The check of references sees this one: orders by customers who are unknown.
    c) Two campaigns are swapped: orders by email are credited to search, and vice versa.
    d) The nightly job runs twice and delivers each row twice.
        The schema sees this one: a key that occurs twice.
    """,
    hints=(
        "Go through the checks one by one: what does each of them read?",
        "Which fault leaves all types, ids, dates, prices and the number of rows as they were?",
        "The swapped rows are valid rows. Only their distribution is another one.",
    ),
    takeaway="Validation finds impossible rows. What is possible, but different, is drift.",
)

BATCHES = [
    ArrayCase([1, 1, 1, 0], [0.5, 0.5, 0.5, 0.5], right=(3 - 2) / np.sqrt(4 * 0.25)),
    ArrayCase(
        *([0, 1, 0, 0, 1, 0], [0.1, 0.3, 0.6, 0.2, 0.9, 0.5]),
        right=(2 - 2.6) / np.sqrt(0.09 + 0.21 + 0.24 + 0.16 + 0.09 + 0.25),
    ),
]
BATCH_AGAIN = ArrayCase([1, 0, 0], [0.9, 0.9, 0.9], right=(1 - 2.7) / np.sqrt(3 * 0.09))


def calibration_z(churned, p):
    """Compare the number who churned with the number expected, in standard deviations."""
    return (churned.sum() - p.sum()) / np.sqrt(np.sum(p * (1 - p)))


CALIBRATION_Z = Exercise(
    id="16c-5",
    hints=(
        "How many of these customers did the model expect to churn?",
        "A customer with risk p churns or not: the variance is p(1 − p). Variances add up.",
        "(Σ churned − Σ p) / √(Σ p(1 − p)).",
    ),
    solution=calibration_z,
    check=on_cases(*BATCHES, held_back=[BATCH_AGAIN]),
    mistakes="""
    np.sqrt =>
        You divided by the variance. Divide by its root, the standard deviation.
    np.sqrt(np.sum(p * (1 - p))) => np.sum(np.sqrt(p * (1 - p)))
        You added up standard deviations. Add up the variances, and then take the root.
    np.sum(p * (1 - p)) => len(p) * p.mean() * (1 - p.mean())
        You took the variance at the mean risk. It is too large: add up p(1 − p) of each customer.
    np.sum(p * (1 - p)) => len(p) * churned.mean() * (1 - churned.mean()) + 1e-12
        You took the variance of the observed outcomes. If the model is right, it is Σ p(1 − p).
    churned.sum() - p.sum() => p.sum() - churned.sum()
        You subtracted the other way: more churn than predicted should be positive.
    / np.sqrt(np.sum(p * (1 - p))) =>
        This is a number of customers without a standard deviation: nobody can say whether it is
        large.
    churned.sum() - p.sum() => churned.mean() - p.mean()
        You mixed sums and means: the variance of the sum belongs to the sum.
    churned.sum() - p.sum() => churned.mean() - p.mean()
    np.sum(p * (1 - p)) => np.mean(p * (1 - p))
        You took means above and below the line. The variance of a mean is Σ p(1 − p) / n²: it is
        easier with sums.
    (churned.sum() - p.sum()) => abs(churned.sum() - p.sum())
        You took the absolute value. The sign says whether more or fewer churned than predicted.
    return … => return np.sum((churned - p) / np.sqrt(p * (1 - p)))
        You divided by the root of p(1 − p) by customer, and added up. Add up first, both the
        differences and the variances.
    """,
    takeaway="A z-value per batch makes batches of different customers comparable.",
)

STREAMS = [
    Case([1.0, 2.0, -1.0, 3.0], 0.5, right=[0.5, 2.0, 0.5, 3.0]),
    Case([0.3, 0.9, 1.4, -0.6, -2.0, 1.1], 0.25, right=[0.05, 0.7, 1.85, 1.0, 0.0, 0.85]),
]
STREAM_AGAIN = Case([3.0, 0.0, 0.0, 2.0], 1.0, right=[2.0, 1.0, 0.0, 1.0])


def upward_sums(z, k):
    """Add up z − k, and never fall below 0."""
    sums, total = [], 0.0
    for value in z:
        total = max(0.0, total + value - k)
        sums.append(total)
    return sums


UPWARD_SUMS = Exercise(
    id="16c-6",
    hints=(
        "What does a day add to the sum, and what happens if the sum would be negative?",
        "Each day adds z − k to the sum of the day before; a negative sum becomes 0.",
        "total = max(0, total + z − k), day by day, from 0 on.",
    ),
    solution=upward_sums,
    check=on_cases(*STREAMS, held_back=[STREAM_AGAIN]),
    mistakes="""
    total + value - k => value - k
        Your chart has no memory: each day starts at 0. Add to the sum of the day before.
    max(0.0, total + value - k) => total + value - k
        Your sums fall below 0. Long quiet times would then hide a shift for long: take max(0, …)
        each day.
    max(0.0, total + value - k) => total + value - k
    sums.append(total) => sums.append(max(0.0, total))
        You took max(0, …) of the finished sums. This is too late: the next day must start from the
        0.
    max(0.0, total + value - k) => total + value
    sums.append(total) => sums.append(max(0.0, total - k))
        You subtracted k once from the sum of all days. Subtract it each day; restart at 0.
    max(0.0, total + value - k) => total + max(0.0, value - k)
        Your sums never fall: a day below k must lower the sum. Take max(0, …) of the new sum, not
        of the day.
    sums, total = [], 0.0 => sums, total = [0.0], 0.0
        You returned the start, 0, as well. Return one sum for each day.
    - k => - 0.5
        You subtracted the 0.5 of the lesson. Subtract `k`.
    - k =>
        These are sums without k: chance alone would carry them up. Subtract k each day.
    + value => - value
        These are the sums of the other side: they grow when z goes down.
    value - k => abs(value) - k
        You added absolute values, so each sum grows by chance. A CUSUM chart keeps two sums, up and
        down, apart.
    return sums => return max(sums)
        This is the largest sum. Return the sums of all days.
    """,
    takeaway="A CUSUM adds up small deviations that no single day would show.",
)

# The gap is largest just after the values 1, 2, 2, 2 and, held back, 1.
SAMPLES = [
    ArrayCase([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], right=1 / 3 - 0),
    ArrayCase([1.0, 2.0], [3.0, 4.0], right=1 - 0.0),
    ArrayCase([2.0, 1.0, 4.0, 3.0], [2.0], right=1 - 2 / 4),
    ArrayCase([5.0, 1.0, 1.0, 9.0, 7.0], [1.0, 2.0, 8.0], right=2 / 3 - 2 / 5),
]
SAMPLES_AGAIN = ArrayCase([5.0, 1.0, 1.0], [5.0, 5.0, 1.0, 5.0], right=2 / 3 - 1 / 4)


def ks_distance(reference, current):
    """Compare the two cumulative shares at each value that occurs."""
    values = np.concatenate([reference, current])
    F = (reference[:, None] <= values).mean(axis=0)
    G = (current[:, None] <= values).mean(axis=0)
    return np.max(np.abs(F - G))


KS_DISTANCE = Exercise(
    id="16c-3",
    hints=(
        "At which x is the share of values up to x most different in the two samples?",
        "The shares only change at values that occur in one of the samples: try those.",
        "values = both samples together; F and G = share of each sample ≤ each value; the "
        "largest |F − G|.",
    ),
    solution=ks_distance,
    check=on_cases(*SAMPLES, held_back=[SAMPLES_AGAIN]),
    mistakes="""
    np.abs(F - G) => F - G
        You left out the absolute value: a sample that moved up is found, one that moved down is
        not.
    np.abs(F - G) => G - F
        You left out the absolute value: a sample that moved down is found, one that moved up is
        not.
    np.max => np.mean
        This is the mean of the gaps. The Kolmogorov–Smirnov distance is the largest gap.
    return … => return abs(reference.mean() - current.mean())
        You compared the means of the samples. The distance compares their cumulative shares.
    values = … => values = reference
        You looked only at the reference's values. The largest gap may be at a value of the current
        sample.
    values = … => values = current
        You looked only at the current values. The largest gap may be at a value of the reference.
    => from scipy import stats
    return … => return stats.ks_2samp(reference, current).pvalue
        This is the p-value of the test. The distance is the gap itself.
    current[:, None] <= values => current[:, None] < values
        You counted one with ≤ and one with <. Take values up to x, x included, in both.
    F - G => F * len(reference) - G * len(current)
        These are counts. The samples may have different sizes: compare shares.
    """,
    takeaway="The KS distance is the largest gap between two cumulative distributions.",
    further=True,
)

PERIODS = [
    ArrayCase([50, 50], [60, 40], right=0.1 * np.log(1.2) - 0.1 * np.log(0.8)),
    ArrayCase([10, 20, 30, 40], [50, 100, 150, 200], right=0.0),
]
PERIODS_AGAIN = ArrayCase([20, 80], [200, 300], right=0.2 * np.log(2) - 0.2 * np.log(0.75))


def stability_index(reference, current):
    """Turn both counts into shares, and sum (q − p) ln(q / p)."""
    p = reference / reference.sum()
    q = current / current.sum()
    return np.sum((q - p) * np.log(q / p))


STABILITY_INDEX = Exercise(
    id="16c-2",
    hints=(
        "The periods have different numbers of customers. What must you compare?",
        "Divide both by their sums; then each bin adds its difference times the log of its ratio.",
        "p = reference / reference.sum(), q alike; then Σ (q − p) · ln(q / p).",
    ),
    solution=stability_index,
    check=on_cases(*PERIODS, held_back=[PERIODS_AGAIN]),
    mistakes="""
    / reference.sum() =>
    / current.sum() =>
        These are counts. Divide by their sums first, or a period with more customers looks like
        drift.
    (q - p) => q
        This is the Kullback–Leibler divergence of one period from the other. PSI adds both
        directions: (q − p), not q, times the log.
    (q - p) * np.log(q / p) => p * np.log(p / q)
        This is the Kullback–Leibler divergence in the other direction. PSI adds both: (q − p) times
        the log.
    np.log(q / p) => np.log(p / q)
        The sign is wrong: the ratio in the log must be q / p if the difference is q − p. PSI is
        never negative.
    log => log10
        You used the logarithm of base 10. PSI takes the natural one, np.log.
    log => log2
        You used the logarithm of base 2. PSI takes the natural one, np.log.
    (q - p) * np.log(q / p) => (q - p) ** 2 / p
        This is a chi-square distance, Σ (q − p)² / p: close to PSI for small drift, but the formula
        has a logarithm.
    np.sum => np.mean
        This is the mean over the bins. PSI is their sum.
    (q - p) * np.log(q / p) => np.abs(q - p)
        This is the sum of the absolute differences. Multiply each difference by the log of its
        ratio instead.
    """,
    takeaway="PSI is the Kullback–Leibler divergence in both directions, added.",
)

WHICH_REFERENCE = quiz(
    id="16c-4",
    options="""
    a) The month before, since it is the most similar.
        Between neighboring months the season changes, and a fault that came a month ago is in both.
    b) The same month a year ago, and features that grow by nature are left out.
    c) All data up to now, since more rows give more power.
        All data are a mixture of all seasons: each single month differs from it, and more rows make
        sure that this is found.
    d) The month before, with a threshold raised until December no longer gives an alarm.
        A threshold that accepts December is blind to faults of that size in all other months.
    """,
    hints=(
        "Which differences between two months do you expect, although nothing is wrong?",
        "A sale each July differs from June, and resembles what?",
        "The comparison should share the season. Age of the shop can't be shared.",
    ),
    takeaway="Compare like with like: same season, same definition, same kind of customers.",
)

# In the first Λ = exp(37.5 d²) / 2, below 1 for d = 0.1; held back, it is exp(3 d² / 8) / 2. In the
# end both fall, and p stays.
LOOKS = [
    ArrayCase(
        *([0.1, 0.2, 0.1], [0.1, 0.1, 0.1], np.sqrt(0.03)),
        right=[1, 2 * np.exp(-1.5), 2 * np.exp(-1.5)],
    ),
    ArrayCase([0.01, 0.0], [0.5, 0.4], 0.1, right=[1.0, 1.0]),
]
LOOKS_AGAIN = ArrayCase(
    *([3.0, 2.0], [1.0, 1.0], np.sqrt(3)), right=[2 * np.exp(-27 / 8), 2 * np.exp(-27 / 8)]
)


def always_valid(difference, error, tau):
    """Turn the mixture ratio of each look into the smallest 1/Λ so far, at most 1."""
    total = error**2 + tau**2
    ratio = error / np.sqrt(total) * np.exp((tau * difference / error) ** 2 / (2 * total))
    return np.minimum.accumulate(np.minimum(1, 1 / ratio))


ALWAYS_VALID = Exercise(
    id="16c-7",
    hints=(
        "Λ says how much better a real difference explains the data. When is it surprising?",
        "1/Λ is a p-value. It holds at all looks at once, so the smallest so far holds, too.",
        "Λ = √(s²/(s² + τ²)) · exp(τ² d² / (2 s² (s² + τ²))); then the running minimum of 1/Λ, at "
        "most 1.",
    ),
    solution=always_valid,
    check=on_cases(*LOOKS, held_back=[LOOKS_AGAIN]),
    mistakes="""
    np.minimum.accumulate =>
        This is valid, but one look at a time: a p-value that was small yesterday may grow. Take the
        smallest so far.
    np.minimum(1, 1 / ratio) => 1 / ratio
        Some of your p-values are above 1. Take at most 1.
    return … => return 1 / ratio
        This is 1/Λ of each look. Take the smallest so far, and at most 1.
    return … => return ratio
        This is Λ of each look, large if there is a difference. The p-value is the smallest 1/Λ so
        far.
    return … => return np.maximum.accumulate(ratio)
        This is Λ itself, large if there is a difference. The p-value is 1/Λ.
    error / np.sqrt(total) * =>
        The root in front is missing. It pays for having looked at all possible differences.
    ratio = … => ratio = np.exp(difference**2 / (2 * error**2))
        You compared with the best difference in hindsight, exp(d²/2s²). Then daily looks raise
        false alarms again; the mixture averages over differences chosen before.
    2 * total => total
        A 2 is missing below the line of the exponent: 2 s² (s² + τ²).
    => from scipy import stats
    return … => return 2 * stats.norm.sf(np.abs(difference / error))
        This is the p-value of a z-test at each look. Daily looks at it raise false alarms.
    => error = error**2
        You squared the error twice: `error` is s, a standard deviation.
    tau**2 => tau
    (tau * difference / error) ** 2 => tau * (difference / error) ** 2
        You used τ as a variance. It is a standard deviation: square it.
    """,
    takeaway="An always-valid p-value may be looked at every day, and acted on at any look.",
)
