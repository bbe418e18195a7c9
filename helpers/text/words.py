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


def words(text: str) -> list[str]:
    """Return the words of a text in their order: lowercase, without stop words.

    Words are not stemmed: "returns" and "return" are two words. Chinese is written without spaces,
    so a run of Chinese characters is one word: split it before, as the package jieba does.

    Examples
    --------
    >>> words("Where do I return the 2 mugs? It's urgent!")
    ['return', '2', 'mugs', 'urgent']
    """
    if not isinstance(text, str):
        raise ValueError(f"words takes one text; got {text!r}. Replace missing ones by ''.")
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS]
