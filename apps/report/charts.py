"""The data of an interactive figure, as the script of the page (``page.js``) reads them."""

import json

import pandas as pd

from apps.report.section import label


def chart(data: pd.DataFrame) -> str:
    """Return the data of a figure as JSON.

    Parameters
    ----------
    data : as in `apps.report.section.Figure`.

    Returns
    -------
    str; an object with ``x`` (labels), ``number`` (how a value is written), ``noun`` (what is
    counted, if anything) and ``series`` (name, values, and low and high if there is an interval;
    null where a series has no value).

    Examples
    --------
    >>> from apps.report.section import tidy
    >>> months = pd.period_range("2025-01", periods=2, freq="M")
    >>> print(chart(tidy(pd.Series([7.5, 9], index=months, name="sold"), "$")))
    {"x":["2025-01","2025-02"],...,"series":[{"name":"sold","values":[7.5,9.0]}]}
    """
    units = data["unit"].unique()
    if len(units) != 1:
        raise ValueError(f"A figure has one unit; got {', '.join(map(str, units)) or 'no rows'}.")
    x = data["x"].drop_duplicates().sort_values()
    series = []
    for name, rows in data.groupby("series", sort=False):
        rows = rows.set_index("x").reindex(x)
        bounds = [one for one in ("low", "high") if one in rows and rows[one].notna().any()]
        values = {"values": rows["value"], **rows[bounds]}
        series.append({"name": str(name)} | {key: _numbers(rows) for key, rows in values.items()})
    made = {
        "x": [label(one) for one in x],
        **_written(str(units[0])),
        "series": series,
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(f"{value:.6g}") for value in values]


def _written(unit: str) -> dict[str, str]:
    """Return how a value is written: a currency before it, a percent sign or a noun after it.

    Examples
    --------
    >>> [_written(unit)["number"] for unit in ("$", "EUR", "%", "orders", "")]
    ['${}', 'EUR {}', '{}%', '{}', '{}']
    >>> [_written(unit)["noun"] for unit in ("$", "orders")]
    ['', 'orders']
    """
    if len(unit) == 3 and unit.isupper():
        return {"number": f"{unit} {{}}", "noun": ""}
    if len(unit) == 1:
        return {"number": "{}%" if unit == "%" else f"{unit}{{}}", "noun": ""}
    return {"number": "{}", "noun": unit}
