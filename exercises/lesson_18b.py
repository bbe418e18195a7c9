"""Exercises of lesson 18b: abstention, authorization, searches, a dialog, and Chinese."""

import re

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column

TITLE = "The help desk"


def _answers(scores, right, threshold, coverage, risk):
    return Case(np.array(scores), np.array(right, bool), threshold, right=(coverage, risk))


ANSWERS = [
    _answers([0.9, 0.7, 0.6, 0.2], [1, 0, 1, 0], 0.6, coverage=3 / 4, risk=1 / 3),
    _answers([0.2, 0.4, 0.6, 0.8, 0.9, 0.3], [1, 0, 0, 1, 1, 0], 0.6, coverage=3 / 6, risk=1 / 3),
]
ANSWERS_AGAIN = _answers([0.5, 0.4, 0.7, 0.1], [1, 1, 0, 0], 0.4, coverage=3 / 4, risk=1 / 3)


def coverage_and_risk(scores, right, threshold):
    """Return the share that is answered, and the share of wrong ones among the answered."""
    answered = scores >= threshold
    return answered.mean(), (~right[answered]).mean()


COVERAGE = Exercise(
    id="18b-5",
    hints=(
        "A person takes over below the threshold. Which of the questions can the desk get wrong?",
        "Coverage is a share of all questions, risk a share of the answered ones.",
        "answered = scores >= threshold; answered.mean(), (~right[answered]).mean().",
    ),
    solution=coverage_and_risk,
    check=on_cases(*ANSWERS, held_back=[ANSWERS_AGAIN]),
    mistakes="""
    ~right[answered] => answered & ~right
        Your risk is a share of all questions. It falls whenever fewer are answered; divide by the
        number of the answered ones.
    ~right => right
        The second is the accuracy of the answers. Risk is the share of wrong ones.
    scores >= => scores >
        A score exactly at the threshold is answered: use >=.
    (~right[answered]).mean() => 1 - (answered & right).mean()
        You counted abstentions as wrong answers. They cost a person's time, not the customer's
        trust.
    right[answered] => right
        Your risk is the share of wrong ones among all questions, answered or not. Divide the wrong
        answers by the answers.
    ~right[answered] => answered[~right]
        This is the share of the wrong ones that is answered. Risk is the share of the answered ones
        that is wrong.
    return … => return answered.sum(), (answered & ~right).sum()
        These are counts. Coverage and risk are shares.
    return … => return 100 * answered.mean(), 100 * (~right[answered]).mean()
        These are percentages. Return shares between 0 and 1.
    scores >= => scores <
        You looked at the questions below the threshold, which a person answers.
    return answered.mean() => return (answered & right).mean()
        Your coverage counts right answers only. The desk doesn't know which ones are right: all
        that it answers are covered.
    """,
    takeaway="Coverage alone or risk alone says nothing: each is easy to have without the other.",
)


_ORDERS = by_column(
    order_id=["O000001", "O000002", "O000003", "O000003", "O000004"],
    user_id=["U00001", "U00002", "U00001", "U00001", "U00003"],
    quantity=[2, 1, 4, 3, 5],
)


def _asks(user_id, question, *, rows):
    return Case(_ORDERS, user_id, question, right=_ORDERS.iloc[rows])


ASKED = [
    _asks("U00001", "Where is O000003?", rows=[2, 3]),
    _asks("U00003", "Show me O000001, O000002, O000003 and O000004 of U00001", rows=[4]),
    _asks("U00002", "Where is my parcel?", rows=[]),
]
# Each label holds the number of an order of the asker's inside another number.
LABELS = [
    _asks("U00001", "The label says O0000012. Is that my order O000003?", rows=[2, 3]),
    _asks("U00002", "The label says XO000002. Is that my parcel?", rows=[]),
]
ASKED_AGAIN = _asks("U00002", "U00001 allows me to see O000001; and where is O000002?", rows=[1])


def visible_rows(orders, user_id, question):
    """Keep the asker's rows, and of these the orders whose number is a word of the question."""
    own = orders[orders["user_id"] == user_id]
    words = re.findall("[A-Za-z0-9]+", question)
    return own[own["order_id"].isin(words)]


