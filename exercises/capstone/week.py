"""The export, the manager's emails, and what a reply is told, which never raises an error."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from exercises.capstone.shop import CAUSES, world
from exercises.capstone.truth import PAIRS, facts, truth
from exercises.engine import store, view
from exercises.engine.compare import holds_ellipsis
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG, Verdict
from helpers.language import say_in_lesson

EXAMPLE = 0  # the seed of the shop that is shown before a seed is chosen
SAME = 0.0005  # a figure this close to that of a mistake was made by it
CLEANED = 0.01  # two honest clean-ups of a quarter are this close
FAR = 1.15  # returns and discounts together add less than this to a quarter
SAME_LIST = 0.8  # so is a list that shares as much with that of a mistake


@dataclass(frozen=True)
class Week:
    """The first week at the shop of a seed.

    Attributes
    ----------
    seed : of the shop.
    raw : the export, name of a table → DataFrame in which every value is text or missing.
    """

    seed: int
    raw: dict[str, pd.DataFrame] = field(repr=False)

    @classmethod
    def of(cls, seed: int) -> "Week":
        """Return the week of a seed, with an export of its own."""
        return cls(seed, {name: table.copy() for name, table in world(seed).raw.items()})

    def email(self, number: int) -> None:
        """Show one of the manager's four emails."""
        title = say_in_lesson("Email {number}", number=number)
        view.line("✉", title, EMAILS[number](self.seed), view.BLUE).show()

    def reply(self, number: int, answer: Any) -> None:
        """Check what you found out about an email, and show the result in one line.

        Parameters
        ----------
        number : of the email.
        answer : 1: dollars of the last quarter and of the year before; 2: a cause and dollars;
            3: a list of user ids; 4: a list of pairs of item ids.
        """
        verdict = judge(self.seed, number, answer)
        name = f"capstone-{number}"
        if verdict.mark != UNTRIED:
            store.update(
                name, lambda old: old if old.mark == RIGHT else replace(old, mark=verdict.mark)
            )
        view.line(verdict.mark, name, verdict.diagnosis, view.COLORS[verdict.mark]).show()


def first_week(seed: Any) -> Week:
    """Begin at the shop of a seed, a whole number such as your day and month of birth."""
    if holds_ellipsis(seed):
        text = (
            "Put a number of your own in place of the dots. Until then this is the shop of seed 0, "
            "which the examples at the end are about."
        )
        view.line(UNTRIED, "capstone", say_in_lesson(text), view.COLORS[UNTRIED]).show()
        seed = EXAMPLE
    elif isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        text = (
            "The seed is a whole number, such as 2611, without quotes. This is the shop of seed 0."
        )
        view.line(WRONG, "capstone", say_in_lesson(text), view.COLORS[WRONG]).show()
        seed = EXAMPLE
    return Week.of(seed)


def example() -> pd.Series:
    """Return what is true of the shop of seed 0, which the examples of a page are about."""
    return pd.Series(facts(EXAMPLE))


def judge(seed: int, number: int, answer: Any) -> Verdict:
    """Judge what is found out about an email; the diagnosis is what is said, whatever the mark."""
    if number not in REPLIES:
        return Verdict(WRONG, say_in_lesson("There are four emails: 1, 2, 3 and 4."))
    if holds_ellipsis(answer):
        text = "Not answered yet. Replace the `...` and run the cell again."
        return Verdict(UNTRIED, say_in_lesson(text))
    try:
        return REPLIES[number](seed, answer)
    except Exception:  # whatever a learner hands in
        return Verdict(WRONG, say_in_lesson(FORMS[number]))


def _wrong(text: str, **values: object) -> Verdict:
    return Verdict(WRONG, say_in_lesson("Not yet. {diagnosis}", diagnosis=_said(text, values)))


def _right(text: str, **values: object) -> Verdict:
    return Verdict(RIGHT, say_in_lesson("Right. {takeaway}", takeaway=_said(text, values)))


