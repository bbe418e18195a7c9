"""What an exercise is, and how an answer to it is judged."""

import contextlib
import copy
import functools
import hashlib
import inspect
import re
import textwrap
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from IPython.utils.capture import capture_output

from exercises.engine.compare import (
    describe,
    explain,
    holds_ellipsis,
    in_blocks,
    one_after_another,
    same,
)
from exercises.engine.mistakes import edited, read, read_options
from exercises.engine.tables import arrays
from exercises.engine.time_limit import OutOfTimeError, time_limit
from helpers.language import say_in_lesson

UNTRIED, WRONG, RIGHT = "○", "✗", "✓"
FULL_POINTS = 2  # for a right answer, where a teacher gives points

SECONDS = 20  # that an answer may take
_LONGEST = 200  # characters of an exception's message


@dataclass(frozen=True)
class Verdict:
    """How an answer stands.

    Parameters
    ----------
    mark : ○, ✗ or ✓.
    diagnosis : for ✗, what is wrong.
    exhibit : what to look at below the diagnosis, as text.
    printed : for ✗, what the learner's code printed.
    named : whether the mistake is one of those that the exercise names.
    """

    mark: str
    diagnosis: str = ""
    exhibit: str = ""
    printed: str = ""
    named: bool = False


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that real learners give, and what to tell them.

    Most are a line in a table, `Exercise.mistakes`, that says how the solution is changed.
    """

    answer: Any
    diagnosis: str


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise: everything the notebook does not show.

    Parameters
    ----------
    id : lesson and number, "01-2".
    hints : three, from a question to the formula.
    solution : a named function (``reveal`` shows its source), or the letter of a quiz; None in the
        copy for a class.
    check : how answers are judged. `on_cases` makes one, `in_turn` makes one of several.
    mistakes : wrong answers that are edits of the solution, a table as in `engine.mistakes`.
    others : wrong answers that are no edits: the options of a quiz.
    takeaway : what to remember, one sentence, said when the answer is right.
    options : letter → text, of a quiz only.
    further : whether it stands in Further, behind the lesson's core, as all those below it do.
    """

    id: str
    hints: tuple[str, str, str]
    solution: Any
    check: "Check"
    takeaway: str
    mistakes: str = ""
    others: Sequence[Mistake] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    further: bool = False

    @functools.cached_property
    def wrong_answers(self) -> tuple[Mistake, ...]:
        """Those that the table describes, and the others."""
        table = (
            Mistake(edited(self.solution, edits, name=self.id), diagnosis)
            for edits, diagnosis in read(self.mistakes)
        )
        return (*table, *self.others)

    @property
    def solution_text(self) -> str:
        """The source of the solution, or the right option of a quiz."""
        if self.options:
            return f"{self.solution}: {self.options[self.solution]}"
        return inspect.getsource(self.solution).strip()

    @functools.cached_property
    def verdict_on(self) -> "Judge":
        """What judges the answers. The first answer has the solution run, later ones do not."""
        return self.check(self)

    def sealed(self) -> "Exercise":
        """Return the exercise without its solution; answers are judged as before."""
        judge = self.verdict_on.sealed()
        return replace(self, solution=None, mistakes="", others=(), check=_Ready(judge))


class Judge(Protocol):
    """What judges the answers to one exercise."""

    def __call__(self, answer: Any) -> Verdict:
        """Judge an answer; what that raises, `judge` takes care of."""

    def sealed(self) -> "Judge":
        """Return one that judges alike and holds no solution, only what it results in."""


Check = Callable[[Exercise], Judge]


@dataclass(frozen=True)
class _Ready:
    """A check that needs nothing of the exercise."""

    judge: Judge

    def __call__(self, exercise: Exercise) -> Judge:
        return self.judge


class Mistaken(NamedTuple):
    """What a mistake gives on each case, and its diagnosis."""

    results: Sequence
    diagnosis: str


