"""Rules of code: imports, calls, paths, figures."""

import ast
import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.env import ROOT
from tools.notebooks.lesson import Lesson
from tools.notebooks.rules.base import called, nodes, only_comments, rule

NETWORK = {"aiohttp", "ftplib", "http", "httpx", "pooch", "requests", "socket", "urllib"}
CALLS = {"input", "system", "get_ipython"}


@rule
def imports(lesson: Lesson) -> Iterator[str]:
    """Import in the setup cell, nowhere else."""
    for cell in lesson.code:
        if cell.number != 2 and any(nodes(cell, ast.Import, ast.ImportFrom)):
            yield f"{cell}: imports something. Move the import into the setup cell, cell 2."


@rule
def public_api(lesson: Lesson) -> Iterator[str]:
    """Take from helpers only what a package's public API has, so each thing from one place."""
    packages = {}
    for cell in lesson.code:
        for node in nodes(cell, ast.ImportFrom):
            if not (node.module or "").startswith(("apps", "exercises", "helpers")):
                continue
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if shown(whole) is not None:
                    packages[alias.asname or alias.name] = whole
                elif alias.name not in (shown(node.module) or ()):
                    yield f"{cell}: imports {alias.name}, which {node.module} does not show."
        for node in nodes(cell, ast.Attribute):
            package = packages.get(getattr(node.value, "id", None))
            if package and node.attr not in shown(package):
                yield f"{cell}: uses {ast.unparse(node)}, which {package} does not show."


@functools.cache
def shown(module: str) -> frozenset[str] | None:
    """Return the names in a public API of helpers; None for a module inside a package.

    It is read, not imported: that of `helpers.spark` can be imported only with its extra.
    """
    place = ROOT / module.replace(".", "/")
    file = next(
        (each for each in (place / "__init__.py", place.with_suffix(".py")) if each.exists()), None
    )
    if file is None or (file.name != "__init__.py" and module.count(".") > 1):
        return None
    names = set()
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign):
            if ast.unparse(statement.targets[0]) == "__all__":
                return frozenset(ast.literal_eval(statement.value))
            names |= {ast.unparse(target) for target in statement.targets}
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
    return frozenset(name for name in names if name[0] != "_")


@rule
def calls(lesson: Lesson) -> Iterator[str]:
    """Use no magics, no shell, no keyboard and no network."""
    for cell in lesson.code:
        if cell.source.strip() and not any(nodes(cell, ast.stmt)) and not only_comments(cell):
            yield f"{cell}: is not plain Python. Do without magics (%), shell (!) and help (?)."
        if cell.source.rstrip().endswith(";"):
            yield f"{cell}: ends with a semicolon, which nbval ignores. Assign the value to `_`."
        for node in nodes(cell, ast.Import, ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            for name in NETWORK & {name.split(".")[0] for name in names}:
                yield f"{cell}: imports {name}. Lessons run offline: use helpers.data."
        for node in nodes(cell, ast.Constant):
            if isinstance(node.value, str) and re.match(r"(?:https?|ftp|s3)://", node.value):
                yield f"{cell}: reads {node.value}. Lessons run offline: use helpers.data."
        for name in CALLS & {called(node) for node in nodes(cell, ast.Call)}:
            yield f"{cell}: calls {name}(), which a lesson must not."


HERE = [place for place in (ROOT, Path.home(), Path(sys.prefix)) if place.name]  # "/" is no place
MACHINE = re.compile(
    r"(?<![\w./:])/(?:home|Users|root|tmp|var|private|opt|mnt|usr|work)/\S*|\b[A-Z]:\\(?:Users|Program)"
)

NO_CHARTS = ("in_words", "use_style")  # the other functions of helpers.plots


@rule
def paths(lesson: Lesson) -> Iterator[str]:
    """Name no place on somebody's machine, neither in a source nor in an output."""
    for cell in lesson.cells:
        data = [data for output in cell.outputs for data in output.get("data", {}).items()]
        texts = [text for kind, text in data if kind.startswith("text/")]
        text = "\n".join([cell.source, *(out.get("text", "") for out in cell.outputs), *texts])
        here = [place for place in map(str, HERE) if place in text]
        for place in (here or MACHINE.findall(text))[:1]:
            yield f"{cell}: names a place on one machine, {place}. Show path.name instead."


@rule
def figures(lesson: Lesson) -> Iterator[str]:
    """Give a figure a title, say it in words, and show it: by a chart, or with plt.show()."""
    for cell in lesson.code:
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        if not any(kind.startswith("image/") for kind in kinds):
            continue
        if not any(_sets_title(call) for call in nodes(cell, ast.Call)):
            yield f"{cell}: draws a figure without a title. Say its message with set_title."
        if not re.search(r"^In words: \S", cell.printed, re.MULTILINE):
            yield f'{cell}: draws a figure and does not say it in words: plots.in_words("…").'
        if not cell.tree.body or not _shows(cell.tree.body[-1]):
            yield f"{cell}: draws a figure and does not end with a chart or plt.show()."


def _shows(statement: ast.stmt) -> bool:
    """Whether a statement shows a figure; a chart does, unless it draws into axes that exist."""
    match statement:
        case ast.Expr(ast.Call(keywords=keywords) as call) if _is_chart(call):
            return all(keyword.arg != "ax" for keyword in keywords)
    return ast.unparse(statement) == "plt.show()"


def _is_chart(call: ast.Call) -> bool:
    return called(call) == "strips" or (
        ast.unparse(call.func).startswith("plots.") and called(call) not in NO_CHARTS
    )


def _sets_title(call: ast.Call) -> bool:
    """Whether a call gives a figure its title; every chart asks for one."""
    named = any(keyword.arg == "title" for keyword in call.keywords)
    return _is_chart(call) or named or called(call) in ("set_title", "suptitle", "title")
