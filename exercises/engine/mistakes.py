"""Mistakes as edits of the solution, in a table that a teacher can read.

A line says what the solution says ``=>`` what a learner writes; indented below it stands what to
tell them::

    nlargest => nsmallest
        You took the least similar users: sorting is ascending by default.
    ratings.notna() & =>
    .index.tolist() => [ratings.notna()].index.tolist()
        You look for raters after the cut to k. First keep the raters, then cut.
    => ratings = ratings.fillna(0)
        A blank is taken for 0 stars. It is missing: leave it out.
    return … => return set(…)
        Your function gives a set, which has no order. Return a list, the most similar first.

Several lines are done one after the other. With nothing to the right a part is left out; with
nothing to the left a line is put before all others. ``…`` at the end of the left is the rest of a
statement, and on the right it is put in again. What takes more than edits is a function beside the
solution, which the line calls: ``=> return _in_a_row(ranked, k)``.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator

REST = "…"


def read(table: str) -> Iterator[tuple[list[str], str]]:
    """Yield the edits of each mistake, and its diagnosis.

    Examples
    --------
    >>> list(read('''
    ... max => min
    ...     You took the smallest one.
    ...     Take the largest.
    ... '''))
    [(['max => min'], 'You took the smallest one. Take the largest.')]
    """
    edits, said = [], []
    for line in textwrap.dedent(table).strip().splitlines():
        if line.startswith(" "):
            said.append(line.strip())
            continue
        if said:
            yield edits, " ".join(said)
            edits, said = [], []
        edits.append(line)
    if edits:
        yield edits, " ".join(said)


def read_options(table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the options of a quiz, letter → text, and of the wrong ones letter → diagnosis.

    Examples
    --------
    >>> read_options('''
    ... a) 43% came back.
    ... b) Nearly all of the customers
    ... came back.
    ...     You took the share of orders.
    ... ''')[1]
    {'b': 'You took the share of orders.'}
    """
    texts, diagnoses = {}, {}
    for line in textwrap.dedent(table).strip().splitlines():
        if line[1:3] == ") ":
            letter, line = line[0], line[3:]
        part = diagnoses if line.startswith(" ") else texts
        part[letter] = f"{part.get(letter, '')} {line.strip()}".strip()
    return texts, diagnoses


def edited(function: Callable, edits: list[str], *, name: str) -> Callable:
    """Return a function with parts of its source replaced.

    Parameters
    ----------
    function : with a docstring, which is no part of what is edited.
    edits : lines of a table.
    name : of the exercise, for errors.

    Raises
    ------
    ValueError
        If what is to be replaced does not stand there exactly once.
    """
    source = code(function)
    first = []
    for edit in edits:
        old, _, new = map(str.strip, edit.partition("=>"))
        if not old:
            first.append(f"    {new}\n")
            continue
        found = _places(source, old)
        if len(found) != 1:
            raise ValueError(
                f"{name}: `{old}` stands {len(found)} times in {function.__name__}, not once"
            )
        [(begin, end, rest)] = found
        source = source[:begin] + new.replace(REST, rest) + source[end:]
    head, colon, body = source.partition(":\n")
    space = dict(function.__globals__)
    title = f"<{name}: {'; '.join(edits)}>"  # a traceback shows it
    exec(compile(head + colon + "".join(first) + body, title, "exec"), space)
    return space[function.__name__]


def code(function: Callable) -> str:
    """Return a function's source without its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    documented = ast.parse(source).body[0].body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[: documented.lineno - 1] + lines[documented.end_lineno :])


def _places(source: str, old: str) -> list[tuple[int, int, str]]:
    """Find a part of a source, on one line or several: begin, end, and what … stands for."""
    begun = old.removesuffix(REST).rstrip()
    words = re.findall(r"[()\[\]{}]|[^\s()\[\]{}]+", begun)
    pattern = re.compile(r"\s*".join(map(re.escape, words)))
    if begun == old:
        return [(*match.span(), "") for match in pattern.finditer(source)]
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    segments = [ast.get_source_segment(source, node) for node in statements]
    found = [(each, pattern.match(each)) for each in segments]
    return [
        (begin, begin + len(each), each[match.end() :].strip())
        for each, match in found
        if match
        for begin in [source.index(each)]
    ]