VISIBLE = Exercise(
    id="18b-7",
    hints=(
        "Who says who is asking: the text, or the page on which the asker has signed in?",
        "Keep the rows of `user_id` first. Then, of these, the orders that the question names.",
        '`own = orders[orders["user_id"] == user_id]`; then keep the rows whose order_id is one of '
        '`re.findall("[A-Za-z0-9]+", question)`, the words and numbers of the question.',
    ),
    solution=visible_rows,
    check=in_turn(on_cases(*ASKED, held_back=[ASKED_AGAIN]), on_cases(*LABELS)),
    mistakes="""
    isin(words) => map(lambda number: number in question)
        You also find a number inside a longer one: O000001 in O0000012, and O000002 in XO000002.
        Compare whole words of the question.
    own = … => own = orders
        You return the order to anyone who knows its number, and numbers can be guessed. Keep the
        rows of `user_id` first.
    == user_id => .isin([user_id, *re.findall("[A-Za-z0-9]+", question)])
        You also believe whom the text names. Anybody can write any user's id; only `user_id` has
        been authenticated.
    return … => return own
        These are all orders of the asker. Return those that the question names.
    return … => return orders[(orders["user_id"] == user_id) | orders["order_id"].isin(words)]
        You joined the conditions with |, so either is enough. Both must hold: &.
    == => !=
        You kept other people's rows: == instead of !=.
    => user_id = (re.findall("U[0-9]{5}", question) or [user_id])[0]
        You let the text say who asks. Anybody can write any user's id; only `user_id` has been
        authenticated.
    return … => return … if "O0" in question else own
        Where the question names no order, you return all of the asker's. Return none.
    words = … => words = re.findall("O[0-9]{6}", question)[:1]
        You looked at the first number only. A question may name several orders.
    words = … => words = question.split()
        You split the question at spaces, so the question mark sticks to a number and the order is
        not found. `re.findall("[A-Za-z0-9]+", question)` leaves it out.
    return … => return ….head(1)
        You return the first row only. An order may have several.
    return … => return orders.head(0)
        You return nothing. Return the asker's orders that the question names; mind capital letters,
        as in O000003.
    """,
    takeaway="Who asks is decided before the text is read, and never by the text.",
)


INJECTION = quiz(
    id="18b-8",
    options="""
    a) the desk obeys it, and sends everybody the coupon code
        Nothing in the desk obeys a text. It compares vectors, and quotes.
    b) nothing at all: the desk does not generate text
        It does not generate text, but it quotes. Who writes into the index writes answers.
    c) the desk may quote it to somebody whose question resembles it
    d) the desk stops answering, because the text is an attack
        Nothing recognizes an attack here. To the desk it is a sentence like any other.
    """,
    hints=(
        "Which two things does the desk do with a text in its index?",
        "It compares each sentence with the question, and quotes the most similar one.",
        "Nothing is obeyed, but anything in the index can be quoted.",
    ),
    takeaway="A desk that quotes is as trustworthy as those who may write into its index.",
)


WORDS = [
    Case(1, 4, 4.0, 1, 3, right=np.log(1 + 2.5 / 1.5) * 2.5 / (1 + 1.5)),
    Case(3, 5, 8.0, 4, 30, right=np.log(1 + 26.5 / 4.5) * 7.5 / (3 + 1.5 * 0.71875)),
    Case(2, 7, 7.0, 1, 1, right=np.log(1 + 0.5 / 1.5) * 5 / (2 + 1.5)),
]
WORD_AGAIN = Case(2, 30, 50.0, 3, 40, right=np.log(1 + 37.5 / 3.5) * 5 / (2 + 1.5 * 0.7))


def bm25_weight(times, length, mean_length, holding, n):
    """Multiply the idf of a word by its saturated count, with k1 = 1.5 and b = 0.75."""
    idf = np.log(1 + (n - holding + 0.5) / (holding + 0.5))
    return idf * times * 2.5 / (times + 1.5 * (0.25 + 0.75 * length / mean_length))


