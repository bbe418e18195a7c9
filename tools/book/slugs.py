"""The anchors of headings, as JupyterLab makes them, so that a link works in both."""


def slug(heading: str) -> str:
    """Return what stands behind ``#`` in a link.

    Examples
    --------
    >>> slug("1 · Why we divide")
    '1-·-Why-we-divide'
    """
    return heading.replace(" ", "-")
