"""Reviews in English for some of the shop's ratings, drawn on demand, with their truth.

A review has one to three sentences, each about another topic. Whether a sentence praises or
complains follows the stars, for each topic with another slope:

    P(praise | topic, stars) = 1 / (1 + exp(−slope (stars − 3.5)))

So a complaint about quality goes with few stars, and one about the delivery says little. In a
quarter of the sentences a word of the opposite is negated: "not bad at all" is praise.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.data import checks

MIDDLE = 3.5  # stars at which praise and complaint are equally likely
SLOPES = {"quality": 2.4, "looks": 1.8, "size": 1.2, "price": 0.8, "delivery": 0.4}
SHARES = {"quality": 0.30, "looks": 0.25, "delivery": 0.20, "price": 0.15, "size": 0.10}
NEGATED = 0.25  # share of sentences that negate a word of the opposite
TYPOS = 0.02  # of words: two letters change places
SENTENCES = (0.35, 0.40, 0.25)  # probability of one, two, three

# What a topic is called. "{noun}" becomes what was bought.
SUBJECTS = {
    "quality": ("the quality", "the material", "the workmanship", "the {noun}", "the finish"),
    "looks": ("the design", "the look", "the color", "the pattern", "the style of the {noun}"),
    "size": ("the size", "the width", "the capacity", "the height", "the volume"),
    "price": ("the price", "the cost", "the amount charged", "the bill", "the fee"),
    "delivery": ("the delivery", "the shipping", "the courier", "the transport", "the dispatch"),
}
# The first words of each row are used most often (Zipf's law), the last ones rarely.
PRAISE = {
    "quality": "good solid sturdy excellent durable reliable flawless robust superb impeccable",
    "looks": "beautiful nice lovely elegant pretty stylish charming gorgeous tasteful exquisite",
    "size": "perfect right practical generous ideal handy comfortable suitable roomy ample",
    "price": "fair low good reasonable great attractive modest sensible affordable moderate",
    "delivery": "fast quick good prompt punctual careful smooth speedy swift efficient",
}
COMPLAINT = {
    "quality": "bad poor flimsy weak fragile faulty terrible shoddy defective brittle",
    "looks": "ugly dull boring plain awful dreary tasteless drab hideous unsightly",
    "size": "wrong tiny awkward bad odd impractical cramped uncomfortable unsuitable bulky",
    "price": "high bad unfair steep excessive ridiculous outrageous exorbitant inflated shocking",
    "delivery": "slow late bad careless delayed sloppy chaotic terrible sluggish unreliable",
}
PLAIN = ("{s} is {a}", "{s} is really {a}", "{s} is very {a}", "I find {s} {a}", "{s}: {a}")
NEGATION = ("{s} is not {a}", "{s} is not {a} at all", "I do not find {s} {a}", "{s} is never {a}")
ZIPF = tuple(1 / rank for rank in range(1, 11))
OPENINGS = ("", "", "", "", "to be honest, ", "I must say, ", "for me, ", "after a week, ")


def item_reviews(
    ratings: pd.DataFrame, items: pd.DataFrame, count: int = 3_000, *, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write reviews for some ratings, chosen at random.

    Parameters
    ----------
    ratings : ``user_id``, ``item_id`` and ``rating`` (1 … 5).
    items : ``item_id`` and ``name`` of the shop's items.
    count : number of reviews, at most that of the ratings.
    random_state : seed.

    Returns
    -------
    reviews : DataFrame, one row per review: ``review_id``, ``user_id``, ``item_id``, ``rating``,
        ``text``.
    sentences : the truth, one row per sentence, in the order of the text: ``review_id``, ``text``,
        ``topic``, ``praise`` (bool; otherwise a complaint), ``negated`` (bool).

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana"], "item_id": "I1", "rating": 5})
    >>> items = pd.DataFrame({"item_id": ["I1"], "name": "Playful Vase, Sky"})
    >>> reviews, sentences = item_reviews(ratings, items, 1)
    >>> reviews["text"][0]
    'I must say, the vase is never faulty. I find the price fair.'
    >>> sentences[["topic", "praise", "negated"]].values.tolist()
    [['quality', True, True], ['price', True, False]]
    """
    checks.require(ratings, user_id="key", item_id="key", rating="count")
    checks.require(items, item_id="key", name="text")
    checks.require_whole("count", count)
    wrong = ~ratings["rating"].between(1, 5)
    checks.refuse_rows(
        ratings, ("rating", wrong, "is not a rating", "Ratings are 1 to 5 stars."), name="ratings"
    )
    unknown = ~ratings["item_id"].isin(items["item_id"])
    fix = "Add it to items, or drop the rating."
    checks.refuse_rows(ratings, ("item_id", unknown, "is not in items", fix), name="ratings")
    nouns = items.set_index("item_id")["name"].str.extract(r"^\S+ (.*),", expand=False).str.lower()
    fix = "Only items of the simulated shop have reviews."
    checks.refuse_rows(
        items,
        ("item_id", items["item_id"].duplicated(), "stands twice", "Keep one row per item."),
        ("name", nouns.isna(), "is not a style, a noun and a color", fix),
        name="items",
    )
    if count > len(ratings):
        raise ValueError(f"count is at most the number of ratings, {len(ratings)}; got {count}.")
    rng = np.random.default_rng(random_state)
    chosen = np.sort(rng.choice(len(ratings), count, replace=False))
    reviews = ratings.iloc[chosen][["user_id", "item_id", "rating"]].reset_index(drop=True)
    reviews.insert(0, "review_id", np.arange(count))
    rows = [
        (review.review_id, *sentence)
        for review, noun in zip(reviews.itertuples(), nouns.loc[reviews["item_id"]], strict=True)
        for sentence in _sentences(review.rating, noun, rng)
    ]
    sentences = pd.DataFrame(rows, columns=["review_id", "text", "topic", "praise", "negated"])
    reviews["text"] = sentences.groupby("review_id")["text"].agg(" ".join)
    return reviews, sentences


