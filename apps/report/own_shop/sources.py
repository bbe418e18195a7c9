"""Open a file of unknown origin: check what it is, and unpack it without running out of memory."""

import bz2
import errno
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
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
PIECE = 1 << 20  # bytes that are read at once
MUCH = 100_000_000  # bytes that any file may unpack to
MOST_COLUMNS = 2_000
MOST = 4_000_000_000  # bytes that no file may unpack to
RATIO = 200  # times its size that a larger file may unpack to; orders shrink to a tenth
KINDS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}
LONGEST_PATH = 120  # characters that are shown

Progress = Callable[[int, int], None]


class Source(NamedTuple):
    """The bytes of a table, perhaps inside other files."""

    name: str  # of the file, as messages show it
    size: int  # bytes on disk
    open_raw: Callable[[], BinaryIO]
    layers: tuple[Callable[[BinaryIO], BinaryIO], ...] = ()  # unpack what is around, outside first
    progress: Progress | None = None

    def open(self, part: tuple[int, int] | None = None) -> "Stream":
        """Open the unpacked bytes from the beginning.

        Progress is shown if this is a part of the whole reading, such as the first of two: (0, 2).
        """
        raw = file = self.open_raw()
        try:
            for unpack in self.layers:
                file = unpack(file)
        except DAMAGED as error:
            raw.close()
            raise unreadable(self.name, error) from None
        return Stream(self, raw, file, part)

    def start(self, size: int = 64) -> bytes:
        """Return the first unpacked bytes."""
        with self.open() as file:
            return file.read(size)

    def read_whole(self) -> io.BytesIO:
        """Unpack into memory, for formats that are not read from beginning to end."""
        with self.open(part=(0, 1)) as file:
            return io.BytesIO(file.read())


class Stream(io.RawIOBase):
    """The unpacked bytes of a source, which end in an error if there are too many."""

    def __init__(self, source: Source, raw: BinaryIO, file: BinaryIO, part: tuple[int, int] | None):
        self.source, self.raw, self.file, self.part = source, raw, file, part
        self.count = 0
        self.most = max(MUCH, min(MOST, RATIO * source.size)) if file is not raw else float("inf")

    def readable(self) -> bool:
        """Whether it can be read, as `io.RawIOBase` asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read as many bytes as there are, or ``size`` of them."""
        pieces = []
        while size:
            piece = self._piece(min(size, PIECE) if size > 0 else PIECE)
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def readinto(self, buffer: memoryview) -> int:
        """Read into a buffer, as `io.BufferedReader` does."""
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _piece(self, size: int) -> bytes:
        try:
            piece = self.file.read(size)
        except DAMAGED as error:
            raise unreadable(self.source.name, error) from None
        self.count += len(piece)
        if self.count > self.most:
            raise too_large(self.source.name, self.most)
        if self.source.progress and self.part:
            done, parts = self.part
            size = self.source.size
            self.source.progress(done * size + self.raw.tell(), parts * size)
        return piece

    def close(self) -> None:
        """Close the file, and those that it is inside of."""
        if not self.closed:
            self.file.close()
            self.raw.close()
        super().close()


def find_source(
    path: Path, sheet: str | None, progress: Progress | None = None
) -> tuple[Source, str | None, tuple[str, ...]]:
    """Find the table in a file: unpack archives down to text, a workbook or a parquet file.

    Parameters
    ----------
    path : the file.
    sheet : file in a zip with several tables, or sheet of a workbook.
    progress : called with the bytes read and the bytes of the file.

    Returns
    -------
    source : where the bytes of the table are.
    sheet : None if it was the name of a file in an archive.
    notes : what the user should know about the choice.
    """
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    for is_kind, kind in KINDS.items():
        if is_kind(status.st_mode):
            raise unreadable(path, say("it is {kind}", kind=say(kind)))
    source = Source(path.name, status.st_size, lambda: path.open("rb"), progress=progress)
    notes: tuple[str, ...] = ()
    while True:
        start = source.start()
        packer = next((PACKERS[mark] for mark in PACKERS if start.startswith(mark)), None)
        if packer:
            source = source._replace(layers=(*source.layers, packer))
        elif start.startswith(ZIP) and not _is_workbook(source):
            source, sheet, note = _take_member(source, sheet)
            notes += note
        else:
            return source, sheet, notes


