"""Make a page for a manager from a file of orders: ``python -m tools.report orders.csv``.

The page shows what the file says about the shop: key figures, cohorts, customer value, churn, items
bought together, and more; and what it can't say. Without a file, it is about the course's shop.

If the file leaves open what a key figure rests on, the command asks: in a terminal it reads the
answer, otherwise it shows the line to copy and ends with status 2. Answers are kept beside the
file.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools import copies, env

if TYPE_CHECKING:
    from apps.report.own_shop import Options, OwnShop, Question

EXAMPLE = 'MAP="user_id=Kunde,discount=,day_first=yes,decimal=comma"'
ASKS = 2  # the status with which the command ends if a question is open
LONGEST_NAME = 255  # bytes of the name of a file
READING = 100  # steps of the bar while the file is read; then a step for each section


def main() -> None:
    """Read the file, make the sections, and write the complete page, or none at all."""
    try:
        _main()
    except KeyboardInterrupt:
        sys.exit("No report was made: it was interrupted.")
    except BrokenPipeError:  # whoever reads what we print has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _main() -> None:
    env.enter()
    os.environ.setdefault("MPLBACKEND", "agg")
    asked = _arguments()
    from helpers.language import chosen, speaking  # its packages are only in the environment

    try:
        language = chosen(asked.lang)
    except ValueError as unknown:
        print(unknown, file=sys.stderr)
        sys.exit(ASKS)
    with speaking(language):
        _run(asked)


def _run(asked: argparse.Namespace) -> None:
    from apps.report import own_shop
    from helpers.language import say

    try:
        options = own_shop.read_map(asked.map)
        answer = _take_first if asked.yes else _ask if sys.stdin.isatty() else None
        if asked.json:
            if not asked.file:
                sys.exit(say("--json needs a file of orders."))
            shop = read(asked.file, options, answer)
            print(json.dumps(figures(shop), ensure_ascii=False, indent=2))
        else:
            print(make(asked.file, Path(asked.out), options, answer, force=asked.force))
        sys.stdout.flush()
    except own_shop.Question as question:
        print(
            say("Nothing was computed, because one thing must be known first."),
            question,
            sep="\n",
            file=sys.stderr,
        )
        sys.exit(ASKS)
    except own_shop.OwnShopError as error:
        print(say("No report was made. {error}", error=error), file=sys.stderr)
        sys.exit(ASKS)
    except KeyboardInterrupt:
        sys.exit(say("No report was made: it was interrupted."))


# ---------------------------------------------------------------- reading, and asking


def read(
    path: str,
    options: "Options | None" = None,
    answer: "Callable[[Question], str] | None" = None,
    progress: Callable[[int, int], None] | None = None,
) -> "OwnShop":
    """Read a file of orders; what it leaves open is answered, and remembered beside the file.

    Parameters
    ----------
    path : the file.
    options : what the user said about it.
    answer : answers a question with a line such as "user_id=Kunde"; without it, a `Question` is
        raised.
    progress : called with what is done and all that must be done, as by `read_own_shop`.
    """
    from apps.report import own_shop
    from apps.report.own_shop import options as words
    from helpers.language import say

    said = options or words.Options({}, {})
    before = words.recall(path)
    taken: list[str] = []
    while True:
        try:
            shop = own_shop.read_own_shop(
                path, said.roles, remembered=before, progress=progress, **said.settings
            )
            break
        except own_shop.Question as question:
            if answer is None:
                raise
            line = answer(question)
            taken += [line] if answer is _take_first else []
            said |= own_shop.read_map(line)
    if taken:
        return shop.doubting(
            say(
                'Some answers were taken without asking, because of YES=1: MAP="{answers}".',
                answers=",".join(taken),
            )
        )
    words.remember(path, before | said)
    return shop


def _take_first(question: "Question") -> str:
    """Answer a question with the first choice of each matter."""
    return question.first


def _nobody_answers() -> str:
    from apps.report.own_shop import OwnShopError

    raise OwnShopError("The question was not answered.")


def _ask(question: "Question") -> str:
    """Ask in the terminal, one matter after the other."""
    from helpers.language import say

    answers = []
    for matter in question.matters:
        print(matter.asks, file=sys.stderr)
        for number, choice in enumerate(matter.choices, start=1):
            print(f"  {number}  {choice.shown}  ({choice.answer})", file=sys.stderr)
        while True:
            prompt = say("Number, or a line such as user_id=Kunde: ")
            print(prompt, end="", file=sys.stderr, flush=True)
            said = (sys.stdin.readline() or _nobody_answers()).strip()
            if said.isdigit() and 1 <= int(said) <= len(matter.choices):
                said = matter.choices[int(said) - 1].answer
            if "=" in said and "…" not in said:
                answers.append(said)
                break
    return ",".join(answers)


def figures(shop: "OwnShop") -> dict:
    """Return the key figures of a file of orders, ready for JSON.

    apps/report/README.md describes them.
    """
    accounts, lines = shop.accounts, shop.order_lines
    first, last = (
        (None, None)
        if lines.empty
        else (day.date().isoformat() for day in (shop.first_day, shop.last_day))
    )
    return {
        "customers": accounts.customers,
        "orders": accounts.orders,
        "gross": accounts.gross,
        "discounts": accounts.discounts,
        "refunds": accounts.refunds,
        "net": accounts.net,
        "first": first,
        "last": last,
        "lines_read": accounts.lines_read,
        "lines_used": accounts.lines_used,
        "columns": shop.columns[["column", "how"]].to_dict("index"),
        "unused": dict(shop.unused),
        "warnings": list(shop.warnings),
    }


# ---------------------------------------------------------------- the page


def make(
    file: str,
    out: Path,
    options: "Options | None" = None,
    answer: "Callable[[Question], str] | None" = None,
    force: bool = False,
) -> str:
    """Make the page, and return a message with its path and what was found.

    A file that is no such page is overwritten only by ``force``.
    """
    from tqdm import tqdm

    from apps import report
    from apps.report import contents, own_shop
    from apps.report.own_shop import options as words
    from helpers.data import sources
    from helpers.language import say

    if len(os.fsencode(out.name)) > LONGEST_NAME:
        raise own_shop.OwnShopError("OUT has a name that is too long for a file.")
    if out.exists() and not out.is_file():
        raise own_shop.OwnShopError("OUT={out} is not a regular file. Choose another.", out=out)
    if not out.parent.is_dir():
        raise own_shop.OwnShopError("OUT={out} is not in an existing folder.", out=out)
    for taken in (Path(file), words.memory_of(file)) if file else ():
        if out.exists() and taken.exists() and out.samefile(taken):
            raise own_shop.OwnShopError(
                "OUT is a file of yours ({out}). Choose another file.", out=out
            )
    if out.is_file() and not force and not _is_page(out):
        raise own_shop.OwnShopError(
            "OUT={out} is a file that this command did not make. Choose another, or say "
            "FORCE=1 (--force).",
            out=out,
        )
    bar = {"unit": "step", "file": sys.stderr, "leave": False}
    total = READING + 5 * (len(contents.SECTIONS) + 1)
    with tqdm(total=total, desc=say("reading"), **bar) as progress:

        def advance(done: int, size: int) -> None:
            progress.update(READING * done // max(size, 1) - progress.n)

        shop = (
            read(file, options, answer, advance)
            if file
            else own_shop.from_shop(sources.load_shop())
        )
        progress.update(READING - progress.n)
        found = []
        for section in contents.SECTIONS:
            progress.set_description(say(section.question))
            found.append(section(shop))
            progress.update(5)
        progress.set_description(say("writing"))
        write(out, report.page(shop, found))
        progress.update(5)
    left_out = [f"  {one.question} {one.skipped}" for one in found if one.skipped]
    said = [shop.report(), ""]
    if file and words.memory_of(file).exists():
        memory = words.memory_of(file)
        said += [say("What you said about the file is kept in {memory}.", memory=memory), ""]
    if file:
        said += [
            say(
                "If a column was read wrong, correct it and run again: {example}.", example=EXAMPLE
            ),
            "",
        ]
    said += [say("The report is in {out}.", out=out)]
    return "\n".join(said + ([say("It leaves out:"), *left_out] if left_out else []))


def _is_page(path: Path) -> bool:
    """Whether a file is empty, or a page of ours by its beginning."""
    with path.open("rb") as file:
        start = file.read(1000)
    return not start or (start.startswith(b"<!doctype html>") and b"default-src 'none'" in start)


def write(out: Path, text: str) -> None:
    """Write a file in one step, so there is never a half-written one."""
    from apps.report.own_shop import OwnShopError

    try:
        copies.write(out, text.encode())
    except OSError as error:
        raise OwnShopError(
            "{out} cannot be written: {reason}.", out=out, reason=error.strerror
        ) from None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.report", description=__doc__)
    parser.add_argument("file", nargs="?", default="", help="order lines, orders, or events")
    parser.add_argument("--out", default="report.html", help="where to write the page")
    parser.add_argument("--force", action="store_true", help="overwrite any file")
    parser.add_argument("--json", action="store_true", help="print the key figures instead")
    parser.add_argument("--lang", default="en", help="en, or zh for Simplified Chinese")
    parser.add_argument("--yes", action="store_true", help="take the first answer to a question")
    parser.add_argument(
        "--map",
        default="",
        help="what you say about the file, such as " + EXAMPLE.replace("MAP", "--map"),
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
