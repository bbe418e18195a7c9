"""Write a table of texts as a file of one of many formats, with nothing but what pandas needs."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

Write = Callable[[pd.DataFrame, Path], None]
OASIS = "urn:oasis:names:tc:opendocument:xmlns"


@dataclass(frozen=True)
class Text:
    """Write text with separators; ``before`` is put above the names."""

    sep: str = ","
    encoding: str = "utf-8"
    header: bool = True
    before: str = ""
    quoting: int = csv.QUOTE_MINIMAL
    lines_end: str = "\n"

    def __call__(self, frame: pd.DataFrame, path: Path) -> None:
        content = frame.to_csv(
            index=False,
            sep=self.sep,
            header=self.header,
            quoting=self.quoting,
            lineterminator=self.lines_end,
        )
        path.write_bytes((self.before + content).encode(self.encoding))


def gz(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV packed by gzip."""
    path.write_bytes(gzip.compress(frame.to_csv(index=False).encode(), mtime=0))


def zipped(frame: pd.DataFrame, path: Path) -> None:
    """Write a zip file that holds one CSV."""
    path.write_bytes(archive({"export/orders.csv": frame.to_csv(index=False)}))


def parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write Parquet with the types that pandas gives its columns."""
    frame.to_parquet(path, index=False)


def jsonl(frame: pd.DataFrame, path: Path) -> None:
    """Write one JSON object a line."""
    rows = json.loads(frame.to_json(orient="records", date_format="iso"))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def xlsx(*sheets: str) -> Write:
    """Return a writer of an Excel workbook with the same table on each of its sheets."""
    return lambda frame, path: path.write_bytes(workbook(dict.fromkeys(sheets, _rows(frame))))


def workbook(sheets: dict[str, list[list]]) -> bytes:
    """Return an Excel workbook; dates and numbers are cells of their own type."""
    namespaces = "http://schemas.openxmlformats.org"
    main = f"{namespaces}/spreadsheetml/2006/main"
    office = f"{namespaces}/officeDocument/2006/relationships"
    package = f"{namespaces}/package/2006"

    def cell(value: object) -> str:
        if isinstance(value, bool):
            return f'<c t="b"><v>{value:d}</v></c>'
        if isinstance(value, date):
            days = (pd.Timestamp(value) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
            style = 1 if isinstance(value, datetime) else 2
            return f'<c s="{style}"><v>{days:.10f}</v></c>'
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>"

    def link(n: object, kind: str, target: str) -> str:
        return f'<Relationship Id="rId{n}" Type="{office}/{kind}" Target="{target}"/>'

    def links(*inner: str) -> str:
        return f'<Relationships xmlns="{package}/relationships">{"".join(inner)}</Relationships>'

    numbered = dict(enumerate(sheets, 1))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered.items()
    )
    linked = [link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbered]
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": links(link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": links(*linked, link("Styles", "styles", "styles.xml")),
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>",
    }
    for n, rows in enumerate(sheets.values(), 1):
        data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        files[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
        )
    return archive(files)


def ods(frame: pd.DataFrame, path: Path) -> None:
    """Write an OpenDocument spreadsheet."""
    path.write_bytes(open_document(_rows(frame)))


def open_document(rows: list[list]) -> bytes:
    """Return an OpenDocument spreadsheet; dates and numbers are cells of their own type."""

    def cell(value: object) -> str:
        if isinstance(value, datetime):
            typed = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        elif isinstance(value, int | float):
            typed = f'office:value-type="float" office:value="{value}"'
        elif value:
            typed = 'office:value-type="string"'
        else:
            return "<table:table-cell/>"
        return f"<table:table-cell {typed}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    cells = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Orders">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{media}"/>'
        for name, media in {"/": kind, "content.xml": "text/xml"}.items()
    )
    listing = f'<m:manifest xmlns:m="{OASIS}:manifest:1.0">{listed}</m:manifest>'
    return archive({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": listing})


def _rows(frame: pd.DataFrame) -> list[list]:
    plain = frame.astype(object).where(frame.notna(), "")
    return [list(frame.columns), *plain.to_numpy().tolist()]


def archive(files: dict[str, str | bytes]) -> bytes:
    """Return a zip file of these files, of a fixed day."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inner in files.items():
            packed.writestr(zipfile.ZipInfo(name), inner, zipfile.ZIP_DEFLATED)
    return content.getvalue()
