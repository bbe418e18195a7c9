"""Two short exams, each in two variants, from the recall questions; and their key.

Nobody has to write them: anyone who did the reviews has met every question. The options stand in
another order than in a review, so letters learned by heart are of no use.
"""

import random

from exercises.engine import recall
from exercises.engine.recall import Question
from helpers.language import say_in_lesson

EXAMS = {"1": "00 01 02 03 04 05", "2": "06 07 10 11 12 14"}
VARIANTS = "AB"
MINUTES = 20


def questions(exam: str, variant: str) -> list[Question]:
    """Return two questions of each lesson; no question stands in both variants."""
    place = VARIANTS.index(variant)
    return [
        asked[(place + offset + n) % len(asked)]
        for n, lesson in enumerate(EXAMS[exam].split())
        for asked in [recall.of_lesson(lesson)]
        for offset in (0, 3)
    ]


def shuffled(question: Question, variant: str) -> dict[str, str]:
    """Return the options in the order of an exam: letter there → letter in the review."""
    letters = list(question.options)
    random.Random(f"{question.id} {variant}").shuffle(letters)
    return dict(zip("abcde", letters, strict=False))


def sheet(exam: str, variant: str) -> str:
    """Return an exam as a student gets it."""
    lessons = EXAMS[exam].split()
    asked = questions(exam, variant)
    parts = [
        "# "
        + say_in_lesson(
            "Exam {exam}, variant {variant} · lessons {first} to {last}",
            exam=exam,
            variant=variant,
            first=lessons[0],
            last=lessons[-1],
        ),
        say_in_lesson(
            "Name: {line} · {minutes} minutes, no computer · {n} questions, circle one letter "
            "each, one point if it is right",
            line="_" * 32,
            minutes=MINUTES,
            n=len(asked),
        ),
    ]
    for number, question in enumerate(asked, start=1):
        options = shuffled(question, variant).items()
        lines = [f"{letter}) {say_in_lesson(question.options[its])}" for letter, its in options]
        parts.append("  \n".join([f"**{number}.** {say_in_lesson(question.text)}", *lines]))
    return "\n\n".join(parts) + "\n"


def key() -> str:
    """Return the right letters of all exams, and what each wrong one thinks, for the discussion."""
    sheets = say_in_lesson("The sheets to print are in `exams/`, beside this page.")
    parts = [f"# {say_in_lesson('Exams')}", sheets]
    columns = map(say_in_lesson, ("question", "right", "wrong, and why"))
    head = [f"| | {' | '.join(columns)} |", "|---:|---|---|---|"]
    for exam in EXAMS:
        for variant in VARIANTS:
            heading = say_in_lesson(
                "Key of exam {exam}, variant {variant}", exam=exam, variant=variant
            )
            rows = []
            for number, question in enumerate(questions(exam, variant), start=1):
                there = shuffled(question, variant)
                [right] = [letter for letter, its in there.items() if its == question.right]
                wrong = " ".join(
                    f"**{letter}** {say_in_lesson(question.diagnoses[its])}"
                    for letter, its in there.items()
                    if letter != right
                )
                rows.append(f"| {number} | {question.id} | {right} | {in_table(wrong)} |")
            parts += [f"## {heading}", "\n".join([*head, *rows])]
    return "\n\n".join(parts) + "\n"


def in_table(text: str) -> str:
    """Write a text so that a table of Markdown keeps it in its cell."""
    return text.replace("|", "\\|")