@dataclass(frozen=True)
class _Trial:
    """A `Mistaken` that is found out by trying, once, when an answer is compared with it."""

    mistake: Mistake
    inputs: Sequence[Mapping[str, Any]]

    @property
    def diagnosis(self) -> str:
        return self.mistake.diagnosis

    @functools.cached_property
    def results(self) -> Sequence:
        return _results(self.mistake.answer, self.inputs)


@dataclass(frozen=True)
class Results:
    """A judge that knows what is right and what each mistake gives, but not how to get there.

    Parameters
    ----------
    inputs : for each case, name of an argument → value; each is copied before it is handed over.
    right : for each case, the right result.
    mistaken : what each mistake gives.
    any_order : whether rows may come in any order.
    n_open : how many of the cases, the first ones, the copy for a class holds.
    """

    inputs: Sequence[Mapping[str, Any]]
    right: Sequence
    mistaken: Sequence[Mistaken | _Trial]
    any_order: bool
    n_open: int

    def __call__(self, answer: Any) -> Verdict:
        """Compare on each case; where one differs, look for the mistake that gives the same."""
        if not callable(answer):
            return Verdict(
                WRONG,
                say_in_lesson(
                    "The check needs a function; this is {answer}. Pass the function itself, "
                    "by its name and without parentheses.",
                    answer=describe(answer),
                ),
            )
        try:
            got = _results(answer, self.inputs)
        except (KeyError, AttributeError) as error:
            _name_the_columns(error, self.inputs[0])
            raise
        if holds_ellipsis(got):
            return Verdict(UNTRIED)
        if self._agree(got, self.right):
            return Verdict(RIGHT)
        if all(each is None for each in got):
            said = say_in_lesson("Your function gives None. Does it end with `return`?")
            return Verdict(WRONG, said)
        for mistaken in self.mistaken:
            if self._agree(got, mistaken.results):
                return Verdict(WRONG, mistaken.diagnosis, named=True)
        first = next(
            (given, mine, theirs)
            for given, mine, theirs in zip(self.inputs, got, self.right, strict=True)
            if not same(mine, theirs, self.any_order)
        )
        if first[1] is None:
            said = (
                "For the input below your function gives None: one way through it has no `return`."
            )
            return Verdict(WRONG, say_in_lesson(said), in_blocks(first[0]))
        return Verdict(WRONG, *explain(*first, self.any_order))

    def sealed(self) -> "Results":
        """Return it with all mistakes tried, and without the cases that are held back."""
        n = self.n_open
        mistaken = [Mistaken(each.results[:n], each.diagnosis) for each in self.mistaken]
        return replace(self, inputs=self.inputs[:n], right=self.right[:n], mistaken=mistaken)

    def _agree(self, some: Sequence, others: Sequence) -> bool:
        pairs = zip(some, others, strict=True)
        return all(same(one, other, self.any_order) for one, other in pairs)


def _results(function: Callable, inputs: Sequence[Mapping[str, Any]]) -> list:
    results = (function(*copy.deepcopy(list(given.values()))) for given in inputs)
    # NumPy gives a number as an array without dimensions now and then, as `np.where` does.
    return [each[()] if isinstance(each, np.ndarray) else each for each in results]


class Case:
    """A case with the result that is right for it, worked by hand: the solution must give it, too.

    Parameters
    ----------
    *inputs : the arguments.
    right : the result.
    """

    def __init__(self, *inputs: Any, right: Any):
        self.inputs, self.right = inputs, right


class ArrayCase(Case):
    """A case whose arguments and result are arrays where it says a list."""

    def __init__(self, *inputs: Any, right: Any):
        [result] = arrays(right)
        super().__init__(*arrays(*inputs), right=result)


