"""Text as words: what keyword search counts."""

import re

# Words that say how a sentence is built, not what it is about.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    a about after again all also am an and any are as at be because been before being but by can
    could did do does doing don for from get give gives had has have having he her here him his
    how i if in into is it its just let ll m may me might mine more most my no not now of off on
    once one only or other our out over own please re s same shall she should so some such t than
    that the their them then there these they this those to too until up us ve very was we were
    what when where whether which while who whom why will with would yes you your yours
    """,
    )
)
CHINESE = re.compile("[\u4e00-\u9fff]")
RUN = re.compile(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+")  # of Chinese, or of other characters


def words(text: str) -> list[str]:
    """Return the words of a text in their order: lowercase, without stop words.

    Words are not stemmed: "returns" and "return" are two words. Chinese is written without spaces,
    so each pair of neighboring characters counts as a word (Nie et al. 2000).

    References
    ----------
    Nie, Gao, Zhang & Zhou (2000), On the use of words and n-grams for Chinese information
    retrieval, IRAL '00, https://doi.org/10.1145/355214.355235

    Examples
    --------
    >>> words("Where do I return the 2 mugs? It's urgent!")
    ['return', '2', 'mugs', 'urgent']
    >>> words("如何退货?")
    ['如何', '何退', '退货']
    """
    if not isinstance(text, str):
        raise ValueError(f"words takes one text; got {text!r}. Replace missing ones by ''.")
    found = []
    for run in RUN.findall(text.lower()):
        if CHINESE.match(run):
            found += [run[start : start + 2] for start in range(max(1, len(run) - 1))]
        elif run not in STOP_WORDS:
            found.append(run)
    return found
