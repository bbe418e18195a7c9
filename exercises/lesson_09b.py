"""Exercises of lesson 09b: EASE, BPR with negative sampling, and stages of a large recommender."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays

TITLE = "EASE and BPR"

HISTORIES = [
    # XᵀX + λI = [[4, 2], [2, 3]], the inverse of which is [[3, −2], [−2, 4]] / 8.
    ArrayCase([[1, 1], [1, 1], [1, 0]], 1.0, right=[[0, 2 / 4], [2 / 3, 0]]),
    (np.array([[2, 0, 1, 0], [0, 1, 1, 3], [1, 1, 0, 0], [0, 0, 2, 1], [1, 2, 0, 1]]), 3.0),
]
HISTORY_AGAIN = (np.array([[1, 0, 1], [1, 1, 0], [0, 3, 1], [1, 0, 2]]), 2.0)  # held back


def ease_weights(X, lam):
    """Invert XᵀX + λI, divide each column by the diagonal, and turn the sign."""
    P = np.linalg.inv(X.T @ X + lam * np.eye(X.shape[1]))
    B = -P / np.diag(P)
    np.fill_diagonal(B, 0)
    return B


EASE_WEIGHTS = Exercise(
    id="09b-1",
    hints=(
        "Which table says how many users two items share, and what is added to its diagonal?",
        "Invert it: P. Column i of −P is divided by P_ii, and the diagonal of the result is 0.",
        "P = (XᵀX + λI)⁻¹, B = −P / np.diag(P) (NumPy divides column i by the i-th number), then "
        "`np.fill_diagonal(B, 0)`.",
    ),
    solution=ease_weights,
    check=on_cases(*HISTORIES, held_back=[HISTORY_AGAIN]),
    mistakes="""
    return … => return P @ X.T @ X
        Here each item predicts itself: this is a ridge regression on all items, with a diagonal
        above 0. EASE forbids that: B = −P / diag(P), with the diagonal 0.
    B = … => B = P @ X.T @ X
        You fitted with the diagonal and only blanked the diagonal afterwards. The other weights
        must be found without it: B = −P / diag(P).
    / np.diag(P) => / np.diag(P)[:, None]
        You divided the rows by the diagonal of P, or your table is transposed. Each column is a
        regression, so column i is divided by P_ii.
    -P => P
        The sign is wrong: a negative number in P means a positive weight, B_ji = −P_ji / P_ii.
    np.fill_diagonal(B, 0) =>
        The diagonal is −1. It has to be 0: an item says nothing about itself.
    / np.diag(P) =>
        This is −P, not divided by its diagonal: B_ji = −P_ji / P_ii.
    return … => return np.maximum(B, 0)
        You set negative weights to 0. EASE keeps them: they say what an item speaks against.
    + lam * np.eye(X.shape[1]) =>
        This is without λ: plain least squares, which overfits items with few users.
    lam * np.eye(X.shape[1]) => lam
        You added λ to every cell. It belongs on the diagonal only: λ times `np.eye`.
    P = … => P = np.linalg.inv(X.T @ X) + lam * np.eye(X.shape[1])
        You inverted XᵀX before adding λ. Add λ to the diagonal first, then invert.
    => X = (X > 0).astype(float)
        You kept only whether a user has an item. X says how much: a 2 counts as 2.
    => lengths = np.linalg.norm(X, axis=0)
    B = … => B = X.T @ X / np.outer(lengths, lengths)
        These are cosine similarities, which look at two items at a time. EASE looks at all items at
        once, by the inverse of XᵀX + λI.
    """,
    takeaway="One inverse gives the regression of every item on all others.",
)

CATALOGS = [
    ArrayCase([6, 3, 1], [True, False, False], right=[0, 3 / 4, 1 / 4]),
    ArrayCase([9, 1, 4, 16], [False, False, True, False], right=[9 / 26, 1 / 26, 0, 16 / 26]),
]
CATALOG_AGAIN = ArrayCase(
    *([30, 12, 8, 50], [False, True, False, False]), right=[30 / 88, 0, 8 / 88, 50 / 88]
)


def negative_shares(users, own):
    """Drop the user's own items, and divide by what is left."""
    open_to = np.where(own, 0, users)
    return open_to / open_to.sum()