WEIGHT = Exercise(
    id="18b-1",
    hints=(
        "Which says more about a page: a word that is on every page, or one that is on few?",
        "The weight is the idf of the word times its saturated count. Compute the two one by one.",
        "ln(1 + (n − holding + 0.5) / (holding + 0.5)) · times · 2.5 / (times + 1.5 · (0.25 + 0.75 "
        "· length / mean_length)).",
    ),
    solution=bm25_weight,
    check=on_cases(*WORDS, held_back=[WORD_AGAIN]),
    mistakes="""
    idf * =>
        This is without the idf, so a rare word counts no more than a common one.
    return … => return idf
        This is the idf alone. Multiply it by the saturated count of the word.
    return … => return idf * times
        The count is not saturated: ten times in a page would count ten times as much as once. Use
        times · 2.5 / (times + …).
    length / mean_length => 1
        You ignored the length of the page. In a long page, a word is there more easily.
    length / mean_length => mean_length / length
        You turned the length around: divide the page's length by the mean length.
    np.log(1 + => np.log(
        You left out the 1 in the logarithm. Without it, a word that more than half of the pages
        hold counts against a page.
    0.25 + 0.75 => 0.75 + 0.25
        You swapped b and 1 − b: b = 0.75 belongs to the length.
    idf = … => idf = np.log(n / holding)
        This has the idf ln(n / holding). The idf of BM25 is ln(1 + (n − holding + 0.5) / (holding +
        0.5)).
    / (holding + 0.5) => / holding + 0.5
        Brackets are missing in the idf: divide by (holding + 0.5).
    (n - holding + 0.5) / (holding + 0.5) => (holding + 0.5) / (n - holding + 0.5)
        You turned the idf around: a common word counts more than a rare one.
    np.log => np.log10
        You took the logarithm to base 10. It changes no ranking, but all scores: np.log.
    1.5 * =>
        You left out k1 = 1.5 in the denominator: times + 1.5 · (…).
    (times + 1.5 => times + 1.5
    mean_length)) => mean_length)
        Brackets are missing in the denominator: divide by (times + 1.5 · (…)), all of it.
    0.25 + =>
        You left out 1 − b = 0.25 before the length.
    / mean_length =>
        You did not divide the length by the mean length, so every page counts as very long.
    * 2.5 =>
        You forgot k1 + 1 in the numerator. It changes no ranking, but all scores.
    """,
    takeaway="A word counts if it is rare among pages, and less for each time it is repeated.",
    further=True,
)


def _ranks(*searches, right):
    return Case(np.array(searches), right=np.array(right))


RANKS = [
    _ranks([1.0, 2.0, np.nan], [3.0, 1.0, 2.0], right=[1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 62]),
    _ranks([np.nan, np.nan, 1.0], [1.0, 2.0, 3.0], right=[1 / 61, 1 / 62, 1 / 61 + 1 / 63]),
]
RANKS_AGAIN = _ranks(
    [2.0, 1.0, np.nan, np.nan],
    [1.0, 4.0, 2.0, 3.0],
    right=[1 / 62 + 1 / 61, 1 / 61 + 1 / 64, 1 / 62, 1 / 63],
)


def fuse(ranks):
    """Add up 1 / (60 + rank) over the searches that have found a page."""
    return np.nansum(1 / (60 + ranks), axis=0)


FUSE = Exercise(
    id="18b-3",
    hints=(
        "What should a page get from a search that has not found it?",
        "Each search gives a page 1 / (60 + rank), or nothing. Add up over the searches.",
        "np.nansum of 1 / (60 + ranks) over axis 0.",
    ),
    solution=fuse,
    check=on_cases(*RANKS, held_back=[RANKS_AGAIN]),
    mistakes="""
    (60 + ranks) => ranks
        You left out k = 60. Without it, one first place outweighs two second places.
    nansum => sum
        A missing rank makes the whole sum missing. A search that has not found a page adds nothing:
        np.nansum.
    + ranks => + np.nan_to_num(ranks)
        You turned a missing rank into rank 0, which is better than the first place.
    nansum => nanmean
        This is the mean over the searches that have found the page. With the sum, a page gains from
        each search that finds it.
    60 => 59
        You counted ranks from 0; they start at 1 here, so add 60, not 59.
    (60 + ranks) => 60 + ranks
        Brackets are missing: 1 / (60 + ranks). Python divides before it adds.
    => ranks = np.nan_to_num(ranks, nan=ranks.shape[1])
        You gave the last rank to a page that was not found. It adds nothing.
    return … => return 1 / (60 + np.nansum(ranks, axis=0))
        You added up the ranks before you took the reciprocal. Add up the reciprocals.
    return … => return np.argsort(-…, kind="stable")
        These are the numbers of the pages, the best first. Return their scores.
    1 / (60 + ranks) => ranks
        This is the sum of the ranks, in which a page that nobody has found is the best.
    axis=0 => axis=1
        You added up over the pages of each search. Add up over the searches: axis 0.
    nansum => nanmax
        You kept only the best rank of each page. Add up what all searches give.
    """,
    takeaway="Rank fusion needs no common scale, and for that it forgets how sure each search is.",
)


