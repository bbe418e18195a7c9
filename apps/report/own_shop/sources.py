"""Open a file of unknown origin: check what it is, and unpack it without running out of memory."""

import bz2
import gzip
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from apps.report.own_shop.questions import Choice, OwnShopError, Question, ask
from helpers.language import say

PACKERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty one
OLE = b"\xd0\xcf\x11\xe0"  # spreadsheets before 2007, and those with a password
PARQUET = b"PAR1"
WORKBOOKS = ("xl/workbook", "content.xml")  # beginnings of names in a zip that is an xlsx or ods
TABLES = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet")
TABLES += (".xlsx", ".xlsb", ".xls", ".ods", ".gz", ".bz2", ".xz")
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)
PIECE = 1 << 20  # bytes that are read at once
MUCH = 100_000_000  # bytes that any file may unpack to
MOST_COLUMNS = 2_000
MOST = 4_000_000_000  # bytes that no file may unpack to
RATIO = 200  # times its size that a larger file may unpack to; orders shrink to a tenth
DAMAGE = "Is it cut off, or has it a password? Export it again."
NO_FILE = "Check its name, and that you may read it."
LONGEST_PATH = 120  # characters that are shown


class Source(NamedTuple):
    """The bytes of a table: a file, or what was unpacked from one."""

    name: str  # of the file, as messages show it
    most: float  # bytes that may be unpacked from the file
    open: Callable[[], BinaryIO]

    def start(self, size: int = 64) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(size)

    def unpacked(self, unpack: Callable[[BinaryIO], BinaryIO]) -> "Source":
        """Unpack what the bytes contain into memory, unless it is too much."""
        pieces, size = [], 0
        try:
            with self.open() as packed, unpack(packed) as file:
                while piece := file.read(PIECE):
                    pieces.append(piece)
                    if (size := size + len(piece)) > self.most:
                        raise too_large(self.name, self.most)
        except DAMAGED as error:
            raise unreadable(self.name, error) from None
        content = b"".join(pieces)
        return self._replace(open=lambda: io.BytesIO(content))


def find_source(path: Path, sheet: str | None) -> tuple[Source, str | None, tuple[str, ...]]:
    """Find the table in a file: unpack archives down to text, a workbook or a parquet file.

    Parameters
    ----------
    path : the file.
    sheet : file in a zip with several tables, or sheet of a workbook.

    Returns
    -------
    source : where the bytes of the table are.
    sheet : None if it was the name of a file in an archive.
    notes : what the user should know about the choice.
    """
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):  # to open a pipe would wait forever
            path.open("rb").close()
    except (OSError, ValueError) as error:
        raise unreadable(path, error, NO_FILE) from None
    if not stat.S_ISREG(status.st_mode):
        raise unreadable(path, say("it is a folder or a device"), NO_FILE)
    most = max(MUCH, min(MOST, RATIO * status.st_size))
    source = Source(path.name, most, lambda: path.open("rb"))
    notes: tuple[str, ...] = ()
    while True:
        start = source.start()
        packer = next((PACKERS[mark] for mark in PACKERS if start.startswith(mark)), None)
        if packer:
            source = source.unpacked(packer)
        elif start.startswith(ZIP) and not _is_workbook(source):
            source, sheet, note = _take_member(source, sheet)
            notes += note
        else:
            return source, sheet, notes


def _members(source: Source) -> list[zipfile.ZipInfo]:
    """List what is in a zip."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except DAMAGED as error:
        raise unreadable(source.name, error) from None


def _is_workbook(source: Source) -> bool:
    members = _members(source)
    is_workbook = any(member.filename.startswith(WORKBOOKS) for member in members)
    if is_workbook and sum(member.file_size for member in members) > source.most:
        raise too_large(source.name, source.most)
    return is_workbook


def _take_member(source: Source, sheet: str | None) -> tuple[Source, str | None, tuple[str, ...]]:
    """Return the only table in an archive, or the one that the user chose."""
    files = [one for one in _members(source) if not one.is_dir() and not _is_hidden(one.filename)]
    tables = [one for one in files if one.filename.lower().endswith(TABLES)]
    members = {one.filename: one for one in tables or files}
    chosen = sheet if sheet in members else next(iter(members), None)
    if chosen is None:
        raise OwnShopError("{name} is an archive without files. Export it again.", name=source.name)
    if len(members) > 1 and sheet not in members:
        raise ask_which(source.name, "files", list(members))

    def unpack(file: BinaryIO) -> BinaryIO:
        with zipfile.ZipFile(file) as archive:
            return archive.open(chosen)  # it stays open after the archive

    note = say('The file "{chosen}" in {name} was read.', chosen=chosen, name=source.name)
    sheet = None if sheet == chosen else sheet
    return source.unpacked(unpack), sheet, (note,) if len(files) > 1 else ()


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def ask_which(name: str, what: str, choices: list[str]) -> Question:
    """Ask which of several sheets, or files in an archive, is the table."""
    answers = [Choice(f"sheet={choice}", f'"{choice}"') for choice in choices[:20]]
    asks = "{name} contains several {what}. Which one lists the orders?"
    return ask(asks, answers, name=name, what=say(what))


def check_width(columns: int, name: str) -> None:
    """Refuse a file with so many columns that to look at all of them would take hours."""
    if columns > MOST_COLUMNS:
        what = "{name} has {columns} columns; at most {most} can be read. Export fewer."
        raise OwnShopError(what, name=name, columns=f"{columns:,}", most=f"{MOST_COLUMNS:,}")


def too_large(name: str, most: float) -> OwnShopError:
    """Refuse a file that would fill the memory or the disk."""
    what = (
        "{name} unpacks to more than {most} MB. If you know where the file comes from, unpack it "
        "yourself."
    )
    return OwnShopError(what, name=name, most=f"{most / 1e6:,.0f}")


def unreadable(path: Path | str, error: Exception | str, fix: str = DAMAGE) -> OwnShopError:
    """Say why a file can't be opened, or not to its end."""
    name = str(path).replace("\0", "")[-LONGEST_PATH:]
    reason = getattr(error, "strerror", None) or str(error)[:99].rstrip(".") or type(error).__name__
    what = "{name} cannot be read: {reason}. {fix}"
    return OwnShopError(what, name=name, reason=reason, fix=say(fix))