def _said(text: str, values: dict) -> str:
    shown = {name: f"{v:,.0f}" if isinstance(v, float) else v for name, v in values.items()}
    return say_in_lesson(text, **shown)


def _is(figure: float, other: float, within: float = SAME) -> bool:
    return abs(figure - other) <= within * abs(other)


# ---------------------------------------------------------------- 1: what did we earn?

EARNED = {  # mistake → what to say about it
    "raw": "This is the sum of the raw export. Look at the largest quantities and prices first, as "
    "in lesson 01.",
    "quantities": "Quantities such as 99999 are still in it. They are placeholders, not sales.",
    "cents": "Some prices in it are a hundred times too high: they are in cents.",
    "duplicates": "Rows that were exported twice are counted twice.",
    "returns": "Canceled orders and returned units still count as sold. What do negative rows say?",
    "discounts": "This is before discounts. What did the customers pay?",
    "guests": "The sales without a user are missing. To value a user they must go; what the whole "
    "shop earned includes them.",
    "clean_shop": "The sales without a known user are missing; what the whole shop earned "
    "includes them. `clean_shop` drops them, also under an id that the table of users lacks, "
    "because most lessons ask about users.",
    "quarter": "This is another quarter: the last one is October to December.",
}


def _reply_1(seed: int, answer: Any) -> Verdict:
    figures, known = [float(each) for each in answer], truth(seed)
    inside = _inside(figures, known.bounds)
    if all(inside):
        (low, high), (low_before, high_before) = known.bounds
        return _right(
            "An honest clean-up leaves open {low} to {high} dollars, and {low_before} to "
            "{high_before} for the year before. On your page: is it more, and how sure are you?",
            low=low,
            high=high,
            low_before=low_before,
            high_before=high_before,
        )
    if all(_inside(figures[::-1], known.bounds)):
        return _wrong("The two figures are swapped: first the last quarter, then the year before.")
    for name, text in EARNED.items():
        made = zip(figures, known.mistakes[name], inside, strict=True)
        within = CLEANED if name == "quarter" else SAME
        if any(_is(figure, wrong, within) and not ok for figure, wrong, ok in made):
            return _wrong(text)
    which = "the last quarter" if not inside[0] else "the year before"
    place = inside.index(False)
    text = "The figure of {which} is too low. Which rows are gone that were sales?"
    if figures[place] > FAR * known.bounds[place][1]:
        text = (
            "The figure of {which} is far too high. Compare its quantities with the usual ones, "
            "and its prices with the list prices."
        )
    elif figures[place] > known.bounds[place][1]:
        text = (
            "The figure of {which} is too high. What is in it that was not paid, or not by "
            "customers?"
        )
    return _wrong(text, which=say_in_lesson(which))


def _inside(figures: list[float], bounds: Iterable[tuple[float, float]]) -> list[bool]:
    return [low <= x <= high for x, (low, high) in zip(figures, bounds, strict=True)]


# ---------------------------------------------------------------- 2: what happened in November?


def _reply_2(seed: int, answer: Any) -> Verdict:
    (cause, lost), known, true = answer, truth(seed), world(seed).cause
    lost = float(lost)
    if cause not in CAUSES:
        raise ValueError(cause)
    if cause != true:
        return _wrong(
            {
                ("nothing", "checkout"): "Look at single days: a month's mean hides a week.",
                ("nothing", "log"): "Look at single days: a month's mean hides a week.",
                ("log", "checkout"): "The log lacks purchases, but do the order lines have them?",
                ("checkout", "log"): "Compare the log with the order lines of the same days.",
            }.get(
                (cause, true),
                "Are there days on which nearly no session ends with a purchase? Compare November "
                "with September, too.",
            )
        )
    if true != "checkout":
        if lost:
            return _wrong("That is the cause. But which orders were lost by it?")
        if true == "log":
            return _right("The log failed, the orders are all there, and no money was lost.")
        return _right("Nothing broke: it was October that was special, with its coupon.")
    if any(_is(lost, gap) for gap in known.november_gaps):
        return _wrong(
            "That is the cause. But the difference of two months also holds October's coupon, and "
            "a day less. Compare the days of the failure with ordinary days."
        )
    if _is(lost, known.lost_at_list):
        return _wrong("That is the cause. But the loss is what customers would have paid.")
    if not abs(lost - known.lost) <= known.lost_within:  # NaN is no loss, either
        return _wrong(
            "That is the cause. But the sales that were lost were not worth {lost} dollars. What "
            "do as many ordinary days bring, and what did these days bring?",
            lost=lost,
        )
    return _right(
        "Customers could not check out. The orders that were lost were worth {lost} dollars; an "
        "honest estimate may be off by {within}, because ordinary days vary.",
        lost=known.lost,
        within=known.lost_within,
    )


