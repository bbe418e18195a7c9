"""Make the book: ``python -m tools.book``.

The committed notebooks, executed as they are, become pages in ``book/en/``; open
``book/en/index.html``. A second run makes only the pages whose source has changed. With
``--lang=zh`` the Chinese edition is made, in ``book/zh/``. With ``--teacher`` the exercises have
their solutions, and the handbook has a page for each lesson; that book is in ``book/en-teacher/``.
With ``--pdf`` the essentials become one file to print, ``book/essentials-en.pdf``.
"""

import argparse
import gc
import shutil
import sys
import time

from tools import env, lab


def main() -> None:
    """Write the sources, let Sphinx make pages of them, and say where they are."""
    env.enter("book")
    parser = argparse.ArgumentParser(prog="python -m tools.book", allow_abbrev=False)
    parser.add_argument("--lang", default="en", help="the language: en or zh")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--teacher", action="store_true", help="with solutions, for teachers")
    kind.add_argument("--pdf", action="store_true", help="the essentials, to print")
    asked = parser.parse_args()
    from sphinx.cmd.build import build_main  # only this environment has it

    from helpers import language
    from helpers.language import say
    from tools.book import front, pdf, sources

    started = time.monotonic()
    code, _ = lab.edition(asked.lang, "book")
    name = code + "-teacher" * asked.teacher + "-pdf" * asked.pdf
    work = env.ROOT / ".cache/book" / name
    options = ["--quiet", "--fail-on-warning", "--keep-going", "--jobs", "auto"]
    options += ["--conf-dir", str(env.ROOT / "tools/book"), "--doctree-dir", str(work / "doctrees")]
    if asked.pdf:
        options += ["--builder", "singlehtml", "-D", "suppress_warnings=toc.not_included"]
    with language.speaking(code):
        print(say("Collecting text, code and figures of the lessons …"), flush=True)
        front_page = pdf.title_page() if asked.pdf else front.landing(asked.teacher)
        sources.write(work / "sources", front_page, teacher=asked.teacher)
        print(
            say("Setting the pages: the first time about a minute, then what has changed …"),
            flush=True,
        )
        if build_main([*options, str(work / "sources"), str(work / "html")]):
            sys.exit(say("The book has mistakes, named above."))
        if asked.pdf:
            print(say("Printing …"), flush=True)
            made = out = env.ROOT / f"book/essentials-{code}.pdf"
            pdf.print_page(work / "html/index.html", out)
        else:
            out = env.ROOT / "book" / name
            # Not made in place: beside the pages, myst-nb keeps the figures of a second run.
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(work / "html", out)
            made = out / "index.html"
        size = sum(path.stat().st_size for path in [out, *out.rglob("*")] if path.is_file())
        print(
            say(
                "{made}: {size} MB in {seconds} s.",
                made=made,
                size=f"{size / 1e6:.0f}",
                seconds=f"{time.monotonic() - started:.0f}",
            )
        )


if __name__ == "__main__":
    gc.disable()  # a fifth of the time goes into looking for garbage; without, it takes 1 GB
    main()
    gc.freeze()  # or Python looks for it before it ends
