"""Tables of cells: CSV and XLSX read within bounds, and written so that no cell is a formula."""

import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from engine.errors import InvalidInput, TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 80
MAX_CELL = 5000  # characters
MAX_SECONDS = 10.0

Cells = list[str]

# What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(data: bytes) -> list[tuple[int, Cells]]:
    """The rows that are not empty, with their numbers as a spreadsheet counts them.

    Raises TooLarge or InvalidInput for a file that is too large, or none that can be read.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(what="file", limit=MAX_BYTES)
    rows = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    ends = time.monotonic() + MAX_SECONDS
    kept = []
    for number, cells in rows:
        if time.monotonic() > ends:
            raise InvalidInput.at("/file", "file-too-slow", seconds=int(MAX_SECONDS))
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise InvalidInput.at("/file", "too-many-columns", max=MAX_COLUMNS)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise InvalidInput.at("/file", "cell-too-long", row=number, max=MAX_CELL)
        if cells:
            kept.append((number, cells))
        if len(kept) > MAX_ROWS + 1:
            raise InvalidInput.at("/file", "too-many-rows", max=MAX_ROWS)
    if not kept:
        raise InvalidInput.at("/file", "table-empty")
    return kept


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV that spreadsheets open as UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_escaped(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a workbook of one sheet whose cells are all text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_escaped(text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _escaped(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _csv(data: bytes) -> Iterator[tuple[int, Cells]]:
    if b"\x00" in data:
        raise InvalidInput.at("/file", "not-a-table")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what spreadsheets in China write
        except UnicodeDecodeError:
            raise InvalidInput.at("/file", "not-a-table") from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [_unescaped(cell.strip()) for cell in cells]
    except csv.Error:
        raise InvalidInput.at("/file", "not-a-table") from None


def _xlsx(data: bytes) -> Iterator[tuple[int, Cells]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise TooLarge(what="file", limit=MAX_UNPACKED)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size need not be true
        rows = sheet.iter_rows(max_row=2 * MAX_ROWS, max_col=MAX_COLUMNS + 1, values_only=True)
        for number, values in enumerate(rows, 1):
            yield number, [_unescaped(_text(value)) for value in values]
    except (InvalidInput, TooLarge):
        raise
    except Exception:  # openpyxl raises whatever it stumbles over
        raise InvalidInput.at("/file", "not-a-table") from None


def _text(value: Any) -> str:
    """A cell as people see it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.isoformat(sep=" ") if value.time() != datetime.min.time() else _text(value.date())
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()
