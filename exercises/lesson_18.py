"""Exercises of lesson 18: negation, look-alikes; pairs, topics, edges, new items, stacking."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays

TITLE = "Text and images"

NEGATION = quiz(
    id="18-2",
    options="""
    a) nearly as many as of the plain ones: embeddings know what a sentence means
        These embeddings are the mean of the vectors of words. The mean of 'not' and 'bad' lies near
        'bad'.
    b) about half, as if guessed
        The model is not undecided, as if guessed: the adjective says the opposite of the sentence,
        and it follows the adjective.
    c) far fewer than half: most are taken for the opposite
    d) about as many as words and pairs together
        Pairs keep which word follows 'not'. The mean of single vectors does not.
    """,
    hints=(
        "Which words does 'not bad at all' share with a complaint, and which with praise?",
        "The vector of a sentence is the mean of the vectors of its words. What does 'not' add?",
        "'not' adds the same vector to praise and complaint, so the adjective decides.",
    ),
    takeaway="A mean of word vectors has no order, so negation is read as its opposite.",
)


# Nearest others: 1, 0, 3, 2; then, for two, of each photo in turn 1 2, 0 2, 3 1, 2 1.
COSINES = np.array(
    [[1, 0.9, 0.2, 0.1], [0.9, 1, 0.3, 0.15], [0.2, 0.3, 1, 0.4], [0.1, 0.15, 0.4, 1]]
)
WEDGE = np.cos(np.subtract.outer([0.0, 0.3, 0.7, 1.6, 2.6], [0.0, 0.3, 0.7, 1.6, 2.6]))
LOOKS = [
    Case(COSINES, np.array(["bag", "bag", "bag", "boot"]), 1, right=np.array([1.0, 1, 0, 0])),
    # The two nearest of each: 1 2, 0 2, 1 0, 2 4, 3 2; the last two have a negative cosine.
    Case(WEDGE, np.array(list("abbaa")), 2, right=np.array([0, 0.5, 0.5, 0.5, 0.5])),
]
LOOKS_AGAIN = Case(
    COSINES, np.array(["bag", "bag", "bag", "boot"]), 2, right=np.array([1.0, 1, 0.5, 0])
)


def precision_at(cosine, kinds, k):
    """Take the k nearest others of each photo, and compare their kind with its own."""
    others = np.where(np.eye(len(kinds)) == 1, -np.inf, cosine)
    nearest = np.argsort(-others, axis=1)[:, :k]
    return (kinds[nearest] == kinds[:, None]).mean(axis=1)


PRECISION = Exercise(
    id="18-10",
    hints=(
        "Which photo has the highest cosine with a photo, and why must it not count?",
        "Set the diagonal to −inf, sort each row from the highest on, and take k positions.",
        "(kinds[nearest] == kinds[:, None]).mean(axis=1), nearest of shape (photos, k).",
    ),
    solution=precision_at,
    check=on_cases(*LOOKS, held_back=[LOOKS_AGAIN]),
    mistakes="""
    others = … => others = cosine
        Each photo is its own look-alike here. Leave it out, or the precision is too high.
    -np.inf => 0.0
        A cosine can be negative: 0 still ranks the photo itself above such others. Take −inf.
    others = … => others = cosine
    [:, :k] => [:, 1:k]
        You took one photo too few: 1:k has k − 1 places. Take 1 : k + 1.
    -others => others
        You took the least similar photos: sorting is ascending.
    .mean(axis=1) => .sum(axis=1)
        These are numbers of hits. Divide by k.
    .mean(axis=1) => .mean(axis=0)
        This is the mean over photos, for each place. Take it over the places of each photo.
    .mean(axis=1) => .mean()
        This is one number for all photos. Return one for each.
    [:, :k] => [:, : k + 1]
        You took one photo too many. The photo itself is left out already.
    return … => return kinds[nearest]
        These are the kinds of the look-alikes. Compare them with the photo's own, and take the
        mean.
    """,
    takeaway="Look-alikes need no label to be found, but a label to be judged.",
)


def _words(text, *pairs):
    return Case(text.split(), right=[*text.split(), *pairs])


SENTENCES = [
    _words("not bad at all", "not bad", "bad at", "at all"),
    _words("good"),
]
SENTENCE_AGAIN = _words(
    *("i do not find the price fair", "i do", "do not", "not find", "find the", "the price"),
    "price fair",
)


def words_and_pairs(words):
    """Put the pairs of neighbors behind the words."""
    return words + [f"{words[i]} {words[i + 1]}" for i in range(len(words) - 1)]


PAIRS = Exercise(
    id="18-1",
    hints=(
        "Which pairs does the sentence of four words have, and how many are they?",
        "A sentence of n words has n − 1 pairs: each word with the one after it.",
        "words, then words[i] + ' ' + words[i + 1] for each i but the last.",
    ),
    solution=words_and_pairs,
    check=on_cases(*SENTENCES, held_back=[SENTENCE_AGAIN]),
    mistakes="""
    return … => return list(words)
        These are the words alone. Add the pairs behind them.
    words + =>
        These are the pairs alone. Put the single words before them.
    range(len(words) - 1) => range(0, len(words) - 1, 2)
        You took every second pair. Pairs overlap: a word ends one and begins the next.
    words[i + 1] => words[j]
    range(len(words) - 1) => range(len(words)) for j in range(i + 1, len(words))
        These are all pairs of words. Only neighbors count, or the order says little.
    {words[i]} {words[i + 1]} => {words[i + 1]} {words[i]}
        The pairs are reversed: the word that comes first stands first.
    return words + … => return … + words
        The pairs come first. Put them behind the words.
    f"{words[i]} {words[i + 1]}" => (words[i], words[i + 1])
        Your pairs are tuples. Join the two words to one string, with a space between them.
    {words[i]} {words[i + 1]} => {words[i - 1]} {words[i]}
    range(len(words) - 1) => range(len(words))
        Your first pair is the last word with the first: index −1 goes around the end. Begin with
        the second word.
    {words[i]} {words[i + 1]} => {words[i]}{words[i + 1]}
        There is no space between the two words of a pair.
    """,
    takeaway="A pair of words keeps a little of the order: 'not bad' is a feature of its own.",
    further=True,
)


def _tagged(text, right):
    return Case(text.split(), right=right.split())


NEGATED = [
    _tagged("not bad at all , good", "not NOT_bad NOT_at NOT_all , good"),
    _tagged("it is never not late ! no", "it is never NOT_not NOT_late ! no"),
    _tagged("a fair price .", "a fair price ."),
]
NEGATED_AGAIN = _tagged("no , it does not fit me ; i do", "no , it does not NOT_fit NOT_me ; i do")


def tagged(words):
    """Tag what stands between a negation and the next mark."""
    negations, marks = {"not", "no", "never"}, set(".,;:!?")
    written, negated = [], False
    for word in words:
        if word in marks:
            negated = False
        written.append("NOT_" + word if negated else word)
        negated = negated or word in negations
    return written


TAG = Exercise(
    id="18-9",
    hints=(
        "Reading from left to right, what must you remember when you come to the next word?",
        "Keep True or False: are we behind a negation? A mark makes it False, a negation True.",
        "For each word: a mark ends the negation; write the word, with the tag if negated; then a "
        "negation begins one.",
    ),
    solution=tagged,
    check=on_cases(*NEGATED, held_back=[NEGATED_AGAIN]),
    mistakes="""
    word in marks => False
        Your tag does not end. A punctuation mark ends it, and gets none itself.
    negated or word in negations => word in negations
        Only the word right behind a negation gets the tag. It goes on until the next mark.
    if negated else => if negated and word not in negations else
        A negation behind another one gets the tag, too.
    ".,;:!?" => ".!?"
        A comma, a semicolon or a colon ends the negation, too.
    if negated else => if negated or word in negations else
        The negation itself has the tag. It begins with the word behind it.
    word in marks => False
    negated or word in negations => (negated or word in negations) and word not in marks
        The mark has the tag, too. It ends the negation, so it gets none.
    negated or word in negations => negated != (word in negations)
        A second negation ends your tag. It goes on: only a mark ends it.
    "NOT_" + word => word + "_NOT"
        The tag is behind the word. Put it before.
    return written => return " ".join(written)
        This is one text. Return the list of words.
    """,
    takeaway="A tag turns what an order of words says into words that a bag can count.",
    further=True,
)


VECTORS = [
    Case(
        *(np.array([[3.0, 4.0], [2.0, 0.5]]), np.array([[1.0, 0.0], [0.0, 10.0]])),
        right=np.array([1, 0]),  # the cosines of the first are 3/5 and 4/5
    ),
    ArrayCase(
        [[1.0, 2.0, 0.0], [0.5, 0.1, 2.0], [-1.0, 0.2, 0.3], [2.0, 2.1, 0.1]],
        [[0.2, 0.1, 0.0], [3.0, 5.0, 0.5], [0.1, 0.0, 0.9]],
        right=[1, 2, 2, 1],
    ),
]
VECTORS_AGAIN = ArrayCase(
    *([[0.2, 1.0], [4.0, 3.0], [-2.0, 1.0]], [[6.0, 1.0], [0.1, 0.3], [-0.5, 0.1]]), right=[1, 0, 2]
)


def nearest_topic(sentences, topics):
    """Find the topic with the highest cosine for each sentence."""
    lengths = np.linalg.norm(topics, axis=1)  # that of the sentence does not change the order
    return (sentences @ topics.T / lengths).argmax(axis=1)


ZERO_SHOT = Exercise(
    id="18-3",
    hints=(
        "What does a longer vector do to the dot product, and what to the cosine?",
        "The cosine divides the dot product by both lengths.",
        "argmax over the topics of s·t / (‖s‖ ‖t‖).",
    ),
    solution=nearest_topic,
    check=on_cases(*VECTORS, held_back=[VECTORS_AGAIN]),
    mistakes="""
    / lengths =>
        This is the highest dot product: a long topic vector wins. Divide by its length.
    return … => return ((sentences[:, None] - topics) ** 2).sum(axis=2).argmin(axis=1)
        This is the smallest distance, which depends on the lengths. Use the cosine.
    / lengths => / lengths**2
        You divided by the squared length, so a short topic vector wins. Take the root.
    (sentences @ topics.T / lengths) => abs(sentences @ topics.T / lengths)
        You took the absolute value. A cosine near −1 is the opposite, not a match.
    argmax => argmin
        You took the smallest cosine, the topic that resembles it least.
    argmax(axis=1) => max(axis=1) / np.linalg.norm(sentences, axis=1)
        This is the cosine itself. Return the position of the topic that has it.
    => sentences = sentences / np.linalg.norm(sentences, axis=1, keepdims=True)
    argmax(axis=1) => argmax(axis=0)
        You looked for the best sentence for each topic. Look for the best topic of each sentence.
    return … => return … + 1
        You counted from 1. Positions count from 0.
    """,
    takeaway="Zero-shot: a description is the only training. Its vector is the class.",
)


TOPICS = [
    Case(
        *(
            np.array([[0.1, 0.9, 0.5, 0], [0.7, 0, 0.2, 0.8]]),
            np.array(["fit", "size", "small", "dress"]),
        ),
        *(2,),
        right=[["size", "small"], ["dress", "fit"]],
    ),
    Case(
        *(
            np.array([[0.3, 0.2, 0.6], [0.5, 0.9, 0], [0.1, 0.2, 0.3]]),
            np.array(["soft", "warm", "itchy"]),
        ),
        *(3,),
        right=[["itchy", "soft", "warm"], ["warm", "soft", "itchy"], ["itchy", "warm", "soft"]],
    ),
]
TOPICS_AGAIN = Case(
    *(np.array([[4.0, 1, 3, 2, 0], [0, 0.1, 0.4, 0.2, 0.3]]), np.array(["a", "b", "c", "d", "e"])),
    *(3,),
    right=[["a", "c", "d"], ["c", "e", "d"]],
)


def top_words(weights, names, n):
    """Sort the words of each topic by weight."""
    return [names[np.argsort(-row)[:n]].tolist() for row in weights]


TOP_WORDS = Exercise(
    id="18-11",
    hints=(
        "Where in a row of weights does the largest one stand?",
        "np.argsort gives positions from the smallest value on; sort the negative of the row.",
        "names[np.argsort(-row)[:n]] for each row of weights.",
    ),
    solution=top_words,
    check=on_cases(*TOPICS, held_back=[TOPICS_AGAIN]),
    mistakes="""
    -row => row
        These are the words with the smallest weights: sorting is ascending.
    [:n] => [:n][::-1]
        The right words, from the smallest weight to the largest. Begin with the largest.
    names[np.argsort(-row)[:n]] => np.argsort(-row)[:n]
        These are positions. Return the words that stand there.
    np.argsort(-row) => np.argsort(np.argsort(-row))
        You used the rank of each word as a position. One np.argsort gives the positions.
    for row in weights => for row in weights.T
        You went through the words. The rows are the topics.
    return … => return names[np.argsort(-weights, axis=1)[:, :n]]
        This is an array. Return a list with one list for each topic: add `.tolist()`.
    return … => return sum(…, [])
        This is one list. Return a list for each topic.
    """,
    takeaway="A topic model gives lists of words. Naming a topic is up to its reader.",
    further=True,
)


# The degrees are 53.1 twice and 90; 18.4, 143.1, 158.2 and 96.3; and 179.4 and 139.5.
GRADIENTS = [
    ArrayCase([6.0, -6, 0], [8.0, -8, 5], right=[0, 0, 10 + 10.0, 0, 5, 0, 0, 0, 0]),
    ArrayCase(
        *([3.0, -4, 5, 1], [1.0, 3, -2, -9]),
        right=[10**0.5, 0, 0, 0, 82**0.5, 0, 0, 5 + 29**0.5, 0],
    ),
    ArrayCase(
        *([-100.0, 100], [1.0, -85.4]),
        right=[0, 0, 0, 0, 0, 0, np.hypot(100, 85.4), 0, np.hypot(100, 1)],
    ),
]
# 77.5, 8.1, 56.3 and 168.7 degrees.
GRADIENTS_AGAIN = ArrayCase(
    *([-2.0, 7, 2, -5], [-9.0, 1, 3, 1]), right=[50**0.5, 0, 13**0.5, 85**0.5, 0, 0, 0, 0, 26**0.5]
)


def orientation_histogram(gx, gy):
    """Add up the magnitudes in nine bins of 20 degrees."""
    bin = np.degrees(np.arctan2(gy, gx)) % 180 // 20
    return np.bincount(bin.astype(int), np.hypot(gx, gy), minlength=9)


ORIENTATION = Exercise(
    id="18-5",
    hints=(
        "How strong is the change of brightness in a pixel, and in which direction does it run?",
        "The direction is atan2(gy, gx) in degrees, modulo 180; the strength √(gx² + gy²).",
        "Add √(gx² + gy²) to the bin (atan2(gy, gx) mod 180) // 20, for each pixel.",
    ),
    solution=orientation_histogram,
    check=on_cases(*GRADIENTS, held_back=[GRADIENTS_AGAIN]),
    mistakes="""
    np.hypot(gx, gy) => np.ones(len(gx))
        You counted each pixel as 1. A strong edge counts more: add its magnitude.
    % 180 // 20 => % 360 // 40
        Your bins cover 360 degrees. From dark to light or back is the same edge: modulo 180.
    arctan2(gy, gx) => arctan2(gx, gy)
        gx and gy are exchanged in the angle: atan2 takes gy first.
    np.hypot(gx, gy) => gx**2 + gy**2
        The magnitude is squared. Take the root.
    return … => return … / len(gx)
        These are means per pixel. Return the sums.
    return … => return … / np.hypot(gx, gy).sum()
        These are shares of all edges. Return the sums: scaling comes later, by block.
    np.hypot(gx, gy) => np.hypot(gx, gy) * (np.arctan2(gy, gx) >= 0)
        You lost the pixels with a negative angle. atan2 gives −180 to 180 degrees: take it modulo
        180.
    np.degrees(np.arctan2(gy, gx)) % 180 => abs(np.degrees(np.arctan2(gy, gx)))
    bin.astype(int) => np.minimum(bin, 8).astype(int)
        You took the absolute value of the angle: −45 degrees is the direction of 135, not of 45.
        Take it modulo 180.
    // 20 =>
    return … => return np.histogram(bin, 9, weights=np.hypot(gx, gy))[0]
        Your bins run from the smallest angle to the largest. They must be the same for all cells: 0
        to 180 degrees.
    => histogram = np.zeros(9)
    return … => histogram[bin.astype(int)] += np.hypot(gx, gy); return histogram
        With an array of bins, `histogram[bin] += m` adds only the last pixel of each bin. Use
        np.bincount with weights, or np.add.at.
    arctan2(gy, gx) => arctan2(abs(gy), abs(gx))
        You lost the sign of the slope: 45 and 135 degrees are different directions.
    np.degrees(np.arctan2(gy, gx)) % 180 => np.arctan2(gy, gx) % np.pi
        The angle is in radians, from 0 to π, so all fall into the first bin. Use degrees.
    """,
    takeaway="HOG counts edges by direction and weighs them by strength; light cancels later.",
)


def _gains(items, gains, *, right):
    return Case(np.array(list(items)), np.array(gains), right=right)


# The means are 1, 0.9 / 7 and, held back, 5.5 / 6.
GAINS = [
    _gains("aab", [1.0, 3.0, -1.0], right=np.sqrt((0 + 2) ** 2 + (-2) ** 2) / 3),
    _gains(
        *("abbcccd", [0.5, 0.2, 0.4, -0.1, -0.4, -0.3, 0.6]),
        right=np.sqrt(2.6**2 + 2.4**2 + 8.3**2 + 3.3**2) / 7 / 7,
    ),
]
GAINS_AGAIN = _gains(
    *("abacba", [2.0, 0.5, 1.5, -1.0, 0.0, 2.5]),
    right=np.sqrt((13 / 4) ** 2 + (4 / 3) ** 2 + (23 / 12) ** 2) / 6,
)


def error_by_item(item, gain):
    """Add up the deviations within each item before squaring."""
    _, code = np.unique(item, return_inverse=True)
    sums = np.bincount(code, gain - gain.mean())
    return np.sqrt((sums**2).sum()) / len(gain)


BY_ITEM = Exercise(
    id="18-6",
    hints=(
        "If the model is lucky with one item, how many of its ratings are affected?",
        "Add up the deviations from the mean within each item. Then square these sums.",
        "√(Σ over items of (Σ of (g − mean) in the item)²) / number of ratings.",
    ),
    solution=error_by_item,
    check=on_cases(*GAINS, held_back=[GAINS_AGAIN]),
    mistakes="""
    sums = … => sums = gain - gain.mean()
        This takes all ratings as independent. Those of one item share its luck: add up within items
        before you square.
    return … => return gain.std(ddof=1) / np.sqrt(len(gain))
        This is the standard deviation of the gains over √n: it takes ratings as independent. Add up
        within items first.
    sums = … => means = np.bincount(code, gain) / np.bincount(code)
    return … => return means.std() / np.sqrt(len(means))
        You took the mean of each item, so that all items count the same. The mean gain counts
        ratings: use sums.
    sums = … => means = np.bincount(code, gain) / np.bincount(code)
    return … => return means.std(ddof=1) / np.sqrt(len(means))
        You took each item as one value, its mean, whether it has one rating or a hundred. The mean
        gain counts ratings: use sums.
    sums = … => means = np.bincount(code, gain) / np.bincount(code)
    return … => return means.std(ddof=1)
        This is the standard deviation of the items' means: how much items differ, not how sure the
        mean gain is. Add up the deviations within each item, then square the sums.
    gain - gain.mean() => gain - (np.bincount(code, gain) / np.bincount(code))[code]
        You took the deviations from each item's own mean. Their sum within an item is always 0:
        subtract the mean of all gains.
    len(gain) => len(sums)
        You divided by the number of items. The mean is over ratings: divide by their number.
    - gain.mean() =>
        The mean is not subtracted: even a gain that is always the same would vary.
    / len(gain) => / np.sqrt(len(gain))
        You divided by √n. The root of the sum of squares is divided by n itself.
    / len(gain) =>
        This is the standard error of the sum. Divide by the number of ratings.
    sums = … => sums = gain - (np.bincount(code, gain) / np.bincount(code))[code]
        You have the mean of each item subtracted. What items differ by is the point: subtract the
        mean of all gains.
    return … => return 1.96 * …
        This is half the width of the 95% confidence interval. Return the standard error.
    return … => return … / np.sqrt(1 - 1 / len(sums))
        You corrected for the number of items, J / (J − 1), as some programs do. It is no mistake,
        and with many items no difference; here leave it out.
    return … => return (sums**2).sum() / len(gain) ** 2
        There is no root: this is the variance of the mean.
    """,
    takeaway="What is new is the item, so the item is the unit: in the split and in the interval.",
    further=True,
)


FUSION = quiz(
    id="18-7",
    options="""
    a) the mean of the two is clearly better than words alone
        Averaging helps if both estimate the same with errors of their own. Here each knows a part,
        and the mean halves both parts.
    b) the mean of the two is no better than words alone
    c) the mean of the two is worse than no content at all
        It halves what each of them knows, but half of it is better than no content.
    """,
    hints=(
        "Words say +0.4 stars and the photo, for another reason, +0.2. What is the best guess?",
        "Two estimates of the same thing are averaged. Two different reasons are added.",
        "The mean, +0.3, is below the words alone: it halves what each of them knows.",
    ),
    takeaway="Average what repeats, add up what complements, or learn the weights: stacking.",
    further=True,
)


# In the first y = 2a + b, in the third y = 2a − b.
PARTS = [
    ArrayCase([3.0, 1.0], [1.0, 1.0], [1.0, -1.0], right=[2.0, 1.0]),
    arrays([0.5, -0.2, 0.3, -0.6, 0.1], [0.3, -0.1, 0.2, -0.3, 0.2], [0.2, -0.2, 0.1, -0.1, -0.1]),
    ArrayCase([2.0, -1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0], right=[2.0, -1.0]),
]
PARTS_AGAIN = arrays(
    *([1.2, -0.4, 0.3, 0.5, -0.9, 0.2], [0.6, 0.1, 0.2, 0.1, -0.5, 0.3]),
    [0.5, -0.4, 0.3, 0.2, -0.2, -0.1],
)  # held back


def stacking_weights(y, a, b):
    """Solve the least-squares problem of y on the two predictions."""
    return np.linalg.lstsq(np.column_stack([a, b]), y)[0]


STACKING = Exercise(
    id="18-8",
    hints=(
        "Which sum of the two predictions comes closest to y?",
        "Minimize Σ (y − v·a − w·b)²: a linear regression of y on a and b without an intercept.",
        "(v, w) = (ZᵀZ)⁻¹ Zᵀy, where Z has the columns a and b.",
    ),
    solution=stacking_weights,
    check=on_cases(*PARTS, held_back=[PARTS_AGAIN]),
    mistakes="""
    return … => return np.array([0.5, 0.5])
        These are the weights of a mean. Learn them from y.
    return … => return np.array([a @ y / (a @ a), b @ y / (b @ b)])
        You fitted one at a time. What both know would count twice: fit them together.
    [a, b] => [b, a]
        The two weights are exchanged: that of a comes first.
    => v = a @ y / (a @ a)
    return … => return np.array([v, b @ (y - v * a) / (b @ b)])
        You fitted b to what a had left. Then a gets what both know: fit them together.
    => from scipy.optimize import nnls
    np.linalg.lstsq => nnls
        You don't allow a negative weight. Here leave both free.
    return … => return np.column_stack([a, b]) @ …
        This is the combined prediction. Return the two weights.
    => v = (a - b) @ (y - b) / ((a - b) @ (a - b))
    return … => return np.array([v, 1 - v])
        Your weights sum to 1. That suits two estimates of the same; here leave both free.
    [a, b] => [a, b, np.ones(len(y))]
    [0] => [0][:2]
        You fitted an intercept, too. The start already has the mean; leave it out.
    return … => weights = …; return weights / weights.sum()
        You normalized the weights. Their sum need not be 1: it repairs the scale.
    return … => return np.column_stack([a, b]).T @ y
        The inverse is missing: this is Zᵀy. Solve (ZᵀZ) (v, w) = Zᵀy.
    """,
    takeaway="Stacking learns how far to trust each model, from data that none of them has seen.",
)


EXERCISES = [
    *(NEGATION, PRECISION, PAIRS, TAG, ZERO_SHOT, TOP_WORDS),
    *(ORIENTATION, BY_ITEM, FUSION, STACKING),
]
