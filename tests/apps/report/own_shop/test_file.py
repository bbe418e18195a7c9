"""Files of any encoding, delimiter and damage; the numbers of rows are a spreadsheet's."""

import bz2
import codecs
import gzip
import io
import lzma
import os
import re
import socket
import zipfile
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.report.own_shop import sources
from apps.report.own_shop.file import OwnShopError, read_table
from tests.apps.corpus.writers import archive, workbook


@pytest.fixture
def write(tmp_path):
    """Write text or bytes into a file, and give its path."""

    def write(content, encoding="utf-8"):
        path = tmp_path / "orders.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def test_an_encoding_can_be_said(write):
    path = write("kupujący\nŁucja\n", "cp1250")
    assert read_table(path, encoding="cp1250").rows.iloc[0, 0] == "Łucja"
    assert read_table(path, encoding="cp1252").rows.iloc[0, 0] == "£ucja"
    with pytest.raises(OwnShopError, match="cannot be read as utf-8"):
        read_table(path, encoding="utf-8")
    with pytest.raises(OwnShopError, match="cannot be read as klingon"):
        read_table(path, encoding="klingon")


def test_rows_have_the_numbers_of_a_spreadsheet(write):
    # Row 1 names, row 2 with a line break in quotes, row 3 blank, row 4, row 5 short, row 6 long.
    text = read_table(write('user,note\n1,"two\nlines"\n\n3,c\n5\n6,x,y\n7,d\n'))
    assert text.rows["note"].to_dict() == {2: "two\nlines", 4: "c", 7: "d"}
    assert text.left_out == {5: "has 1 values instead of 2", 6: "has 3 values instead of 2"}


def test_excels_own_first_line_is_no_row(write):
    text = read_table(write("sep=;\nuser;note\n1;a\n2\n3;c\n4;d\n"))
    assert text.rows["user"].to_dict() == {2: "1", 4: "3", 5: "4"}
    assert list(text.left_out) == [3]


def test_blanks_and_words_for_nothing_are_missing(write):
    text = read_table(write('a,b,c\n  x , ,NULL\n"",n/a,y\n'))
    assert text.rows.fillna("?").to_numpy().tolist() == [["x", "?", "?"], ["?", "?", "y"]]


def test_names_of_columns_are_there_and_different(write):
    assert list(read_table(write("a,,a, a \n1,2,3,4\n")).rows) == [
        "a",
        "column 2",
        "a (2)",
        "a (3)",
    ]


def test_values_stay_as_they_are_written(write):
    assert read_table(write("a,b\n007,1.50\n")).rows.iloc[0].tolist() == ["007", "1.50"]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OwnShopError, match="No such file"):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(OwnShopError, match="No such file"):
        read_table(tmp_path / "nowhere.csv", encoding="utf-8")


@pytest.mark.parametrize("row", ['"7,2025-03-01,5', '7,2025-03-01,"5'])
def test_an_open_quote_does_not_swallow_the_rest_in_silence(write, row):
    good = "8,2025-03-02,6\n"
    with pytest.raises(OwnShopError, match=r"Row 3 of orders\.csv swallows .* a quote is opened"):
        read_table(write("customer,date,total\n" + good + row + "\n" + good * 200))


def test_titles_above_the_names_are_passed_over(write):
    table = read_table(write("Orders of 2025\nmade by hand\n\nuser;date\n1;2\n3;4;5\n6;7\n"))
    assert list(table.rows) == ["user", "date"]
    assert table.names_row == 4
    assert table.rows.index.tolist() == [5, 7]
    assert list(table.left_out) == [6]


def test_blank_lines_above_the_names_are_rows(write):
    table = read_table(write("\n\nuser,date\n1,2\n"))
    assert table.names_row == 3
    assert table.rows.index.tolist() == [4]


def test_a_delimiter_at_the_end_of_each_row(write):
    table = read_table(write("user;date\n1;2;\n3;4;\n"))
    assert table.rows["date"].tolist() == ["2", "4"]


def test_a_cell_of_millions_of_letters(write):
    table = read_table(write("user,date\n" + "A" * 3_000_000 + ",2\n3,4\n"))
    assert table.rows["user"].str.len().tolist() == [3_000_000, 1]


# ---------------------------------------------------------------- encodings

