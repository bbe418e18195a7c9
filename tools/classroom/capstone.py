"""The teacher's page of the capstone, and the answers for thirty seeds.

``python -m tools.classroom.capstone`` renews ``capstone.csv``, which has a row for each seed: what
is true of its shop, what mistakes give, and what `capstone_solved` finds. It takes minutes to make,
so it is kept. ``python -m tools.classroom.capstone 2611`` prints the row of one seed.
"""

import csv
import sys
from pathlib import Path

from helpers.language import say_in_lesson, say_with_numbers
from tools import env

HERE = Path(__file__).parent
TABLE = HERE / "capstone.csv"
SEEDS = range(1, 31)


def main() -> None:
    """Print the answers for a seed, or work out those of the thirty and write the table."""
    env.enter()
    if sys.argv[1:]:
        for name, text in row(int(sys.argv[1])).items():
            print(f"{name:26} {text}")
        return
    rows = list(map(row, SEEDS))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def row(seed: int) -> dict[str, str]:
    """Return what a teacher wants to know of the shop of a seed."""
    from exercises.capstone.truth import facts, truth  # only the environment has what they need
    from exercises.capstone.week import Week
    from tools.classroom import capstone_solved

    known, facts_ = truth(seed), facts(seed)
    solved = capstone_solved.replies(Week.of(seed), int(facts_["coupons"]))
    earned = known.profit[solved[3]].sum()
    sold = sum(known.sold.get(frozenset(pair), 0.0) for pair in solved[4])
    return {
        "seed": str(seed),
        **facts_,
        "solved: earned": f"{solved[1][0]:,.0f}",
        "solved: year before": f"{solved[1][1]:,.0f}",
        "solved: cause": solved[2][0],
        "solved: lost": f"{solved[2][1]:,.0f}",
        "solved: coupons": f"{earned:,.0f}",
        "solved: pairs": f"{sold:,.0f}",
    }


def page() -> str:
    """Return the teacher's page: how to mark, and the answers for thirty seeds."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    from tools.translation import teaching

    return teaching.text("capstone").format(
        **{name: _table(rows, columns) for name, columns in TABLES.items()}
    )


TABLES = {  # of the page: headings and columns
    "earned": [
        ("from", "earned, from"),
        ("to", "earned, to"),
        ("year before, from", "year before, from"),
        ("to", "year before, to"),
        ("gain (95%), from", "gain (95%), low"),
        ("to", "gain (95%), high"),
        ("raw export", "raw export"),
        ("`clean_shop`", "clean_shop"),
        ("solved", "solved: earned"),
    ],
    "november": [
        ("cause", "cause"),
        ("days", "days"),
        ("lost", "lost"),
        ("give or take", "lost, give or take"),
        ("October minus November", "October minus November"),
        ("solved", "solved: lost"),
    ],
    "coupons": [
        ("coupons", "coupons"),
        ("margin", "margin"),
        ("to pass", "coupons, to pass"),
        ("solved", "solved: coupons"),
        ("random", "coupons, random"),
        ("best customers", "coupons, best customers"),
        ("everybody", "coupons, everybody"),
        ("best possible", "coupons, best possible"),
    ],
    "pairs": [
        ("to pass", "pairs, to pass"),
        ("solved", "solved: pairs"),
        ("highest lift", "pairs, highest lift"),
        ("most frequent", "pairs, most frequent"),
        ("best possible", "pairs, best possible"),
        ("sold as a set", "set"),
        ("the manager's pair", "manager's pair"),
    ],
}


def _table(rows: list[dict[str, str]], columns: list[tuple[str, str]]) -> str:
    lines = [
        f"| {say_in_lesson('seed')} | {' | '.join(say_in_lesson(each) for each, _ in columns)} |",
        "|---:" * (len(columns) + 1) + "|",
    ]
    for each in rows:
        cells = (say_with_numbers(each[column]) for _, column in columns)
        lines.append(f"| {each['seed']} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