def _sentences(rating: int, noun: str, rng: np.random.Generator) -> list[tuple]:
    left = dict(SHARES)
    written = []
    for number in range(1 + _place(SENTENCES, rng)):
        topic = list(left)[_place(list(left.values()), rng)]
        del left[topic]
        praise = bool(rng.random() < expit(SLOPES[topic] * (rating - MIDDLE)))
        negated = bool(rng.random() < NEGATED)
        words = (PRAISE if praise != negated else COMPLAINT)[topic].split()
        adjective = words[_place(ZIPF, rng)]
        form = _any(NEGATION if negated else PLAIN, rng)
        subject = _any(SUBJECTS[topic], rng).format(noun=noun)
        opening = "" if number else _any(OPENINGS, rng)
        text = opening + form.format(s=subject, a=adjective)
        text = " ".join(_typed(word, rng) for word in text.split())
        written.append((text[0].upper() + text[1:] + ".", topic, praise, negated))
    return written


def _any(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.random() * len(options))]


def _place(weights: Sequence[float], rng: np.random.Generator) -> int:
    """Return a place, drawn with probabilities in proportion to the weights."""
    return bisect(list(accumulate(weights[:-1])), rng.random() * sum(weights))


def _typed(word: str, rng: np.random.Generator) -> str:
    """Return the word, rarely with two of its inner letters exchanged."""
    if len(word) < 5 or rng.random() >= TYPOS:
        return word
    at = int(rng.integers(1, len(word) - 2))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def complaint_costs(ratings: pd.Series) -> pd.Series:
    """Return the truth: how many fewer stars go with a complaint about a topic than with praise.

    With the shares p(r) of the ratings and P(praise | r) as at the top of this module,

        E(r | v) = Σ r p(r) P(v | r) / Σ p(r) P(v | r)      v: praise, or a complaint

    the result is E(r | praise) − E(r | complaint).

    Parameters
    ----------
    ratings : stars of all reviews, none of them missing.

    Returns
    -------
    Series, index ``topic``: mean stars with praise − mean stars with a complaint.

    Examples
    --------
    >>> complaint_costs(pd.Series([1, 2, 3, 4, 5])).round(2).to_dict()
    {'quality': 2.24, 'looks': 2.08, 'size': 1.76, 'price': 1.36, 'delivery': 0.77}
    """
    stars = np.asarray(ratings, float)
    if not (len(stars) and np.isfinite(stars).all()):
        raise ValueError("ratings are the stars of one review or more, and none may be missing.")
    praise = expit(np.array(list(SLOPES.values()))[:, None] * (stars - MIDDLE))
    mean = (praise @ stars) / praise.sum(axis=1)
    other = ((1 - praise) @ stars) / (1 - praise).sum(axis=1)
    return pd.Series(mean - other, pd.Index(SLOPES, name="topic"))
