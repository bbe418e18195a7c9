"""Execute, normalize and check a notebook: ``python -m tools.notebook 05``.

The file is replaced only when all is right; a notebook that fails stays as it was. What is advice
is printed and refuses nothing. Two runs give the same bytes.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tools import copies, env

LONG_RUN = 25  # seconds of CPU; the longest lesson takes 21 to 23
TEMPLATE = env.ROOT / "tools/notebooks/template.ipynb"


def main() -> None:
    """Do what the command line asks, and say what is wrong, if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebook", description=__doc__)
    parser.add_argument("name", nargs="?", help="05, online_retail or template")
    path = find(parser.parse_args().name)
    env.enter(copies.metadata(path).get("extra", ""))
    complaints = publish(path)
    print("\n".join(complaints) or f"{path.name} keeps the rules and is written.")
    sys.exit(bool(complaints))


def notebooks() -> list[Path]:
    """Return all lessons and case studies, and the template."""
    return [*(copies.LESSONS / lesson for lesson in copies.lessons()), TEMPLATE]


def find(name: str | None) -> Path:
    """Return the notebook that an author means by "05", "online_retail" or "template"."""
    if name == "template":
        return TEMPLATE
    if name and (lesson := copies.find(name)):
        return copies.LESSONS / lesson
    known = ", ".join([*map(copies.short_name, copies.lessons()), "template"])
    sys.exit(f"Say which notebook, for example: make notebook NB=05. There are: {known}.")


def publish(path: Path) -> list[str]:
    """Execute a notebook; replace its file if it keeps the rules, else return what is wrong."""
    from tools.notebooks import lesson, rules, timing  # only the environment has their needs

    draft = timing.with_header(lesson.read(path))
    try:
        seconds = lesson.execute(draft)
    except RuntimeError as failure:
        return [f"{path.name}: {failure}"]
    print(f"{path.name}: executed in {seconds:.1f} s of CPU")
    finished = replace(draft, notebook=lesson.normalized(draft.notebook))
    for advice in _listed(path, rules.problems(finished, rules.ADVICE)):
        print(f"advice: {advice}")
    if draft.number and seconds > LONG_RUN:
        print(f"advice: {path.name}: took {seconds:.1f} s of CPU; {LONG_RUN} are many.")
    complaints = _listed(path, rules.problems(finished))
    if not complaints:
        copies.write(path, lesson.serialize(finished.notebook).encode())
        if path.parent == copies.LESSONS:
            renew_times()
    return complaints


def renew_times() -> None:
    """Let README say how long the lessons take."""
    from tools.notebooks import lesson, timing

    lessons = [each for each in map(lesson.read, notebooks()) if each.title]
    for page in (env.ROOT / "README.md", copies.LESSONS / "zh/README.md"):
        text = timing.with_times(page.read_text(encoding="utf-8"), lessons)
        copies.write(page, text.encode())


def check(path: Path) -> list[str]:
    """Return what is wrong with a notebook as it is stored."""
    from tools.notebooks import lesson, rules

    stored = lesson.read(path)
    complaints = _listed(path, rules.problems(stored))
    normal = lesson.serialize(lesson.normalized(stored.notebook))
    if path.read_text(encoding="utf-8") != normal:
        complaints.append(f"{path.name}: is not normalized. Run `make notebook`.")
    return complaints


def _listed(path: Path, problems: dict[str, list[str]]) -> list[str]:
    return [
        f"{path.name}: {sentence} [{rule}]"
        for rule, sentences in problems.items()
        for sentence in sentences
    ]


if __name__ == "__main__":
    main()
