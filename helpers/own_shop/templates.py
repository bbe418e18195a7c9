"""Templates: the texts of a column with every digit replaced by 0.

A column of a million dates or amounts has few templates, such as "00. März 0000". Each is
understood once, and says where in a text the year or the cents stand. The values of a template are
equally long, so they are read together, as columns of a matrix of characters.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

LONGEST = 80  # characters; no date or amount is longer
OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3, "\u200e\u200f")


def clean(text: pd.Series) -> pd.Series:
    """Return texts with plain digits, signs and spaces: "２０２５" is "2025".

    Examples
    --------
    >>> clean(pd.Series([" ２０２５：１ ", "٣\u00a0€"])).tolist()
    ['2025:1', '3 €']
    """
    if not text.str.isascii().all():
        text = text.str.normalize("NFKC").str.translate(OTHER_DIGITS)
    return text.str.strip()


def digits_to_zero(text: pd.Series) -> pd.Series:
    """Return the templates of texts."""
    return text.str.replace("[0-9]", "0", regex=True)


def by_template(
    text: pd.Series, templates: pd.Series
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield each template, the positions of its texts, and their bytes: (texts, bytes of a text).

    Texts without a digit, and very long ones, are left out.

    Examples
    --------
    >>> text = pd.Series(["7 €", "x", "9 €"])
    >>> for template, where, characters in by_template(text, digits_to_zero(text)):
    ...     print(template, where, characters[:, 0] - ord("0"))
    0 € [0 2] [7 9]
    """
    codes, names = pd.factorize(templates)
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(codes, minlength=1))[:-1])
    for template, where in zip(names, groups, strict=False):
        if "0" in template and len(template) <= LONGEST:
            joined = "".join(text.iloc[where] if len(names) > 1 else text).encode()
            yield template, where, np.frombuffer(joined, "uint8").reshape(len(where), -1)


def byte_span(template: str, span: tuple[int, int]) -> slice:
    """Return where in the bytes of a text some of its characters stand.

    Examples
    --------
    >>> byte_span("€ 00", (2, 4))
    slice(4, 6, None)
    """
    start, stop = (len(template[:position].encode()) for position in span)
    return slice(start, stop)