def _members(source: Source) -> list[zipfile.ZipInfo]:
    """List what is in a zip."""
    file = source.read_whole() if source.layers else source.open_raw()
    try:
        with file, zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except DAMAGED as error:
        raise unreadable(source.name, error) from None


def _is_workbook(source: Source) -> bool:
    members = _members(source)
    size = sum(member.file_size for member in members)
    is_workbook = any(member.filename.startswith(WORKBOOKS) for member in members)
    most = max(MUCH, min(MOST, RATIO * source.size))
    if is_workbook and size > most:
        raise too_large(source.name, most)
    return is_workbook


def _take_member(source: Source, sheet: str | None) -> tuple[Source, str | None, tuple[str, ...]]:
    """Return the only table in an archive, or the one that the user chose."""
    files = [
        member
        for member in _members(source)
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]
    tables = [member for member in files if member.filename.lower().endswith(TABLES)]
    members = {member.filename: member for member in tables or files}
    chosen = sheet if sheet in members else next(iter(members), None)
    if chosen is None:
        raise OwnShopError("{name} is an archive without files. Export it again.", name=source.name)
    if len(members) > 1 and sheet not in members:
        raise ask_which(source.name, "files", list(members))
    if members[chosen].flag_bits & 1:
        raise OwnShopError(
            "{chosen} in {name} has a password. Unpack it first.",
            chosen=chosen,
            name=source.name,
        )

    def unpack(file: BinaryIO) -> BinaryIO:
        with zipfile.ZipFile(file) as archive:
            return archive.open(chosen)  # it stays open after the archive

    note = (
        (say('The file "{chosen}" in {name} was read.', chosen=chosen, name=source.name),)
        if len(files) > 1
        else ()
    )
    return (
        source._replace(layers=(*source.layers, unpack)),
        None if sheet == chosen else sheet,
        note,
    )


def ask_which(name: str, what: str, choices: list[str]) -> Question:
    """Ask which of several sheets, or files in an archive, is the table."""
    answers = [Choice(f"sheet={choice}", f'"{choice}"') for choice in choices[:20]]
    said = {"name": name, "what": say(what), "number": len(choices) - 20}
    asks = (
        say("{name} contains several {what} and {number} more. Which one lists the orders?", **said)
        if len(choices) > 20
        else say("{name} contains several {what}. Which one lists the orders?", **said)
    )
    return ask(asks, answers)


def check_width(columns: int, name: str) -> None:
    """Refuse a file with so many columns that to look at all of them would take hours."""
    if columns > MOST_COLUMNS:
        raise OwnShopError(
            "{name} has {columns} columns; at most {most} can be read. Export fewer.",
            name=name,
            columns=f"{columns:,}",
            most=f"{MOST_COLUMNS:,}",
        )


def too_large(name: str, most: float) -> OwnShopError:
    """Refuse a file that would fill the memory or the disk."""
    return OwnShopError(
        "{name} unpacks to more than {most} MB. The limit is {much} MB, or {ratio} "
        "times the size of the file up to {limit} MB. If you know where the file comes "
        "from, unpack it yourself.",
        name=name,
        most=f"{most / 1000000.0:,.0f}",
        much=f"{MUCH / 1000000.0:,.0f}",
        ratio=RATIO,
        limit=f"{MOST / 1000000.0:,.0f}",
    )


def unreadable(path: Path | str, error: Exception | str) -> OwnShopError:
    """Say why a file can't be opened, or not to its end."""
    name = str(path).replace("\0", "")
    if len(name) > LONGEST_PATH:
        name = f"…{name[-LONGEST_PATH:]}"
    reason = getattr(error, "strerror", None) or str(error).rstrip(".") or type(error).__name__
    return OwnShopError(
        "{name} cannot be read: {reason}. {fix}", name=name, reason=reason, fix=_fix(error)
    )


def _fix(error: Exception | str) -> str:
    if isinstance(error, PermissionError):
        return say("Ask its owner for permission, or copy it to a folder of yours.")
    if isinstance(error, DAMAGED) and getattr(error, "errno", None) is None:
        return say("Is the file cut off? Download or export it again.")
    if getattr(error, "errno", None) == errno.ENAMETOOLONG:
        return say("Give it a shorter name.")
    return say("Check its name, and that it is a file.")