LETTERS = {
    "Polish": "Numer zamówienia;Wartość;Klient\n1;5,50;Łukasz Wiśniewski\n2;7,00;Żaneta Król\n",
    "Czech": "Číslo objednávky;Částka;Zákazník\n1;5,50;Jiří Dvořák\n2;7,00;Božena Němcová\n",
    "Turkish": "Sipariş No;Tutar;Müşteri\n1;5,50;Ayşe Yılmaz\n2;7,00;İbrahim Doğan\n",
    "Russian": "Номер заказа;Сумма;Покупатель\n1;5,50;Юлия Жукова\n2;7,00;Иван Щукин\n",
    "Greek": "Αριθμός;Ποσό;Πελάτης\n1;5,50;Γιώργος Νικολάου\n2;7,00;Ελένη Δήμου\n",
    "Chinese": "订单编号,实付金额,买家昵称\n1,5.50,王小明\n2,7.00,李娜\n",
    "traditional Chinese": "訂單編號,金額,收件人姓名\n1,5.50,陳怡君\n2,7.00,林志豪\n",
    "Japanese": "注文番号,合計,お客様名\n1,5.50,山田たろう\n2,7.00,キャンセル済み\n",
    "Korean": "주문번호,결제금액,구매자\n1,5.50,김민수\n2,7.00,이서연\n",
    "French": "Numéro de commande;Montant;Prénom\n1;5,50;Hélène Lefèvre\n2;7,00;François\n",
    "German": "Bestellung;Betrag;Käufer\n1;5,50;Jürgen Müller\n2;7,00;Käthe Weiß\n",
    "Spanish": "Número de pedido;Importe;Población\n1;5,50;José Muñoz\n2;7,00;Logroño\n",
}
WRITTEN = [
    *[("Polish", "cp1250"), ("Polish", "iso8859-2"), ("Czech", "cp1250"), ("Turkish", "cp1254")],
    *[("Russian", "cp1251"), ("Russian", "koi8-r"), ("Greek", "cp1253"), ("Chinese", "gbk")],
    *[("Chinese", "gb18030"), ("traditional Chinese", "big5"), ("Japanese", "shift_jis")],
    *[("Japanese", "euc_jp"), ("Korean", "euc_kr"), ("French", "cp1252"), ("German", "cp1252")],
    *[("Spanish", "cp1252"), ("French", "mac-roman")],
]


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_the_letters_tell_the_encoding_and_a_note_says_so(write, language, encoding):
    text = LETTERS[language]
    table = read_table(write(text, encoding))
    delimiter = table.delimiter
    lines = [list(table.rows), *table.rows.to_numpy().tolist()]
    assert "".join(f"{delimiter.join(line)}\n" for line in lines) == text
    assert 'MAP="encoding=' in table.notes[0]
    said = read_table(write(text, encoding), encoding=encoding)
    assert said.rows.equals(table.rows)
    assert said.notes == ()


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_no_guess(write, language, encoding):
    table = read_table(write(LETTERS[language], encoding))
    assert table.delimiter.join(table.rows) == LETTERS[language].split("\n")[0]
    assert table.notes == ()


def test_one_word_that_is_far_below_tells_the_encoding(write):
    rows = "".join(f"{n},tea\n" for n in range(20_000))
    table = read_table(write(f"order,name\n{rows}20000,Wiśniewska Łucja\n", "cp1250"))
    assert table.rows["name"].iloc[-1] == "Wiśniewska Łucja"
    assert '"Wiśniewska Łucja"' in table.notes[0]


def test_a_damaged_letter_in_utf_8_is_said_and_costs_no_row(write):
    text = "käufer,größe\nJürgen,groß\nKäthe,klein\n".encode()
    table = read_table(write(text + b"M\xfcller,1\n"))
    assert table.rows["käufer"].tolist() == ["Jürgen", "Käthe", "M\ufffdller"]
    assert 'such as in "M\ufffdller"' in table.notes[0]


def test_a_damaged_letter_in_another_encoding_costs_no_row(write):
    text = LETTERS["Chinese"].encode("gbk") * 9
    table = read_table(write(text + b"3,9.00,\xff\n"))
    assert table.rows.iloc[-1].tolist() == ["3", "9.00", "\ufffd"]


