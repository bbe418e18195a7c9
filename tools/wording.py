"""Phrases that the course's English does without, and what to write instead."""

import re
from collections.abc import Iterator

INSTEAD = {
    r"\bby lot\b|\bthe lots?\b(?! of)": "at random, the random assignment",
    r"\b[Ww]ho(?:so|mso)?ever\b|\bwhomever\b": "anyone who",
    r"\b[Aa]sked (?:is|are)\b|\bis asked for\b": "the question asks for",
    r"\d[ \u00a0\u202f]%": "43%, without a space",
    r"\bfore(?:see|tell|told|telling)\b": "predict",
    r"\b[Oo]ut of a hat\b": "arbitrary",
    r"\bcr(?:y|ies|ied) wolf\b": "raise a false alarm",
    r"\b[Ll]et the data say\b": "estimate it from the data",
    r"\b[Dd]ials?\b": "hyperparameter",
}


def unwanted(text: str) -> Iterator[str]:
    """Yield what is found and what to write instead.

    Examples
    --------
    >>> list(unwanted("The coupons were drawn by lot, for 43 % of them."))
    ['"by lot": write at random, the random assignment', '"3 %": write 43%, without a space']
    """
    for pattern, instead in INSTEAD.items():
        for match in re.finditer(pattern, text):
            yield f'"{match[0]}": write {instead}'
