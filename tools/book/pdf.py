"""The essentials as one PDF: the cores of their lessons, set by Sphinx and printed by Chromium."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from exercises.engine.course import RECOMMENDED, TRACKS
from tools import copies
from tools.book import front

BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable chrome msedge"
TITLE_PAGE = """\
{title}

{what}

```{{toctree}}
:hidden:

{pages}
```
"""


def chapters() -> list[str]:
    """Return the pages of the PDF: the lessons of the recommended track, glossary, bibliography."""
    numbers = TRACKS[RECOMMENDED].split()
    lessons = [path.stem for path in copies.lessons() if copies.short_name(path) in numbers]
    return [*lessons, "glossary", "bibliography"]


def title_page() -> str:
    """Return the first page, with the contents."""
    title, what, _ = front.opening()
    return TITLE_PAGE.format(title=title, what=what, pages="\n".join(chapters()))


def with_links_inside(page: str) -> str:
    """Let each link of a page of all lessons lead to a place that it has, or nowhere.

    Sphinx leads to ``#document-05_user_based_filtering#baseline``.

    Examples
    --------
    >>> with_links_inside('<a href="#document-05#base">, <a href="#document-09">, <p id="base">')
    '<a href="#base">, <a >, <p id="base">'
    """
    ids = set(re.findall(r'\bid="([^"]+)"', page))

    def inside(match: re.Match) -> str:
        found = [part for part in match[1].split("#") if part in ids]
        return f'href="#{found[-1]}"' if found else ""

    return re.sub(r'href="#([^"]+)"', inside, page)


def print_page(page: Path, out: Path) -> None:
    """Print a page of HTML with whatever browser of Chromium's family is installed.

    Raises
    ------
    SystemExit
        If there is none; the message says where the page is, which any browser can print.
    """
    page.write_text(with_links_inside(page.read_text(encoding="utf-8")), encoding="utf-8")
    browser = next(filter(None, map(shutil.which, BROWSERS.split())), None)
    if not browser:
        sys.exit(f"There is no Chromium or Chrome here that could print {page}. Any browser can.")
    out.parent.mkdir(exist_ok=True)
    command = [browser, "--headless", "--no-sandbox", "--generate-pdf-document-outline"]
    command += ["--no-pdf-header-footer", "--virtual-time-budget=60000", f"--print-to-pdf={out}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True)