def on_cases(*cases: Any, held_back: Sequence[Any] = (), any_order: bool = False) -> Check:
    """Make a check that runs the learner's function on each case and compares with the solution.

    Where a result differs, the check looks for the mistake that gives these very results on all
    cases, and answers with its diagnosis. So cases must tell the mistakes apart; the simplest one
    comes first, because an undiagnosed answer is shown the first case it fails.

    Parameters
    ----------
    *cases : inputs, each copied before it is handed over; a tuple holds several arguments, and a
        `Case` what is right as well. Without one, the solution says what is right.
    held_back : more of them that the copy for a class does not hold, so that an answer which only
        knows the results of the others gets no points from the teacher.
    any_order : whether rows may come in any order.
    """

    def check(exercise: Exercise) -> Results:
        names = list(inspect.signature(exercise.solution).parameters)
        every = (*cases, *held_back)
        inputs = [dict(zip(names, _arguments(case), strict=False)) for case in every]
        mistaken = [_Trial(mistake, inputs) for mistake in exercise.wrong_answers]
        right = [
            case.right if isinstance(case, Case) else _results(exercise.solution, [given])[0]
            for case, given in zip(every, inputs, strict=True)
        ]
        return Results(inputs, right, mistaken, any_order, n_open=len(cases))

    return check


def _arguments(case: Any) -> tuple:
    if isinstance(case, Case):
        return case.inputs
    return case if isinstance(case, tuple) else (case,)


@dataclass(frozen=True)
class _InTurn:
    """Judges that are asked until one is not content."""

    judges: Sequence[Judge]

    def __call__(self, answer: Any) -> Verdict:
        for each in self.judges:
            verdict = each(answer)
            if verdict.mark != RIGHT:
                break
        return verdict

    def sealed(self) -> "_InTurn":
        return _InTurn([each.sealed() for each in self.judges])


def in_turn(*checks: Check) -> Check:
    """Make a check of several, each of which is asked once the answer is right for those before.

    For a trap that most answers fall into: in a check of its own, behind the others, it leaves
    the other mistakes recognizable.
    """
    return lambda exercise: _InTurn([check(exercise) for check in checks])


def _name_the_columns(error: KeyError | AttributeError, given: Mapping[str, Any]) -> None:
    """Note which columns there are, where the learner asked a table for another one."""
    tables = {name: value for name, value in given.items() if isinstance(value, pd.DataFrame)}
    if isinstance(error, AttributeError):
        missing = isinstance(error.obj, pd.DataFrame)
    else:
        known = {str(column) for table in tables.values() for column in table}
        missing = known.isdisjoint(map(str, error.args))
    if missing:
        for name, table in tables.items():
            columns = say_in_lesson(", ").join(f"`{each}`" for each in table)
            error.add_note(
                say_in_lesson("`{table}` has the columns {columns}.", table=name, columns=columns)
            )


def quiz(
    *,
    id: str,
    options: str,
    hints: tuple[str, str, str],
    takeaway: str,
    further: bool = False,
) -> Exercise:
    """Make an exercise that is answered with the letter of an option.

    Parameters
    ----------
    options : a table that a teacher can read, as `read_options` has it.
    """
    texts, diagnoses = read_options(options)
    [right] = texts.keys() - diagnoses.keys()
    verdicts = {letter: Verdict(WRONG, diagnosis) for letter, diagnosis in diagnoses.items()}
    verdicts[right] = Verdict(RIGHT)
    sealed = {_digest(id, letter): verdict for letter, verdict in verdicts.items()}
    return Exercise(
        id=id,
        hints=hints,
        solution=right,
        check=_Ready(_Choice(id, list(texts), sealed)),
        others=[Mistake(*each) for each in diagnoses.items()],
        takeaway=takeaway,
        options=texts,
        further=further,
    )