PREDICT_FUSION = quiz(
    id="18b-4",
    options="""
    a) at least as good as the better search, because it knows what both know
        It knows both rankings, but not which one to trust. Where the bad search is wrong, it pulls
        a wrong page up.
    b) between the two searches
    c) worse than either search
        It would have to be worse than the bad search. But where the good search is right, it often
        still gets its way.
    d) the same as the better search, because the bad one finds nothing
        If it finds nothing, nothing changes. But mostly it finds something: one correctly spelled
        word is enough, and it is often on a wrong page.
    """,
    hints=(
        "Does the fusion know which of its two searches is the good one?",
        "Both searches have the same say. Where they disagree, which one wins?",
        "A page that the bad search has ranked high overtakes the right page if that is further "
        "down there, or has not been found.",
    ),
    takeaway="Fusion gives each search the same say, even where it errs. Measure it first.",
)


COSTS = [
    Case(10.0, 4.0, right=6 / 10),  # (1 − 6 / 10) · 10 = 4
    Case(50.0, 5.0, right=45 / 50),
]
COST_AGAIN = Case(40.0, 6.0, right=34 / 40)


def break_even(wrong, person):
    """Return the p at which (1 − p) · wrong equals the cost of a person."""
    return 1 - person / wrong


BREAK_EVEN = Exercise(
    id="18b-6",
    hints=(
        "What does an answer cost on average if it is right with probability p?",
        "An answer costs (1 − p) · wrong on average, a person costs person in any case.",
        "Solve (1 − p) · wrong = person for p.",
    ),
    solution=break_even,
    check=on_cases(*COSTS, held_back=[COST_AGAIN]),
    mistakes="""
    1 - =>
        This is the highest probability of being wrong. The question asks for the complement.
    return … => return wrong / (wrong + person)
        You divided by the sum of the costs, as odds are turned into a probability. Solve (1 − p) ·
        wrong = person.
    return … => return person / (wrong + person)
        This is the share of a person in both costs. Solve (1 − p) · wrong = person.
    return … => return wrong - person
        This is a difference in dollars; a probability is between 0 and 1.
    return … => return (wrong - person) / person
        You divided by the cost of a person. Solving (1 − p) · wrong = person for p divides by
        wrong.
    return … => return person / (wrong - person)
        You divided by the difference of the costs. Solve (1 − p) · wrong = person: a right answer
        costs nothing.
    return … => return person / wrong - 1
        The sign is turned around; a probability is not negative.
    return … => return wrong / person
        The ratio is turned around, and above 1.
    return … => return 100 * (…)
        This is in percent. Return a probability between 0 and 1.
    """,
    takeaway="The dearer a wrong answer, the surer the desk must be: p > 1 − person / wrong.",
)


MINE = ["O000001", "O000003"]
MESSAGES = [
    Case("order facts", ["O000003"], MINE, right="show"),
    Case("order facts", [], MINE, right="ask"),
    Case("order status", [], MINE, right="ask"),
    Case("order status", ["O000001"], MINE, right="person"),
    Case("order details", [], MINE, right="person"),
    Case("order facts", ["O000002"], MINE, right="ask"),
    Case("order facts", ["O000002", "O000001"], MINE, right="show"),
    Case("", ["O000001"], MINE, right="person"),
]
MESSAGES_AGAIN = [
    Case("order facts", ["O000003", "O000004"], MINE, right="show"),
    Case("order status", ["O000009"], MINE, right="ask"),
]


