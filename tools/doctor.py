"""Say what is wrong with this setup and how to fix it: ``python -m tools.doctor``, and lesson 00.

With ``--lang=zh``, in Chinese.

>>> from tools import doctor
>>> healthy = doctor.report()
ok   Python is new enough
ok   the packages are the ones this course was tested with
ok   helpers come from the folder you work in
ok   the data files are complete
ok   your progress can be saved
Everything is in order.
"""

import argparse
import hashlib
import re
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers import language
from helpers.language import say_in_lesson
from tools import env, lab

if TYPE_CHECKING:
    from packaging.requirements import Requirement

ROOT = env.ROOT


class Finding(NamedTuple):
    """What was checked, what is wrong, and how to fix it (both empty if it is in order)."""

    subject: str
    trouble: str = ""
    fix: str = ""


def main() -> None:
    """Check that there is an environment, and inside it all the rest."""
    parser = argparse.ArgumentParser(prog="python -m tools.doctor", allow_abbrev=False)
    parser.add_argument("--lang", default=language.current(), help="to speak: en or zh")
    spoken = lab.language_of(parser.parse_args().lang)
    folder, python = env.place()
    with language.speaking(spoken):
        if not env.is_current():
            missing = say_in_lesson(
                "the environment is missing, incomplete, or from an earlier version"
            )
            remake = say_in_lesson("To fix it: make lab    (without make: python -m tools.lab)")
            sys.exit(f"OFF  {missing}\n     {remake}")
        if folder.samefile(sys.prefix):
            sys.exit(not report())
    # -P: helpers must be found as a notebook finds them, not because they are in this folder.
    sys.exit(env.run(python, "-P", "-m", "tools.doctor", f"--lang={spoken}"))


def report() -> bool:
    """Print a line for each check, with the fix if it failed; return whether all passed."""
    findings = examine()
    for subject, trouble, fix in findings:
        if trouble:
            print(
                "OFF ", say_in_lesson("{subject}: no, {trouble}", subject=subject, trouble=trouble)
            )
            print("    ", say_in_lesson("To fix it: {fix}", fix=fix))
        else:
            print("ok  ", subject)
    healthy = not any(finding.trouble for finding in findings)
    if healthy:
        print(say_in_lesson("Everything is in order."))
    return healthy


def examine() -> list[Finding]:
    """Check everything that the lessons need."""
    packages = examine_packages(ROOT / "requirements.txt")
    findings = [
        Finding(say_in_lesson("Python is new enough")),  # else `tools` could not be imported
        packages,
        examine_helpers(Path.cwd()),
        examine_data(ROOT / "data"),
    ]
    if not packages.trouble:  # finding the progress folder needs the packages
        from exercises.engine import store

        findings.append(examine_progress(store.folder()))
    return findings


def examine_packages(lock: Path) -> Finding:
    """Compare the installed packages with a lock (a requirements file of exact versions)."""
    subject = say_in_lesson("the packages are the ones this course was tested with")
    differences = []
    for requirement in read_lock(lock):
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            differences.append(say_in_lesson("{name} is missing", name=requirement.name))
        else:
            if not requirement.specifier.contains(installed, prereleases=True):
                differences.append(
                    say_in_lesson(
                        "{required} is required, but {installed} is installed",
                        required=requirement,
                        installed=installed,
                    )
                )
    if not differences:
        return Finding(subject)
    return Finding(subject, _first(differences), _remake())


def examine_helpers(working_folder: Path) -> Finding:
    """Check that this folder uses the helpers of the course that it belongs to."""
    subject = say_in_lesson("helpers come from the folder you work in")
    for folder in [working_folder, *working_folder.parents]:
        if (folder / "tools/doctor.py").is_file():
            if folder.resolve() == ROOT:
                break
            trouble = say_in_lesson(
                "you work in {here}, but helpers come from {there}", here=folder, there=ROOT
            )
            return Finding(subject, trouble, _remake())
    return Finding(subject)


def examine_data(folder: Path) -> Finding:
    """Compare the data files with their SHA-256 in the folder's README."""
    subject = say_in_lesson("the data files are complete")
    fix = say_in_lesson(
        "`git restore data`, or without git: download the course again and take its folder data"
    )
    readme = folder / "README.md"
    if not readme.is_file():
        return Finding(subject, say_in_lesson("the folder data is missing or incomplete"), fix)
    faults = []
    for name, sha256 in read_checksums(readme):
        path = folder / name
        if not path.is_file():
            faults.append(say_in_lesson("{name} is missing", name=f"data/{name}"))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            faults.append(
                say_in_lesson(
                    "data/{name} differs from the one this course was written for", name=name
                )
            )
    if not faults:
        return Finding(subject)
    return Finding(subject, _first(faults), fix)


def examine_progress(folder: Path) -> Finding:
    """Check that the folder of the learner's progress is writable."""
    subject = say_in_lesson("your progress can be saved")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding(subject)
    except OSError as error:
        trouble = say_in_lesson(
            "{folder} cannot be written ({error})", folder=folder, error=error.strerror
        )
        fix = say_in_lesson(
            "make that folder writable, or set WORKBOOK_PROGRESS to a folder of your own"
        )
        return Finding(subject, trouble, fix)


def read_lock(path: Path) -> Iterator["Requirement"]:
    """Yield the requirements of a lock that apply to this Python and this system."""
    from packaging.requirements import Requirement  # only the environment has it

    for line in path.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.removesuffix("\\"))
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def read_checksums(readme: Path) -> Iterator[tuple[str, str]]:
    """Yield (file, sha256) of the committed files, which have a folder, from a README's tables."""
    for line in readme.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| *`([^`/]+/[^`]+)` *\|.*\b([0-9a-f]{64})\b", line):
            yield match[1], match[2]


def _remake() -> str:
    """Say how to make the environment anew."""
    return say_in_lesson(
        "close JupyterLab, delete the folder .venv and start again with `make lab` "
        "(without make: `python -m tools.lab`; in conda: `conda env update -f environment.yml`)"
    )


def _first(troubles: list[str]) -> str:
    """Return up to three problems, and how many more there are."""
    first = say_in_lesson("; ").join(troubles[:3])
    if len(troubles) <= 3:
        return first
    return say_in_lesson("{first} and {number} more", first=first, number=len(troubles) - 3)


if __name__ == "__main__":
    main()
