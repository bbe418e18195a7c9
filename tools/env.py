"""The environments: ``.venv`` for everybody, ``.venv-<extra>`` for those who maintain the course.

An environment is made from the locks alone. A stamp, written last, says what it was made from;
where the stamp is missing (the first time, or after an interruption) or tells of other locks,
another Python or another folder, the environment is made afresh. Nothing is ever repaired. Of two
commands that start at once, one makes it and the other waits.

A tool that needs packages starts with ``env.enter()``, or ``env.enter("author")``, and is inside
the environment from there on.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from helpers.language import say_in_lesson

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

NAME = "user-value-workbook"
ROOT = Path(__file__).resolve().parent.parent
STAMP = "made-from.txt"
OPENED = ["fast", "serve", "spark"]  # extras in which learners open lessons
# With one thread a kernel, as many kernels as cores share them well.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def enter(extra: str = "") -> None:
    """Go on inside the environment.

    Outside of it, start the running module again with its Python. That takes the place of this
    process, so whoever stops the one stops the other; Windows can't do so, and there it is a child.
    """
    python = ready(extra)
    folder, _ = place(extra)
    if not folder.samefile(sys.prefix):
        module = sys.modules["__main__"].__spec__.name
        command = [str(python), "-m", module, *sys.argv[1:]]
        if os.name == "nt":
            sys.exit(run(*command))
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(python, command)


def ready(extra: str = "") -> Path:
    """Return the environment's Python; a missing or outdated environment is made first."""
    folder, python = place(extra)
    if is_conda(extra):
        link(Path(sysconfig.get_path("purelib")))
    elif not is_current(extra):
        with alone(folder):
            if not is_current(extra):  # while we waited, another command may have made it
                make(extra)
                (folder / STAMP).write_text(fingerprint(extra), encoding="utf-8")
    return python


def place(extra: str = "") -> tuple[Path, Path]:
    """Return the folder of an environment and its Python, whether they are there or not."""
    if is_conda(extra):
        return Path(sys.prefix), Path(sys.executable)
    folder = ROOT / (f".venv-{extra}" if extra else ".venv")
    return folder, folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_conda(extra: str = "") -> bool:
    """Whether we are in the conda environment that environment.yml makes: it is used as it is."""
    prefix = Path(sys.prefix)
    return not extra and prefix.name == NAME and (prefix / "conda-meta").is_dir()


def is_current(extra: str = "") -> bool:
    """Whether the environment is there, whole, and made from what it would be made from today."""
    folder, python = place(extra)
    stamp = folder / STAMP
    return is_conda(extra) or (
        python.exists()
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8") == fingerprint(extra)
    )


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one command at a time work at a folder; whoever comes later is told, and waits.

    The lock is on a file beside the folder, and ends with the command, even if that crashes.
    """
    with folder.with_name(f"{folder.name}.lock").open("a") as lock:
        if not take(lock):
            waits = "Another command is making {folder}; this one waits for it."
            print(say_in_lesson(waits, folder=folder.name), flush=True)
            while not take(lock):
                time.sleep(0.5)
        yield


def take(lock: IO) -> bool:
    """Take a lock unless another command has it; return whether it is ours now."""
    try:
        if os.name == "nt":
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # of Unix and of Windows: somebody has it
        return False
    except OSError:  # some network drives know no locks; then nobody can be waited for
        return True
    return True


def make(extra: str = "") -> None:
    """Make an environment from nothing. Every package comes with a hash from the locks, uv too."""
    folder, python = place(extra)
    if folder.is_symlink():  # what it leads to may be another copy's, and would be emptied
        sys.exit(
            f"{folder.name} is a link to {folder.resolve()}, which does not fit this folder. "
            "Remove the link; the environment is made afresh."
        )
    uv_lock, *package_locks = locks(extra)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    uv = [python, "-m", "uv", "--quiet", "pip", "sync"]
    if extra in ["", *OPENED]:
        # Compiled at once, a lesson starts in half the time even where Python may not write
        # bytecode. Where no lesson is opened, it would take longer than it saves.
        uv.append("--compile-bytecode")
    steps = {
        say_in_lesson("an empty environment"): [sys.executable, "-m", "venv", "--clear", folder],
        say_in_lesson("the installer"): [*pip, "install", "--require-hashes", "-r", uv_lock],
        say_in_lesson(
            "the packages, which takes longest: up to a minute, more if the network is slow"
        ): [*uv, "--require-hashes", "--python", python, uv_lock, *package_locks],
    }
    print(say_in_lesson("Making {folder}, once:", folder=folder.name), flush=True)
    for number, (what, command) in enumerate(steps.items(), start=1):
        print(f"  {number}/{len(steps)} {what}", flush=True)
        if run(*command) != 0:
            sys.exit(
                say_in_lesson(
                    "{folder} could not be made: the step above failed. Is the network reachable? "
                    "Run the same command again; it starts afresh.",
                    folder=folder.name,
                )
            )
    base = {"base": str(folder), "platbase": str(folder)}
    link(Path(sysconfig.get_path("purelib", scheme="venv", vars=base)))


def link(site_packages: Path) -> None:
    """Let all programs of an environment, kernels above all, import ``helpers`` from here."""
    # The encoding in which Python reads it: a folder may be named after José.
    (site_packages / f"{NAME}.pth").write_text(f"{ROOT}\n", encoding="locale")


def locks(extra: str = "") -> list[Path]:
    """Return the locks that an environment is made from, uv's own first."""
    files = [ROOT / "tools/locks/uv.txt", ROOT / "requirements.txt"]
    return [*files, ROOT / f"tools/locks/{extra}.txt"] if extra else files


def fingerprint(extra: str = "") -> str:
    """Return what an environment depends on: the locks' hash, Python's version, the folder."""
    content = b"".join(lock.read_bytes() for lock in locks(extra))
    version = "Python {}.{}".format(*sys.version_info)
    return f"{hashlib.sha256(content).hexdigest()}\n{version}\n{ROOT}\n"


def run(*command: object, **variables: str) -> int:
    """Run a command in this folder and return its exit code; Ctrl-C is the command's to answer."""
    words = [str(word) for word in command]
    with subprocess.Popen(words, cwd=ROOT, env=os.environ | variables) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