NEGATIVE_SHARES = Exercise(
    id="09b-6",
    hints=(
        "Which items can't be a negative for this user, and how likely are the others?",
        "An item is drawn in proportion to its number of users; the user's own items are skipped, "
        "so their share is 0.",
        "Set the numbers of the own items to 0, then divide by the sum of the rest.",
    ),
    solution=negative_shares,
    check=on_cases(*CATALOGS, held_back=[CATALOG_AGAIN]),
    mistakes="""
    => users = np.ones(len(users))
        These are uniform negatives, each item alike. By popularity, an item with twice the users is
        drawn twice as often.
    open_to = … => open_to = users
        You left in the own items of the user, which are no negatives.
    open_to.sum() => users.sum()
        You divided by all draws. Draws of own items are skipped, so the shares of the others have
        to add up to 1.
    => users = 1 / users
        You draw rare items most often. By popularity it is the other way round.
    => users = np.sqrt(users)
        You took the square root of the numbers. Some libraries do so; here an item is drawn in
        proportion to its number of users.
    np.where(own, 0, users) => np.where(own, users, 0)
        This is the probability of the own items. The negatives are all the others.
    return … => return open_to
        These are numbers of users, which do not add up to 1. Divide them by their sum.
    open_to = … => open_to = users[~own]
        The own items are left out of the array. Return one share for each item, 0 for those.
    """,
    takeaway="What a negative is drawn from decides what the scores mean.",
)

CLAIM = quiz(
    id="09b-8",
    options="""
    a) A has the highest number in every column, so A is the best recommender.
        The highest number of a column may be chance. Look at the intervals of the differences, and
        name the data and the question.
    b) B is not different from A: the interval of the difference includes zero.
        An interval that includes zero does not show that the models are equal: it also includes
        differences that would matter.
    c) A beats C on new views, and whether it beats B we can't tell from these users.
    d) D lost everywhere, so its loss function is wrong for recommendations.
        D lost with these settings on these data. With other data, or more epochs, it may win; the
        table says nothing about all loss functions.
    """,
    hints=(
        "Which intervals exclude zero?",
        "An interval that includes zero does not show that two models are equal.",
        "Say for which data and which question a difference was found, and where the data are too "
        "few.",
    ),
    takeaway="A table of models speaks about its data, its question and its settings.",
)

DRAWN = np.random.default_rng(0).normal(0.1, 0.3, (8, 8)).round(2) * (1 - np.eye(8))
WEIGHTS = [
    # 0.2 + 0.3 = 0.5 for item 1, 0.4 − 0.3 = 0.1 for item 3.
    ArrayCase(
        [1, 0, 1, 0],
        *([[0, 0.2, 0.9, 0.4], [0.1, 0, 0, 0.6], [0.8, 0.3, 0, -0.3], [0.5, 0, 0.7, 0]], 1),
        right=[1],
    ),
    (np.array([1, 0, 0, 3, 0, 0, 1, 0]), DRAWN, 3),
    # The history speaks against both new ones: −0.4 for item 1, −0.1 for item 2.
    ArrayCase([1, 0, 0], [[0, -0.4, -0.1], [0.2, 0, 0.5], [0.3, 0.6, 0]], 2, right=[2, 1]),
    # Items 0 and 2 are there twice and three times: 2 · 0.4 + 3 · 0.3 = 1.7 for item 1, 0.7 for
    # item 3. Their own scores, 3 · 0.8 = 2.4 and 2 · 0.9 = 1.8, are higher.
    ArrayCase(
        [2, 0, 3, 0],
        *([[0, 0.4, 0.9, 0.2], [0.3, 0, 0.1, 0.5], [0.8, 0.3, 0, 0.1], [0.2, 0.6, 0.4, 0]], 2),
        right=[1, 3],
    ),
]
# 0.5 − 0.3 + 0.1 = 0.3 for item 0, 0.1 + 0.25 + 0.1 = 0.45 for item 3.
WEIGHTS_AGAIN = ArrayCase(
    [0, 1, 1, 0, 1],
    [
        [0, 0.3, 0.1, 0.8, 0.2],
        [0.5, 0, 0.4, 0.1, 0.6],
        [-0.3, 0.2, 0, 0.25, 0.1],
        [0.9, 0.1, 0.3, 0, 0.4],
        [0.1, 0.6, 0.2, 0.1, 0],
    ],
    2,
    right=[3, 0],
)