def next_step(intent, named, own):
    """Ask for the order that an intent needs, show facts, and leave all else to a person."""
    orders = [number for number in named if number in own]
    if intent in ("order facts", "order status") and not orders:
        return "ask"
    return "show" if intent == "order facts" else "person"


NEXT_STEP = Exercise(
    id="18b-9",
    hints=(
        "Which intents need to know an order? And what is an order worth that is not the user's?",
        "Keep the numbers that are in `own`. If an intent needs one and none is left, ask.",
        "`orders = [number for number in named if number in own]`; if the intent is one of the "
        'two and `not orders`: "ask"; else "show" for "order facts"; else "person".',
    ),
    solution=next_step,
    check=on_cases(*MESSAGES, held_back=MESSAGES_AGAIN),
    mistakes="""
    [number for number in named if number in own] => named
        You take any number for the user's own. An order of somebody else fills no slot.
    ("order facts", "order status") => ("order facts",)
        A question about the status needs the order, too: the person who takes over should know it.
    intent in ("order facts", "order status") and not orders => not orders
        You ask for an order whatever is wanted. Only two intents need one.
    return "show" if intent == "order facts" else "person" => return "show"
        You show an order to everybody who names one. A question about the status is for a person.
    return "show" … => return "person" if intent == "order status" else "show"
        You show an order although no intent was recognized, or one that needs a person.
    [number for number in named if number in own] => own
        You look whether the user has orders. The question is whether the message names one.
    not orders: => orders:
        You turned the condition around: ask where the order is missing.
    not orders: => len(orders) < max(len(named), 1):
        You ask if one of the numbers is not the user's. One order of the user's is enough.
    """,
    takeaway="A dialog asks for what is missing, once, and hands over what it knows.",
    further=True,
)


PASSAGES = [
    ArrayCase([0.2, 0.6, 0.5], [0, 0, 1], right=[0.6, 0.5]),
    ArrayCase(
        *([0.5, -0.1, -0.2, 0.3, 0.9, 0.1, 0.2], [0, 1, 1, 2, 3, 3, 3]), right=[0.5, -0.1, 0.3, 0.9]
    ),
]
PASSAGE_AGAIN = ArrayCase([0.3, 0.8, 0.7, 0.1, 0.2, 0.4], [0, 0, 1, 2, 2, 2], right=[0.8, 0.7, 0.4])


def page_scores(similarities, pages):
    """Score each page by its most similar passage."""
    return pd.Series(similarities).groupby(pages).max().to_numpy()


PAGE_SCORES = Exercise(
    id="18b-2",
    hints=(
        "A question is answered by one sentence. What do the other sentences of the page matter?",
        "The score of a page is the highest similarity of its passages.",
        "pd.Series(similarities).groupby(pages).max(), or a loop over the pages.",
    ),
    solution=page_scores,
    check=on_cases(*PASSAGES, held_back=[PASSAGE_AGAIN]),
    mistakes="""
    max => mean
        This is the mean over the passages, so a long page is punished for all it says besides the
        answer. Take the highest.
    max => sum
        This is the sum over the passages, so long pages win. Take the highest.
    max => first
        You took the first passage of each page. The answer may stand further down.
    max => last
        You took the last passage of each page; `dict(zip(pages, similarities))` does that. Take the
        highest.
    max => idxmax
        This is the number of the passage with the highest similarity, which the desk will quote.
        The score is the similarity itself.
    return … => return np.full(pages.max() + 1, similarities.max())
        This is the highest similarity of all passages. Take the highest of each page.
    max() => max().clip(lower=0)
        A page whose passages are all below 0 gets 0: did you start the highest from 0? A cosine can
        be negative; start from −infinity.
    .groupby => .abs().groupby
        You took absolute values. A negative similarity is no evidence for a page.
    max => min
        You took the lowest similarity of each page. The best sentence counts.
    """,
    takeaway="Search sentences, and you know not only which page answers but also what to quote.",
)