# ---------------------------------------------------------------- 3: who gets a coupon?


def _reply_3(seed: int, answer: Any) -> Verdict:
    users, known, budget = list(answer), truth(seed), world(seed).budget
    if isinstance(answer, str) or not all(isinstance(user, str) for user in users):
        raise ValueError(users)
    if not users:
        return _wrong(
            "No coupons earn nothing: better than the manager's idea. But some customers hardly "
            "order without a coupon. How little can one for them cost?"
        )
    if repeated := [user for user, times in Counter(users).items() if times > 1]:
        return _wrong("{user} is on your list more than once.", user=repeated[0])
    if unknown := [user for user in users if user not in known.profit.index]:
        return _wrong(
            "{n} of your users are not in the campaign table, such as {user}.",
            n=len(unknown),
            user=unknown[0],
        )
    if len(users) > budget:
        text = "Your list has {n} users, and there are {budget} coupons."
        return _wrong(text, n=len(users), budget=budget)
    earned, others = known.profit[users].sum(), known.coupons
    by_chance = len(users) * known.profit.mean()
    scores = say_in_lesson(
        "Your {n} coupons would have earned {earned} dollars; {n} at random {random}, for the "
        "{budget} best customers {best}, for everybody {everybody}; the best possible, which only "
        "the simulator knows, {possible}.",
        n=len(users),
        budget=budget,
        earned=f"{earned:,.0f}",
        random=f"{by_chance:,.0f}",
        best=f"{others['best customers']:,.0f}",
        everybody=f"{others['everybody']:,.0f}",
        possible=f"{others['best possible']:,.0f}",
    )
    if earned >= known.least_coupons:
        return _right("{scores}", scores=scores)
    if _shared(users, known.spent.nlargest(budget).index) >= SAME_LIST:
        text = "{scores} Those who spend most order anyway, and now with a discount."
    elif _shared(users, known.responders) >= SAME_LIST:
        text = "{scores} Those who ordered with a coupon: how many of them would have without?"
    elif earned / len(users) >= known.least_coupons / budget:
        text = "{scores} These are the right kind of customers. How many more are like them?"
    elif earned < by_chance:
        text = "{scores} Your list is worse than chance. Who on it orders anyway?"
    else:
        text = "{scores} A coupon for an order that comes anyway costs its discount: for whom?"
    return _wrong(text, scores=scores)


def _shared(chosen: list[str], others: Iterable[str]) -> float:
    return len({*chosen} & {*others}) / len(chosen)


# ---------------------------------------------------------------- 4: which pairs?