def best_new(x, B, k):
    """Score all items, put the user's own ones last, and list the best k."""
    scores = np.where(x > 0, -np.inf, x @ B)
    return np.argsort(-scores)[:k]


BEST_NEW = Exercise(
    id="09b-2",
    further=True,
    hints=(
        "What does each item of the history say about the others, and which items may be listed?",
        "The score of item i is the sum over the history of x_j · B_ji; that is `x @ B`.",
        "Set the scores of items with x > 0 to −∞, and take the first k of `np.argsort(-scores)`.",
    ),
    solution=best_new,
    check=on_cases(*WEIGHTS, held_back=[WEIGHTS_AGAIN]),
    mistakes="""
    scores = … => scores = x @ B
        Your list holds items that the user has already. Leave out all items with x > 0.
    return … => return np.array([i for i in np.argsort(-(x @ B))[:k] if x[i] == 0])
        You cut at k before you left out the user's own items, so the list has gaps. Leave them out
        first, then cut.
    x @ B => B @ x
        You summed along the rows, B @ x. Row j is what item j says about the others, so the scores
        are x @ B.
    x > 0 => x == 1
        You left out items with x = 1 only. What the user has twice or more is not new either: leave
        out all items with x > 0.
    -np.inf => 0
        You set the scores of own items to 0. A new item may have a score below 0, and then an own
        item comes before it. Use −∞.
    -np.inf => np.inf
    -scores => scores
        These are the items with the lowest scores, the worst first.
    x @ B => (x[:, None] * B).max(axis=0)
        You took the largest weight of the history instead of the sum. All items of the history have
        a say, also those with a negative weight.
    x @ B => x @ np.maximum(B, 0)
        You set negative weights to 0. In EASE they count: they say what the history speaks against.
    x @ B => (x > 0) @ B
        You ignored how much there is of each item: x is 2 in one place, and counts twice.
    return … => return -np.sort(-scores)[:k]
        These are the scores. Return the positions of the items, as `np.argsort` does.
    x @ B => B.sum(axis=0)
        You summed the weights of all items, so the list does not depend on the user. Sum over the
        history only: x @ B.
    """,
    takeaway="A list from EASE is one row times one matrix, and needs no training for a new user.",
)

COST = quiz(
    id="09b-3",
    options="""
    a) 10 times the memory and 10 times the operations
        That would be linear growth, as in a factorization, whose vectors grow with the number of
        items. EASE has a weight for each *pair* of items.
    b) 100 times the memory and 1,000 times the operations
    c) 10 times the memory and 100 times the operations
        This is one power of ten too low, for both factors: the memory grows with the square and the
        inverse with the cube.
    d) neither grows much, because most cells of X are empty
        X has many empty cells, and so has XᵀX. But its inverse has none: every weight has to be
        stored and computed.
    """,
    hints=(
        "How large is the table that has to be inverted?",
        "There are (items)² weights; to invert a table of n × n takes about n³ operations.",
        "10² is 100, and 10³ is 1,000.",
    ),
    takeaway="Memory grows with the square of the number of items, time with the cube.",
)

TRIPLES = [
    # Both scores are 2.5, so σ = 1/2.
    ArrayCase(
        *([2.0], [1.0], [1.0], 0.5, 0.5, 0.2), right=np.log(2) + 0.2 / 2 * (4 + 1 + 1 + 0.25 + 0.25)
    ),
    arrays([0.4, 1.2, -0.7], [0.1, -0.3, 0.9], [0.6, 0.5, -0.8], -0.2, 0.4, 0.5),
]
TRIPLE_AGAIN = (np.array([0.9, 0.2]), np.array([-0.5, 1.1]), np.array([0.3, 0.7]), 0.6, 0.1, 0.3)


