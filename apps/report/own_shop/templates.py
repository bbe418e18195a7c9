"""Templates: the texts of a column with every digit replaced by 0.

A column of a million dates or amounts has few templates, such as "00. März 0000". Each is
understood once, and says where in a text the year or the cents stand. The values of a template are
equally long, so they are read together, as columns of a matrix of characters.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

LONGEST = 80  # characters; no date or amount is longer
PLAIN = str.maketrans(  # what NFKC leaves: Arabic, Persian and Indian digits, and their marks
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९٫٬", "0123456789" * 3 + ".'", "\u200e\u200f\u061c"
)


def clean(text: pd.Series) -> pd.Series:
    """Return texts with plain digits, signs and spaces: "２０２５" is "2025".

    Examples
    --------
    >>> clean(pd.Series([" ２０２５：１ ", "٣\u00a0€"])).tolist()
    ['2025:1', '3 €']
    """
    if not text.str.isascii().all():
        text = text.str.normalize("NFKC").str.translate(PLAIN)
    return text.str.replace(" {2,}|[\t\r\n]", " ", regex=True).str.strip()


def by_template(text: pd.Series) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield each template, the positions of its texts, and their bytes: (texts, bytes of a text).

    The bytes are UTF-8. Texts without a digit, and very long ones, are left out.

    Parameters
    ----------
    text : Series of str, none missing.

    Examples
    --------
    >>> for template, where, characters in by_template(pd.Series(["7 €", "x", "9 €"])):
    ...     print(template, where, characters[:, 0] - ord("0"))
    0 € [0 2] [7 9]
    """
    array = pa.array(text, pa.large_string())
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    _, ends, content = array.buffers()
    data = np.frombuffer(content, "uint8")
    zeros = np.where((data >= ord("0")) & (data <= ord("9")), np.uint8(ord("0")), data)
    buffers = len(array), ends, pa.py_buffer(zeros), None, 0, array.offset
    templates = pa.LargeStringArray.from_buffers(*buffers).dictionary_encode()
    codes = templates.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(codes, minlength=1))[:-1])
    starts = np.frombuffer(ends, "int64")[array.offset :]
    for template, where in zip(templates.dictionary.to_pylist(), groups, strict=False):
        if "0" in template and len(template) <= LONGEST:
            width = np.arange(len(template.encode()))
            yield template, where, data[starts[where][:, None] + width]


def byte_span(template: str, span: tuple[int, int]) -> slice:
    """Return where in the bytes of a text some of its characters stand.

    Examples
    --------
    >>> byte_span("€ 00", (2, 4))
    slice(4, 6, None)
    """
    start, stop = (len(template[:position].encode()) for position in span)
    return slice(start, stop)