def _reranked(first, second, k, right):
    return Case(np.array(first), np.array(second), k, right=np.array(right))


CANDIDATES = [
    _reranked([0.9, 0.1, 0.8, 0.7, 0.3, 0.6], [0.4, 0.9, -0.2, 0.8, 0.7, 0.1], 3, right=[3, 0, 2]),
    _reranked([3.0, 1.0, 2.0, 5.0, 4.0, 0.0], [0.1, 0.9, 0.8, 0.3, 0.5, 0.2], 3, right=[4, 3, 0]),
]
CANDIDATES_AGAIN = _reranked(
    [0.2, 0.6, 0.4, 0.5, 0.1], [0.9, 0.3, 0.1, 0.7, 0.8], 3, right=[3, 1, 2]
)


def rerank(first, second, k):
    """Order the k best pages of the first search by the scores of the second."""
    best = np.argsort(-first)[:k]
    return best[np.argsort(-second[best])]


RERANK = Exercise(
    id="18b-10",
    hints=(
        "Which search decides what is in the list, and which one the order?",
        "Take the numbers of the k best by `first`. Sort these numbers by their `second` scores.",
        "`best = np.argsort(-first)[:k]`, then `best[np.argsort(-second[best])]`.",
    ),
    solution=rerank,
    check=on_cases(*CANDIDATES, held_back=[CANDIDATES_AGAIN]),
    mistakes="""
    return … => return best
        These are the candidates in the order of the first search. Sort them by the second.
    return … => return np.argsort(-second)[:k]
        These are the k best of the second search. It may order only what the first has found.
    best[np.argsort(-second[best])] => np.argsort(-second[best])
        These are places among the candidates. Look up the numbers of the pages: best[…].
    -first => -second
    second[best] => first[best]
        You swapped the searches: the first one finds, the second one orders.
    -first => first
        You took the k worst pages of the first search: sorting is ascending.
    -second[best] => second[best]
        The worst candidate comes first: sorting is ascending. Sort by -second[best].
    return … => return np.argsort(-(first + second))[:k]
        You added the scores. The first search only chooses the candidates.
    [:k] =>
        You ordered all pages by the second search. Only the k best of the first are candidates.
    return … => return np.sort(second[best])[::-1]
        These are scores. Return the numbers of the pages.
    return … => return np.argsort(-np.where(np.isin(np.arange(len(first)), best), second, 0))[:k]
        You gave 0 to pages that are no candidates, more than to one with a negative similarity.
    """,
    takeaway="What the first search has lost, no re-ranking finds again.",
    further=True,
)


RUNS = [
    Case("退货", right=["退货"]),
    Case("如何退货", right=["如何", "何退", "退货"]),
    Case("退货退货", right=["退货", "货退", "退货"]),
]
RUN_AGAIN = Case("修改地址", right=["修改", "改地", "地址"])


def bigrams(run):
    """List each character with the next one."""
    return [run[start : start + 2] for start in range(len(run) - 1)]


BIGRAMS = Exercise(
    id="18b-11",
    hints=(
        "How many pairs of neighbors do four characters have?",
        "From each character but the last, take two characters.",
        "`run[start : start + 2]` for each start in `range(len(run) - 1)`.",
    ),
    solution=bigrams,
    check=on_cases(*RUNS, held_back=[RUN_AGAIN]),
    mistakes="""
    range(len(run) - 1) => range(len(run))
        The last entry is a single character. It has no neighbor to its right.
    range(len(run) - 1) => range(0, len(run), 2)
        You cut the text into pieces of two. A word may begin at any character, so pairs overlap.
    run[start : start + 2] => run[start]
        These are single characters. Take each with the next one.
    return … => return list(set(…))
        A set keeps neither the order nor how often a pair is there.
    start + 2 => start + 3
        These are three characters. A pair has two.
    range(len(run) - 1) => range(len(run) - 2)
        The last pair is missing.
    return … => return list(run)
        These are single characters. Take each with the next one.
    return … => return " ".join(…)
        This is one text. Return a list of pairs.
    """,
    takeaway="Overlapping pairs need no dictionary, and any word of two characters is among them.",
    further=True,
)