@dataclass(frozen=True)
class _Choice:
    """The judge of a quiz: the verdict on each letter, under a digest, so that nobody reads it."""

    id: str
    letters: Sequence[str]
    verdicts: Mapping[str, Verdict]

    def __call__(self, answer: Any) -> Verdict:
        letter = answer.strip().lower() if isinstance(answer, str) else None
        if letter not in self.letters:
            letters = say_in_lesson(", ").join(self.letters)
            return Verdict(
                WRONG,
                say_in_lesson("Answer with one letter in quotes: {letters}.", letters=letters),
            )
        return self.verdicts[_digest(self.id, letter)]

    def sealed(self) -> "_Choice":
        return self


def _digest(id: str, letter: str) -> str:
    return hashlib.sha256(f"{id} {letter}".encode()).hexdigest()


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer. Nothing that an answer is or does makes this raise, save an interrupt.

    An answer that takes longer than `SECONDS` is stopped. What the learner's code prints is part of
    the verdict; what it displays or warns of is not shown.
    """
    with capture_output() as captured, warnings.catch_warnings(action="ignore"):
        verdict = _judge(exercise, answer)
    with contextlib.suppress(ValueError):  # of an answer that has closed what it prints to
        if verdict.mark == WRONG:
            return replace(verdict, printed=captured.stdout)
    return verdict


def _judge(exercise: Exercise, answer: Any) -> Verdict:
    try:
        if holds_ellipsis(answer):
            return Verdict(UNTRIED)
        verdict_on = exercise.verdict_on  # the solution is run outside of the learner's time
        with time_limit(SECONDS):
            return verdict_on(answer)
    except KeyboardInterrupt:
        raise
    except OutOfTimeError as error:
        return Verdict(WRONG, _stopped(_line_of(error.__cause__, answer)))
    except BaseException as error:  # SystemExit too: the learner's code may hold anything
        if type(answer) is FunctionType and ... in answer.__code__.co_consts:
            return Verdict(UNTRIED)  # it stumbled over a blank that is still to be filled
        return Verdict(WRONG, _what_and_where(error, answer))


def _what_and_where(error: BaseException, answer: Any) -> str:
    """Say what the learner's code raised, in which of its lines, and what was noted about it."""
    try:
        message = _first_sentences(str(error))
        notes = [" ".join(note.split()) for note in getattr(error, "__notes__", [])]
    except Exception:  # an exception class of the learner's own may not even print
        message, notes = say_in_lesson("(without a readable message)"), []
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    said = say_in_lesson("Trying your answer raised {error}.", error=what)
    if found := _line_of(error, answer):
        where = {"line": found.lineno, "code": found.line}
        if found.line:
            said = say_in_lesson(
                "Your code raised {error}, in line {line}: `{code}`.", error=what, **where
            )
        else:
            said = say_in_lesson("Your code raised {error}, in line {line}.", error=what, **where)
    return functools.reduce(one_after_another, notes, said)


def _line_of(error: BaseException | None, answer: Any) -> traceback.FrameSummary | None:
    """Return the line of the learner's own code in which something was raised."""
    if error is None or type(answer) is not FunctionType:
        return None
    theirs = answer.__code__.co_filename
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == theirs]
    return lines[-1] if lines else None


def _stopped(at: traceback.FrameSummary | None) -> str:
    """Say that the learner's code took too long, and where it was stopped."""
    said = say_in_lesson("Your code ran for more than {n} seconds and was stopped.", n=SECONDS)
    if at and at.line:
        where = {"line": at.lineno, "code": at.line}
        stood = say_in_lesson(
            "It was in line {line}: `{code}`. Is there a loop that never ends?", **where
        )
        said = one_after_another(said, stood)
    return said


def _first_sentences(text: str) -> str:
    """Keep what fits of a message: whole sentences, or else whole words, or else characters."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        ends = [end.start() for end in re.finditer(r"[.!?] ", text[:_LONGEST])]
        words = textwrap.shorten(text, _LONGEST, placeholder=" …")
        text = text[: ends[-1]] if ends else words if len(words) > 1 else text[:_LONGEST]
    return text.removesuffix(".")
