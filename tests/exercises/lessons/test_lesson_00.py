"""What wrong answers to lesson 00 hear."""

from tests.exercises.lessons.answers import are_told


def by_user(lines):
    return lines.groupby("user_id")["order_id"].nunique()


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    ("00-3", lambda users, lines: (by_user(lines) > by_user(lines).mean()).mean(), "not right"),
    ("00-3", lambda users, lines: 0.5, "not right"),
)
