"""Make the book: ``python -m tools.book``.

The committed notebooks, executed as they are, become pages in ``book/en/``; open
``book/en/index.html``. A second run makes only the pages whose source has changed. With
``--lang=zh`` the Chinese edition is made, in ``book/zh/``. With ``--teacher`` the exercises have
their solutions, and the handbook has a page for each lesson; that book is in ``book/en-teacher/``.
"""

import argparse
import shutil
import sys
import time

from tools import env, lab


def main() -> None:
    """Write the sources, let Sphinx make pages of them, and say where they are."""
    env.enter("book")
    parser = argparse.ArgumentParser(prog="python -m tools.book", allow_abbrev=False)
    parser.add_argument("--lang", default="en", help="the language: en or zh")
    parser.add_argument("--teacher", action="store_true", help="with solutions, for teachers")
    asked = parser.parse_args()
    from sphinx.cmd.build import build_main  # only this environment has it

    from helpers import language
    from tools.book import sources

    started = time.monotonic()
    code, _ = lab.edition(asked.lang, "book")
    name = f"{code}-teacher" if asked.teacher else code
    out, work = env.ROOT / "book" / name, env.ROOT / ".cache/book" / name
    options = ["--quiet", "--fail-on-warning", "--keep-going"]
    options += ["--conf-dir", str(env.ROOT / "tools/book"), "--doctree-dir", str(work / "doctrees")]
    with language.speaking(code):
        sources.write(work / "sources", teacher=asked.teacher)
        mistakes = build_main([*options, str(work / "sources"), str(work / "html")])
    if mistakes:
        sys.exit("The book has mistakes, named above.")
    # Not made in place: beside the pages, myst-nb keeps the figures that a second run goes on from.
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(work / "html", out)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out / 'index.html'}: {size / 1e6:.0f} MB in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