def triple_loss(p, q_i, q_j, b_i, b_j, lam):
    """Add half of λ times all squares to −ln σ of the lead of i over j."""
    lead = (b_i + p @ q_i) - (b_j + p @ q_j)
    squares = p @ p + q_i @ q_i + q_j @ q_j + b_i**2 + b_j**2
    return -np.log(1 / (1 + np.exp(-lead))) + lam / 2 * squares


TRIPLE_LOSS = Exercise(
    id="09b-4",
    hints=(
        "By how much is the score of item i ahead of the score of item j?",
        "The loss is −ln σ(lead) with σ(x) = 1 / (1 + e^(−x)); then comes the penalty.",
        "−ln σ(b_i + p·q_i − b_j − p·q_j) + λ/2 (‖p‖² + ‖q_i‖² + ‖q_j‖² + b_i² + b_j²).",
    ),
    solution=triple_loss,
    check=on_cases(*TRIPLES, held_back=[TRIPLE_AGAIN]),
    mistakes="""
    np.exp(-lead) => np.exp(lead)
        The lead is the wrong way round: subtract the score of j from the score of i, the item that
        the user chose.
    -np.log(1 / (1 + np.exp(-lead))) => 1 - 1 / (1 + np.exp(-lead))
        This is 1 − σ, without the logarithm: the loss is −ln σ.
    -np.log =>
        This is σ itself, the probability of the right order. The loss is −ln σ: small where the
        probability is near 1.
    -np.log => np.log
        The minus is missing: ln σ is negative, and a loss is −ln σ.
    -np.log(1 / (1 + np.exp(-lead))) => (1 - lead) ** 2
        You took a squared error. BPR does not want a lead of exactly 1; any lead is good, and −ln σ
        says how good.
    lead = … => lead = p @ q_i - p @ q_j
        The lead is without the biases of the two items.
    + lam / 2 * squares =>
        This is without the penalty, λ/2 times the sum of all squares.
    lam / 2 => lam
        You took λ instead of half of λ. With λ/2 the derivative has no 2.
    + b_i**2 + b_j**2 =>
        Your penalty leaves out the biases, b_i² and b_j².
    squares = … => squares = p @ p + q_i @ q_i + b_i**2
        Your penalty leaves out j: its vector and its bias are part of the triple, too.
    squares = … => squares = sum(np.linalg.norm(each) for each in (p, q_i, q_j, b_i, b_j))
        Your penalty adds lengths. It is their squares: ‖p‖² is `p @ p`.
    """,
    takeaway="BPR asks only which of two items comes first, never for a number of stars.",
)

STEPS = [
    # The lead is ln 3, so σ = 3/4 and e = 1/4.
    Case(
        *(1.0, 0.5, 0.5, np.log(3), 0.0, 0.4, 0.1),
        right=(
            1 + 0.4 * (0 - 0.1 * 1),
            0.5 + 0.4 * (1 / 4 - 0.1 * 0.5),
            0.5 + 0.4 * (-1 / 4 - 0.1 * 0.5),
            np.log(3) + 0.4 * (1 / 4 - 0.1 * np.log(3)),
            0 + 0.4 * (-1 / 4 - 0.1 * 0),
        ),
    ),
    (-0.5, 0.9, 0.7, -0.1, 0.3, 0.2, 0.05),
]
STEP_AGAIN = (0.6, -0.8, 0.5, 0.4, -0.3, 0.15, 0.3)  # held back


def bpr_step(p, q_i, q_j, b_i, b_j, rate, lam):
    """Move all five numbers by one gradient step, each from the old values."""
    e = 1 / (1 + np.exp(b_i + p * q_i - b_j - p * q_j))  # 1 − σ(lead)
    return (
        p + rate * (e * (q_i - q_j) - lam * p),
        q_i + rate * (e * p - lam * q_i),
        q_j + rate * (-e * p - lam * q_j),
        b_i + rate * (e - lam * b_i),
        b_j + rate * (-e - lam * b_j),
    )