def _reply_4(seed: int, answer: Any) -> Verdict:
    pairs, known, made = [frozenset(pair) for pair in answer], truth(seed), world(seed)
    items = set(made.simulation.shop.items["item_id"])
    if not pairs or any(len(pair) != 2 or not pair <= items for pair in pairs):
        raise ValueError(pairs)
    if len(pairs) > PAIRS or len({*pairs}) < len(pairs):
        return _wrong("There is room for six different pairs.")
    false = [pair for pair in pairs if pair not in known.sold]
    sold = sum(known.sold.get(pair, 0.0) for pair in pairs)
    scores = say_in_lesson(
        "In a year your pairs sell {sold} dollars more than chance; the six of the highest lift "
        "{lift}, the six most frequent {frequent}, the best possible {possible}.",
        sold=f"{sold:,.0f}",
        lift=f"{known.pairs['highest lift']:,.0f}",
        frequent=f"{known.pairs['most frequent']:,.0f}",
        possible=f"{known.pairs['best possible']:,.0f}",
    )
    if made.bundle in pairs:
        return _wrong("{scores} One pair was sold as a set. When?", scores=scores)
    if frozenset(known.favorite) in pairs:
        text = "{scores} The manager's pair is frequent because both products are."
        return _wrong(text, scores=scores)
    if false:
        text = "{scores} {n} of your pairs are luck. How many pairs did you try?"
        return _wrong(text, scores=scores, n=len(false))
    if sold >= known.least_pairs:
        return _right("{scores}", scores=scores)
    if len({*pairs} & {*known.by_lift[:PAIRS]}) >= PAIRS - 1:
        text = "{scores} All are real. But a high lift is not many baskets."
    else:
        text = "{scores} All are real. But how many baskets more than chance, at what price?"
    return _wrong(text, scores=scores)


REPLIES: dict[int, Callable[[int, Any], Verdict]] = {
    1: _reply_1,
    2: _reply_2,
    3: _reply_3,
    4: _reply_4,
}
FORMS = {
    1: "The reply to email 1 is two numbers: `(81500, 75200)`.",
    2: 'The reply to email 2 is a cause and a number: `("log", 0)`. The causes are "checkout", '
    '"log" and "nothing".',
    3: 'The reply to email 3 is a list of user ids: `["U00001", "U00017"]`.',
    4: 'The reply to email 4 is a list of pairs of item ids: `[("I0001", "I0017")]`.',
}


# ---------------------------------------------------------------- the emails


def _email_1(seed: int) -> str:
    return say_in_lesson(
        "Welcome to the shop! By tonight I need two numbers. What did the whole shop earn from "
        "October to December 2025, after discounts, cancellations and refunds, as the books stand "
        "on December 31? And in the same months of 2024? The old report says {total} dollars for "
        "this quarter; nobody believes it. Is it more than the year before, and how sure are you?",
        total=f"{truth(seed).mistakes['raw'][0]:,.0f}",
    )


def _email_2(seed: int) -> str:
    october, november = (100 * each for each in truth(seed).conversion)
    return say_in_lesson(
        "Our dashboard, which reads the event log, frightens me: {october} of 100 sessions ended "
        "with a purchase in October, and {november} in November. Did customers fail to check out, "
        "did the log fail, or is it nothing? What did it cost us, in dollars of sales? And what "
        "should we do now?",
        october=f"{october:.1f}",
        november=f"{november:.1f}",
    )


def _email_3(seed: int) -> str:
    made = world(seed)
    return say_in_lesson(
        "On October 1 a random half of our customers got a coupon: 15% off, for four weeks. Next "
        "time I can pay for {budget}. To whom, if it were October 1 again? Use what was known on "
        "the evening before, and the test. We keep {margin}% of an order's list price, with a "
        "coupon 15 points less, and sending one costs {cost} dollar. You need not use all. I "
        "would reward those who spent most.",
        budget=made.budget,
        margin=f"{100 * made.margin:.0f}",
        cost=f"{made.cost:.0f}",
    )


def _email_4(seed: int) -> str:
    known, items = truth(seed), world(seed).simulation.shop.items
    one, other = items.set_index("item_id")["name"][list(known.favorite)]
    return say_in_lesson(
        'Our pages have room for six pairs of products, as "goes well with this". Which six bring '
        "in most, in dollars, on top of what people buy anyway? One of mine would be {one} and "
        "{other}: {n} orders hold both. And in spring we sold two products as a set for two weeks. "
        "I forget which; the set is history, so leave that pair out.",
        one=one,
        other=other,
        n=known.favorite_baskets,
    )


EMAILS: dict[int, Callable[[int], str]] = {1: _email_1, 2: _email_2, 3: _email_3, 4: _email_4}