@given(st.text(st.characters(codec="cp1250", exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_in_a_stated_encoding_comes_back(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "orders.csv"
    path.write_text(pd.DataFrame({"a": ["x", text], "b": "1"}).to_csv(index=False), "cp1250")
    value = read_table(path, encoding="cp1250", names=True).rows["a"].iloc[1]
    assert value == text or (pd.isna(value) and text in ("-", "null", "nan"))


# ---------------------------------------------------------------- names and delimiters


@pytest.mark.parametrize(
    "rows",
    [
        "1001,7,2025-03-01,tea\n1002,8,2025-03-02,pot\n",  # a date
        "7;tea;9,50\n8;pot;3,00\n",  # a number
        "anna@example.org\ttea\nbob@example.org\tpot\n",
    ],
)
def test_a_first_row_of_values_is_asked_about_and_never_taken_for_names(write, rows):
    first = rows.split("\n")[0]
    with pytest.raises(
        OwnShopError, match=r'(?s)doesn.t look like column names.*MAP="names=no"'
    ) as no:
        read_table(write(rows))
    assert re.split("[,;\t]", first)[0] in str(no.value)
    table = read_table(write(rows), names=False)
    assert list(table.rows)[:2] == ["column 1", "column 2"]
    assert table.delimiter.join(table.rows.loc[1]) == first
    assert table.names_row == 0
    assert "no row of column names" in table.notes[0]
    table = read_table(write(rows), names=True)
    assert table.delimiter.join(table.rows) == first
    assert table.rows.index[0] == 2


@pytest.mark.parametrize(
    "names",
    ["product,2023,2024", "Line 2,Address 1", "% off,No. 1", "a,,b", "e-mail,date", '"x\ny",z'],
)
def test_names_may_contain_numbers(write, names):
    width = names.count(",") + 1
    table = read_table(write(f"{names}\n" + ",".join("12345"[:width]) + "\n"))
    assert table.rows.index.tolist() == [2]
    assert table.names_row == 1


def test_names_that_are_repeated_are_left_out(write):
    table = read_table(write("user,date\n1,2025-03-01\nuser,date\n2,2025-03-02\n"))
    assert table.rows["user"].to_dict() == {2: "1", 4: "2"}
    assert table.left_out == {3: "repeats the column names"}


@pytest.mark.parametrize(
    ("text", "delimiter", "width"),
    [
        ("user\tnote\n7\ttea\n", "\t", 2),
        ("user|note\n7|tea\n", "|", 2),
        ("Kunde;Preis;Menge\n7;9,50;1,5\n8;3,00;2,5\n", ";", 3),  # decimal commas
        ("Name;Total\nDoe, Jo;7\nRoe, Al;8\n", ";", 2),
        ("Orders, March 2025\n\nuser;date;x;y\n1;2;3;4\n5;6;7;8\n", ";", 4),
        ('note,user,day\n"a;b;c",1,x\n"d;e;f",2,y\n', ",", 3),
        ("email\nx@example.org\n", ",", 1),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(write, text, delimiter, width):
    table = read_table(write(text))
    assert (table.delimiter, table.rows.shape[1]) == (delimiter, width)


# ---------------------------------------------------------------- other formats


ORDERS = [
    ["Orders of March"],
    [],
    ["order", "at", "day", "price", "paid", "", "note"],
    [
        1001,
        datetime(2025, 3, 5, 14, 22, 1),
        date(2025, 3, 5),
        9.5,
        True,
        None,
        "n/a",
    ],
    [1002, datetime(2025, 3, 6), date(2025, 3, 6), 0.1 + 0.2, False, None, " x "],
    [10**15, None, None, 1e-7],
]


def test_a_workbook_has_iso_dates_and_plain_numbers(write):
    table = read_table(write(workbook({"Orders": ORDERS})))
    assert table.names_row == 3
    assert table.rows.loc[4].tolist()[:5] == [
        "1001",
        "2025-03-05 14:22:01",
        "2025-03-05",
        "9.5",
        "True",
    ]
    assert table.rows.loc[5, ["price", "paid", "note"]].tolist() == ["0.3", "False", "x"]
    assert table.rows.loc[6, ["order", "price"]].tolist() == ["1000000000000000", "0.0000001"]
    assert table.rows["note"].isna().tolist() == [True, False, True]
    assert list(table.rows) == ["order", "at", "day", "price", "paid", "note"]  # no empty column
    assert (table.encoding, table.delimiter, table.notes) == ("", "", ())


def test_the_only_sheet_with_something_is_read(write):
    table = read_table(write(workbook({"Notes": [], "Orders": ORDERS})))
    assert table.notes == ('The sheet "Orders" of orders.csv was read.',)


def test_several_sheets_are_a_question(write):
    path = write(workbook({"Items": [["sku"], ["A"]], "Orders": ORDERS}))
    with pytest.raises(
        OwnShopError, match=r'(?s)several sheets.*"Items".*"Orders".*MAP="sheet=Items"'
    ):
        read_table(path)
    assert list(read_table(path, sheet="Items").rows) == ["sku"]
    with pytest.raises(OwnShopError, match=r'(?s)"Items".*"Orders"'):
        read_table(path, sheet="Customers")
    with pytest.raises(OwnShopError, match="has no sheets"):
        read_table(write("a,b\n1,2\n"), sheet="Orders")


def test_parquet_has_iso_dates_and_plain_numbers(tmp_path):
    orders = pd.DataFrame(
        {
            "user": [7.0, None],  # whole numbers, but one is missing
            "at": pd.to_datetime(["2025-03-05 14:22:01.25", None]),
            "zoned": pd.to_datetime(["2025-03-05 14:22:01"] * 2).tz_localize("Europe/Berlin"),
            "price": [0.1 + 0.2, 1e16],
            "kind": pd.Categorical(["sale", " "]),
            "items": [["A", "B"], None],
            "id": [2**62 + 1, -1],
        },
        index=[5, 9],
    )
    orders.to_parquet(tmp_path / "orders.parquet")
    table = read_table(tmp_path / "orders.parquet")
    assert table.rows.loc[2].tolist() == [
        *["7", "2025-03-05 14:22:01.250000", "2025-03-05 14:22:01+01:00", "0.3", "sale"],
        *['["A", "B"]', "4611686018427387905"],
    ]
    assert table.rows.loc[3, ["user", "at", "kind", "items"]].isna().all()
    assert table.rows.loc[3, "price"] == "10000000000000000"


def test_json_lines(write):
    lines = [
        '{"order": 12345678901234567890, "price": 1.50, "paid": true}',
        "",
        '{"note": "é"}',
        "7",
    ]
    table = read_table(write("\n".join([*lines, '{"order": 3, "at": {"day": 5}}'])))
    assert table.rows.loc[1].tolist()[:3] == ["12345678901234567890", "1.50", "true"]
    assert table.rows.index.tolist() == [1, 3, 5]
    assert table.rows.loc[5, "at"] == '{"day": "5"}'
    assert table.left_out == {4: "is not a JSON object"}
    assert table.names_row == 0


def test_a_json_array(write):
    table = read_table(write('[{"user": 1,\n "date": null}, {"user": "x"}]'))
    assert table.rows["user"].to_dict() == {1: "1", 2: "x"}
    with pytest.raises(OwnShopError, match="not complete JSON"):
        read_table(write('[{"user": 1,\n "date"'))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("inside", ["user;name\n1;Größe\n", '{"user": 1, "name": "Größe"}'])
def test_packed_files_are_unpacked(write, pack, inside):
    assert read_table(write(pack(inside.encode()))).rows.to_numpy().tolist() == [["1", "Größe"]]


def test_a_zip_with_one_table(write):
    extra = {"__MACOSX/._orders.csv": "x", "readme.md": "Hello"}
    table = read_table(write(archive(extra | {"2025/orders.csv": "user,name\n1,Größe\n"})))
    assert table.rows.to_numpy().tolist() == [["1", "Größe"]]
    assert table.notes == ('The file "2025/orders.csv" in orders.csv was read.',)
    book = archive({"book.xlsx": workbook({"A": [["a"], ["x"]], "B": [["b"], ["y"]]})})
    assert read_table(write(book), sheet="B").rows["b"].tolist() == ["y"]


def test_a_zip_with_several_tables_is_a_question(write):
    path = write(archive({"items.csv": "sku,name\nA,x\n", "orders.tsv": "user\tsku\n7\tA\n"}))
    with pytest.raises(
        OwnShopError, match=r'(?s)several files.*"items.csv".*"orders.tsv".*MAP="sheet='
    ):
        read_table(path)
    assert read_table(path, sheet="orders.tsv").rows.to_numpy().tolist() == [["7", "A"]]


# ---------------------------------------------------------------- hostile files


def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        for path in (tmp_path / "pipe", tmp_path / "socket", Path("/dev/zero"), tmp_path):
            with pytest.raises(OwnShopError, match="cannot be read: it is a folder or a device"):
                read_table(path)


def test_paths_that_no_file_can_have(tmp_path):
    with pytest.raises(OwnShopError, match="cannot be read: File name too long") as error:
        read_table(tmp_path / ("a" * 300))
    assert len(str(error.value)) < 200
    with pytest.raises(OwnShopError, match="cannot be read: embedded null"):
        read_table("a\0b")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OwnShopError, match="symbolic links"):
        read_table(tmp_path / "loop")


def test_line_ends_of_every_system(write):
    for end in ("\n", "\r\n", "\r"):
        table = read_table(write(end.join(["user,date", "1,2", "", "3,4"])))
        assert table.rows["date"].to_dict() == {2: "2", 4: "4"}


def test_a_file_of_somebody_else(write, monkeypatch):
    path = write("a,b\n1,2\n")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    with pytest.raises(OwnShopError, match=r"Permission denied\. Check its name"):
        read_table(path)


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: archive({"orders.csv": text})])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_refused_before_it_fills_the_memory(write, monkeypatch, pack, layers):
    monkeypatch.setattr(sources, "MUCH", 2_000_000)
    monkeypatch.setattr(sources, "RATIO", 1)
    content = b"a,b\n" + b"1,2\n" * 1_000_000
    for _ in range(layers):
        content = pack(content)
    with pytest.raises(OwnShopError, match="unpacks to more than 2 MB"):
        read_table(write(content))


def test_a_workbook_that_is_a_bomb_is_refused(write, monkeypatch):
    monkeypatch.setattr(sources, "MUCH", 2_000_000)
    monkeypatch.setattr(sources, "RATIO", 1)
    with pytest.raises(OwnShopError, match="unpacks to more than 2 MB"):
        read_table(write(workbook({"S": [["a"], *[["x" * 100]] * 50_000]})))


def test_a_cell_at_the_end_of_a_sheet_does_not_fill_the_memory(write):
    with zipfile.ZipFile(io.BytesIO(workbook({"S": ORDERS}))) as book:
        files = {name: book.read(name).decode() for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = '<dimension ref="A1:XFD1048576"/><sheetData'
    files[sheet] = files[sheet].replace("<sheetData", far)
    with pytest.raises(OwnShopError, match="down to row 1,048,576 and right to column 16,384"):
        read_table(write(archive(files)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty|not a valid table"),
        (b"user,date", "no rows below"),  # and no newline
        (b"user,date\n\n\n", "no rows below"),
        (bytes(range(1, 255)), "not a text file"),
        (b"a,b\n1\n2\n3\n4,4\n", "don't match the first line: 3 .row 2 has 1 values"),
        (b"sep=;", "is empty"),
        (b"\n" * 500 + b"user,date\n1,2\n", "is empty"),
        ("user,date".encode("utf-32"), "no rows below"),
        (codecs.BOM_UTF16_LE, "is empty"),
        (b"a,b\n" + b"1,2\n" * 50_000 + b"1,\0\n", "is not a text file"),
        (b'a,b\n1,2\n3,"4', "Row 3 of orders.csv swallows the rows below it"),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "Row 3 of orders.csv swallows the rows below it"),
        (b'a\nx\n"y\nz\n', "Row 3 of orders.csv swallows the rows below it"),
        (gzip.compress(os.urandom(9_000))[:5_000], "cannot be read: .*Is it cut off"),
        (archive({"a.csv": "a,b\n1,2\n" * 99})[:-30], "not a zip file. Is it cut off"),
        (archive({}), "archive without files"),
        (b"PAR1 and no more", "cannot be read: .*Is it cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read: .*Is it cut off"),
        (archive({"xl/workbook.xml": "<x"}), "cannot be read: .*Is it cut off"),
        (b"<table><tr><td>user</td></tr></table>", "is a web page"),
        (b"%PDF-1.7 ...", "not a table"),
        (b'[{"a":' + b"[" * 100_000, "not complete JSON"),
        (b"[]", "no rows below"),
    ],
)
def test_hostile_contents_get_one_clear_line(write, content, message):
    with pytest.raises(OwnShopError, match=message) as error:
        read_table(write(content))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_an_encoding_that_is_stated_but_wrong_far_below(write):
    content = b"a,b\n" + b"1,2\n" * 50_000 + b"1,\xff\n"
    with pytest.raises(OwnShopError, match="cannot be read as utf-8"):
        read_table(write(content), encoding="utf-8")


# ---------------------------------------------------------------- large files


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "utf-16"])
def test_many_blocks_read_as_pandas_reads_them(write, monkeypatch, encoding):
    monkeypatch.setattr("apps.report.own_shop.file.LONGEST_ROW", 1 << 16)
    orders = pd.DataFrame(
        {"order": range(20_000), "name": "Żółty, „ćwiek”", "note": 'two\n"lines"'}
    )
    path = write(orders.to_csv(index=False), encoding)
    ours = read_table(path, encoding=encoding).rows
    theirs = pd.read_csv(path, dtype="str", encoding=encoding)
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), theirs)
    assert ours.index[-1] == 20_001
