"""Exports that were once read wrong without a word, found by using the report as a shop's owner.

Each file in ``reviewed/`` is modeled on an export, or is the smallest one that shows a mistake;
``truths.json`` has its true figures, the answers that its owner would give, and, for a file that
can't be read exactly, what a warning must say. ``python -m tests.apps.corpus.test_reviewed FOLDER``
prints how each file of a folder is read.
"""

import json
import sys
from pathlib import Path

import pytest

from apps.report import own_shop
from tools import report

FOLDER = Path(__file__).with_name("reviewed")
FIGURES = ("customers", "orders", "gross", "discounts", "refunds", "net", "first", "last")
WORDS = ("sales", "refunds", "left_out")  # settings with several words
TRUTHS = json.loads((FOLDER / "truths.json").read_text(encoding="utf-8"))


class UnansweredError(Exception):
    """A question does not offer what the owner would answer."""


def reply(question: own_shop.Question, answers: dict) -> str:
    """Answer each matter as the owner would; a role that is not in the answers has no column."""
    chosen = []
    for matter in question.matters:
        offered = [one.answer for one in matter.choices if "…" not in one.answer]
        right = [line for line in offered if is_right(line, answers)]
        if not right:
            raise UnansweredError(f"{matter.asks} {offered}")
        chosen.append(right[0])
    return ",".join(chosen)


def is_right(line: str, answers: dict) -> bool:
    """Return whether an answer says what the owner would; several may be right for a role."""
    for part in line.split(","):
        name, _, value = part.partition("=")
        known = answers.get(name, "")
        known = known if isinstance(known, list) else [known]
        words = value.split("+") if name in WORDS else [value]
        if not set(words) <= set(known):
            return False
    return True


def verdict(path: Path, truth: dict) -> str:
    """Say how a file is read: exact, asked then exact, warned, refused, or what is wrong."""
    asked = []

    def answer(question: own_shop.Question) -> str:
        line = reply(question, truth.get("answers", {}))
        assert line not in asked, f"asked twice: {line}"
        asked.append(line)
        return line

    try:
        said = own_shop.Options({}, {})
        while True:
            try:
                shop = own_shop.read_own_shop(path, said.roles, **said.settings)
                break
            except own_shop.Question as question:
                said |= own_shop.read_map(answer(question))
    except UnansweredError as error:
        return f"unanswered: {error}"
    except own_shop.OwnShopError as error:
        return f"refused: {error}"
    found = report.figures(shop)
    wrong = {
        name: (found[name], truth[name])
        for name in FIGURES
        if name in truth
        and not any(
            found[name] == (pytest.approx(one, abs=0.006) if isinstance(one, float) else one)
            for one in (truth[name] if isinstance(truth[name], list) else [truth[name]])
        )
    }
    told = " ".join(shop.warnings)
    if wrong:
        warned = "warning" in truth and truth["warning"] in told
        return f"warned {wrong}" if warned else f"silent {wrong} {asked} {shop.warnings}"
    return f"asked {asked}, exact" if asked else "exact"


@pytest.mark.parametrize("name", TRUTHS)
def test_no_reviewed_export_is_read_wrong_without_a_word(name):
    assert verdict(FOLDER / name, TRUTHS[name]).startswith(("exact", "asked", "warned"))


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    truths = json.loads((folder / "truths.json").read_text(encoding="utf-8"))
    for name, truth in truths.items():
        try:
            print(f"{name}: {verdict(folder / name, truth)}")
        except Exception as error:
            print(f"{name}: error {error!r}")