BPR_STEP = Exercise(
    id="09b-5",
    hints=(
        "How sure was the model of the right order, and which way should each number move?",
        "e = 1 − σ(lead) is the probability that the model gave to the wrong order. Compute it "
        "once, then all five new values from the old ones.",
        "p + γ(e(q_i − q_j) − λp), q_i + γ(e·p − λq_i), q_j + γ(−e·p − λq_j), b_i + γ(e − λb_i), "
        "b_j + γ(−e − λb_j).",
    ),
    solution=bpr_step,
    check=on_cases(*STEPS, held_back=[STEP_AGAIN]),
    mistakes="""
    np.exp(b_i + p * q_i - b_j - p * q_j) => np.exp(b_j + p * q_j - b_i - p * q_i)
        You took σ instead of 1 − σ: a triple that the model has in the right order would move it
        most. e = 1 − σ(lead).
    e = … => e = 1 - (b_i + p * q_i - b_j - p * q_j)
        Your error is 1 − lead, that of a squared error. For −ln σ it is e = 1 − σ(lead).
    e = … => e = …; new = p + rate * (e * (q_i - q_j) - lam * p)
    e * p - lam * q_i => e * new - lam * q_i
    -e * p => -e * new
        You used the new p for the two items. All five values come from the old ones.
    -e * p => e * p
    -e - lam => e - lam
        You moved j toward the user, like i. It has to move away from the user: its slope is −e·p,
        and −e for its bias.
    q_j + rate * (-e * p - lam * q_j) => q_j
    b_j + rate * (-e - lam * b_j) => b_j
        In your step j stays where it is. It moves, too: down, by −e·p and −e.
    => lam = 0
        This is without λ: each value also shrinks by γλ times itself.
    (e - lam * b_i) => e
    (-e - lam * b_j) => -e
        The biases are without λ. The penalty holds their squares, too, so they shrink as well: b_i
        + γ(e − λb_i), b_j + γ(−e − λb_j).
    => lam = -lam
        The sign of λ is wrong: it shrinks the values, so it is subtracted.
    => rate = -rate
        You went uphill: the loss falls where the lead of i grows.
    => rate = 1
        The learning rate is missing: this step is without γ.
    => lam = lam / rate
        You multiplied γ only with the slope. It multiplies the shrinkage λ as well.
    (q_i - q_j) => q_i
        You moved p by the vector of i only. The lead depends on the difference q_i − q_j.
    b_i + p * q_i - b_j - p * q_j => p * q_i - p * q_j
        You computed the lead without the biases: it is b_i + p·q_i − b_j − p·q_j.
    """,
    takeaway="The surer the model was of the right order, the smaller the step.",
)

SHOPS = [
    Case(1_000, 10, 100, 500, 20, right=20 * (10_000 + 50_000)),
    Case(2_000_000, 64, 500, 10_000, 300, right=300 * (128_000_000 + 5_000_000)),
]
SHOP_AGAIN = Case(300_000, 16, 400, 5_000, 50, right=50 * (4_800_000 + 2_000_000))


def two_stages(items, factors, candidates, ranker, requests):
    """Add what both stages multiply in a request, and take all requests."""
    return requests * (items * factors + candidates * ranker)


TWO_STAGES = Exercise(
    id="09b-7",
    hints=(
        "How many items does each of the two stages score in one request?",
        "Retrieval takes a dot product of `factors` numbers for every item; the ranker takes "
        "`ranker` multiplications for each of the candidates.",
        "requests · (items · factors + candidates · ranker).",
    ),
    solution=two_stages,
    check=on_cases(*SHOPS, held_back=[SHOP_AGAIN]),
    mistakes="""
    candidates * ranker => items * ranker
        You let the ranker score all items. That is what retrieval saves: the ranker scores the
        candidates.
    return … => return requests * items * ranker
        This is one stage, the ranker for all items.
    items * factors + =>
        The cost of retrieval is missing: a dot product for every item.
    + candidates * ranker =>
        The cost of ranking is missing: `ranker` multiplications for each candidate.
    requests * =>
        This is for one request. Multiply by the number of requests.
    return … => return requests * items * factors * candidates * ranker
        You took the product of the two stages. They run one after the other, so their costs are
        added.
    return … => return items * factors + requests * candidates * ranker
        You multiplied only the ranking by the requests. Retrieval runs for each request, too.
    items * factors => candidates * factors
        You took a dot product for the candidates retrieved only. To find them, retrieval scores
        every item.
    """,
    takeaway="A cheap model looks at everything, an expensive one at what the cheap one found.",
)
