"""Negation tags: "not bad" becomes words that differ from "bad"."""

import re


def tag_negation(text: str) -> str:
    """Put NOT_ before each word between a negation and the next punctuation mark.

    A negation is "no", "not", "never", "cannot", or ends in "n't". Letters become small ones.

    References
    ----------
    Pang, Lee & Vaithyanathan (2002), Thumbs up? Sentiment classification using machine learning
    techniques, EMNLP '02, https://doi.org/10.3115/1118693.1118704

    Examples
    --------
    >>> tag_negation("It isn't bad at all, and it fits.")
    "it isn't NOT_bad NOT_at NOT_all , and it fits ."
    """
    if not isinstance(text, str):
        raise ValueError(f"tag_negation takes one text; got {text!r}. Replace missing ones by ''.")
    written, negated = [], False
    for word in re.findall(r"[\w'’]+|[.,;:!?]", text.lower()):
        if not word[0].isalnum():
            negated = False
        written.append("NOT_" + word if negated else word)
        negated = negated or re.fullmatch(r"no|not|never|cannot|\w+n['’]t", word) is not None
    return " ".join(written)
