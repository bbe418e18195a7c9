"""How Sphinx makes the book. Nothing is executed, and no page asks another host for anything."""

import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import jieba
import sphinxcontrib.bibtex.plugin
from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style
from pybtex.style.labels import BaseLabelStyle
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

sys.path.insert(0, str(Path(__file__).parents[2]))
from helpers.language import current, say
from tools.book import glossary_page, references

project = html_title = say("The user-value workbook")
copyright = say("the authors of the user-value workbook, CC BY 4.0")
language = {"en": "en", "zh": "zh_CN"}[current()]
extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
]

logging.getLogger("alembic").setLevel(logging.WARNING)  # it greets whoever imports it
jieba.setLogLevel(logging.WARNING)

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "tools.book.slugs.slug"
suppress_warnings = ["mystnb.unknown_mime_type"]

bibtex_bibfiles = ["../../notebooks/references.bib"]
bibtex_reference_style = bibtex_default_style = "workbook"

autodoc_mock_imports = ["pyspark"]
add_module_names = False
numpydoc_show_class_members = False
default_role = "py:obj"

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["book.css"]
if current() == "zh":  # whoever has no Chinese font gets that of the figures
    html_static_path.append("../../helpers/locale/fonts")
    html_css_files.append("chinese.css")
    html_search_options = {"dict": ""}  # jieba has its own already, and the glossary's terms
    for names, *_ in glossary_page.entries():
        for word in re.findall(r"[一-鿿]{2,}", names[0]):
            jieba.add_word(word)
html_js_files = ["book.js"]
html_favicon = "static/favicon.svg"
StandardDomain.object_types["term"].attrs["searchprio"] = 0  # search names terms, too
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it would be fetched, which a page opened from a file can't do
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system
html_theme_options = {"show_toc_level": 2, "use_download_button": False}


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class Citations(AuthorYearReferenceStyle):
    """Citations as the lessons write them: (Thompson 1933)."""

    def __post_init__(self) -> None:
        """Set brackets and what stands between author and year."""
        for name in ("author", "label", "parenthetical", "textual", "title"):
            setattr(self, f"bracket_{name}", _round())
        self.author_year_sep = " "
        super().__post_init__()


class Labels(BaseLabelStyle):
    """The list calls a work as the lessons do: Dean and Barroso 2013."""

    def format_labels(self, sorted_entries: list) -> list[str]:
        """Return the label of each work."""
        return [references.label(references.load()[entry.key]) for entry in sorted_entries]


class AuthorYear(Style):
    """The plain style with our labels."""

    default_label_style = Labels


register_plugin("pybtex.style.formatting", "workbook", AuthorYear)
sphinxcontrib.bibtex.plugin.register_plugin(
    "sphinxcontrib.bibtex.style.referencing", "workbook", Citations
)


def note_definitions(app: Sphinx, doctree: nodes.document) -> None:
    """Note on each link to the glossary what the term means."""
    definitions = {names[0].lower(): definition for names, definition, _ in glossary_page.entries()}
    for link in doctree.findall(addnodes.pending_xref):
        if link["reftype"] == "term":
            link[0]["definition"] = definitions.get(link["reftarget"].lower(), "")


def show_definitions(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Let each link to the glossary carry the definition, which the page shows on hover."""
    for link in doctree.findall(nodes.reference):
        for shown in link.findall(lambda node: isinstance(node, nodes.inline)):
            if shown.get("definition"):
                link["classes"].append("term")
                link["reftitle"] = shown["definition"]


def fold_further(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Fold each section of Further below its heading; the PDF is without them."""
    for section in list(doctree.findall(nodes.section)):
        title, *rest = section.children
        if re.match(r"(Further|拓展) [A-Z] · ", title.astext()):
            if app.builder.name == "singlehtml":
                section.parent.remove(section)
                continue
            opening, end_of_title, end = (
                nodes.raw("", tag, format="html")
                for tag in ('<details class="further"><summary>', "</summary>", "</details>")
            )
            section.children = []
            section += [opening, title, end_of_title, *rest, end]


def read_again(app: Sphinx, env: BuildEnvironment, *found: set[str]) -> set[str]:
    """Read all pages again when the list of references has changed: their links count it."""
    _, changed, _ = found
    return env.found_docs if "bibliography" in changed else set()


def skip_routing(app: Sphinx, what: str, name: str, *_: object) -> bool | None:
    """Leave out the methods that scikit-learn makes for the routing of metadata."""
    return True if re.fullmatch(r"set_\w+_request|get_metadata_routing", name) else None


def read_plainly(app: Sphinx, what: str, name: str, *rest: object) -> None:
    """Keep formulas in docstrings as they are typed: an indented one as a block, |x| and alpha_."""
    *_, lines = rest
    text, heading, examples = "\n".join(lines).partition("\nExamples\n---")
    opening, underline, sections = text.partition("\n---")
    paragraphs = opening.split("\n\n")
    opening = "\n\n".join(
        f".. code-block:: text\n\n{p}" if p[:4] == "    " else escaped(p) for p in paragraphs
    )
    lines[:] = (opening + underline + escaped(sections) + heading + examples).split("\n")


SECTIONS = "Parameters", "Returns", "Raises", "Attributes", "References", "Examples"


def name_sections(app: Sphinx, what: str, name: str, *rest: object) -> None:
    """Name the sections of a docstring in the language of the book."""
    *_, lines = rest
    lines[:] = [
        re.sub(rf"^(:|\.\. rubric:: )({'|'.join(SECTIONS)})", lambda m: m[1] + say(m[2]), line)
        for line in lines
    ]


def escaped(text: str) -> str:
    """Escape what reStructuredText would take for markup, outside of code in backticks."""
    parts = re.split(r"(``.*?``|`.*?`)", text)
    return "".join(
        p if p[:1] == "`" else re.sub(r"\||(?<=\w)_(?!\w)", r"\\\g<0>", p) for p in parts
    )


def setup(app: Sphinx) -> None:
    """Hear which members there are, and when a page is ready to be written."""
    app.extensions["sphinx-mathjax-offline"].parallel_read_safe = True  # it only copies, at the end
    app.connect("autodoc-process-docstring", read_plainly, priority=400)  # before numpydoc
    app.connect("autodoc-process-docstring", name_sections, priority=600)  # after it
    app.connect("autodoc-skip-member", skip_routing)
    app.connect("env-get-outdated", read_again)
    app.connect("doctree-read", note_definitions)
    app.connect("doctree-resolved", show_definitions)
    app.connect("doctree-resolved", fold_further)
