"""What the user says about a file: roles of columns and settings; on one line, and remembered.

``MAP="user_id=Kunde,discount=,day_first=no"`` says that the customer is in the column "Kunde", that
there is no discount, and that 05/03/2025 is in May. The answers are kept beside the file, in
``orders.csv.map.toml``, so next month needs no question.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from apps.report.own_shop.names import ROLES
from apps.report.own_shop.questions import OwnShopError
from helpers.language import say

WORDS = {"true": True, "yes": True, "false": False, "no": False, "comma": ",", "point": "."}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TEXT, COUNT = ".+", r"[1-9]\d*|all"
NEEDED = {TEXT: "a text", COUNT: "a number above 0, or all"}
ALLOWED = {  # setting → its values, or a pattern
    "day_first": (True, False),  # whether 05/03/2025 is in March
    "decimal": (",", "."),
    "encoding": TEXT,
    "sheet": TEXT,  # of a spreadsheet
    "names": (True, False),  # whether the first row has the names of the columns
    "orders": ("shared", "per_customer", "per_day"),  # whether order numbers start anew
    "amounts": ("per_line", "per_order"),  # whether equal amounts in an order are one amount
    "money": ("whole", "cents"),
    "sales": TEXT,  # words for kinds of rows, joined by "+"
    "refunds": TEXT,
    "left_out": TEXT,
    "extra_rows": ("left_out", "sold"),  # rows without an item or a quantity, beside others
    "most_units": COUNT,  # of a line; lines with more are left out; "all" for no limit
    "first_weekday": WEEKDAYS,
}


class Options(NamedTuple):
    """Roles of columns ("" for "there is none"), and settings.

    Examples
    --------
    >>> read_map("user_id=Name, first,discount=,day_first=no")
    Options(roles={'user_id': 'Name, first', 'discount': ''}, settings={'day_first': False})
    """

    roles: dict[str, str]
    settings: dict[str, object]

    def __or__(self, other: "Options") -> "Options":
        """Return these options, overruled by others."""
        return Options(self.roles | other.roles, self.settings | other.settings)


def read_map(text: str) -> Options:
    """Parse ``role=column`` and ``setting=value``, separated by commas.

    Names of columns may contain commas: only a comma before a known word and "=" separates.
    """
    options = Options({}, {})
    known = "|".join([*ROLES, *ALLOWED])
    for part in re.split(rf",\s*(?=(?:{known})\s*=)", text.strip()) if text.strip() else []:
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals:
            raise OwnShopError(
                'MAP="{text}": "{part}" should have the form role=column.', text=text, part=part
            )
        if name in options.roles or name in options.settings:
            what = 'MAP="{text}" says twice what "{name}" is. Keep one of them.'
            raise OwnShopError(what, text=text, name=name)
        if name in ALLOWED:
            is_text = ALLOWED[name] == TEXT
            options.settings[name] = value if is_text else WORDS.get(value.lower(), value)
        else:
            options.roles[name] = value
    return check(options)


def check(options: Options) -> Options:
    """Return options, or raise an error if a role or a value is unknown."""
    for known, given in ((ROLES, options.roles), (ALLOWED, options.settings)):
        for name in [name for name in given if name not in known]:
            raise OwnShopError(
                'There is no role "{role}".{hint} The roles are: {roles}; the settings are: '
                "{settings}.",
                role=name,
                hint=did_you_mean(name, [*ROLES, *ALLOWED], 0.6),
                roles=", ".join(ROLES),
                settings=", ".join(ALLOWED),
            )
    for name, value in options.settings.items():
        allowed = ALLOWED[name]
        is_pattern = isinstance(allowed, str)
        if not (re.fullmatch(allowed, str(value)) if is_pattern else value in allowed):
            needed = say(NEEDED[allowed]) if is_pattern else say(" or ").join(map(repr, allowed))
            what = "{name} must be {needed}; got {value}."
            raise OwnShopError(what, name=name, needed=needed, value=repr(value))
    return options


def did_you_mean(word: str, known, cutoff: float) -> str:
    """Return a question with the most similar of some known words, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return say(' Did you mean "{close}"?', close=close[0]) if close else ""


# ---------------------------------------------------------------- remembered


def memory_of(path: str | Path) -> Path:
    """Return the file that remembers how a file of orders is read: ``orders.csv.map.toml``."""
    path = Path(path)
    return path.with_name(f"{path.name}.map.toml")


def recall(path: str | Path) -> Options:
    """Return what was remembered about a file; nothing if there is no memory of it."""
    memory = memory_of(path)
    try:
        known = tomllib.loads(memory.read_text(encoding="utf-8"))
        return check(Options(*(dict(known.get(part, {})) for part in Options._fields)))
    except OSError:
        return Options({}, {})
    except (ValueError, TypeError) as error:
        what = "{memory} cannot be read: {error}. Correct it, or delete it to be asked again."
        raise OwnShopError(what, memory=memory, error=str(error).rstrip(".")) from None


def remember(path: str | Path, options: Options) -> Path | None:
    """Keep options beside a file; return where, or None if nothing was said or can be written."""
    memory = memory_of(path)
    if not any(options):
        return None
    what = "# How {name} is read. Edit a line, or delete this file to be asked again."
    lines = [say(what, name=Path(path).name)]
    for part, values in options._asdict().items():
        lines += ["", f"[{part}]"]
        lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items()]
    try:
        memory.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return None
    return memory


def as_map(options: Mapping[str, object]) -> str:
    """Write roles or settings as on a ``MAP`` line."""
    written = {True: "yes", False: "no"}
    return ",".join(f"{k}={written[v] if isinstance(v, bool) else v}" for k, v in options.items())
