"""Files of any encoding, delimiter and damage; the numbers of rows are a spreadsheet's."""

import gzip

import pytest

from helpers.own_shop.file import OwnShopError, read_table


@pytest.fixture
def write(tmp_path):
    """Write text or bytes into a file, and give its path."""

    def write(content, encoding="utf-8"):
        path = tmp_path / "orders.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_first_line(write, delimiter):
    text = read_table(write(f"user{delimiter}note\n7{delimiter}tea\n"))
    assert text.delimiter == delimiter
    assert text.rows.to_numpy().tolist() == [["7", "tea"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_told_by_the_bytes(write, encoding):
    text = read_table(write("Käufer,Stück\nJosé,3 €\n", encoding))
    assert list(text.rows) == ["Käufer", "Stück"]
    assert text.rows.iloc[0].tolist() == ["José", "3 €"]


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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty|not a valid table"),
        (b"user,date\n", "no rows below"),
        (b"user,date\n\n\n", "no rows below"),
        (b"PK\x03\x04 and more", "not a zip file. Is the file cut off"),
        (gzip.compress(b"user,date\n1,2\n" * 99, mtime=0)[:-9], "cannot be read"),
        (bytes(range(1, 255)), "not a text file"),
        (b" <!DOCTYPE html>\n<html><body>Log in</body></html>", "is a web page, not a table"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (b"a;b\n1,2,3\n4,5,6\n", "doesn't look like column names: 1 . 2 . 3"),
        (b"a,b\n1\n2\n3\n4,4\n", "don't match the first line: 3 .row 2 has 1 values"),
    ],
)
def test_what_is_no_table_is_said(write, content, message):
    with pytest.raises(OwnShopError, match=message):
        read_table(write(content))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OwnShopError, match="No such file"):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(OwnShopError, match="that it is a file"):
        read_table(tmp_path)
    with pytest.raises(OwnShopError, match="No such file"):
        read_table(tmp_path / "nowhere.csv", encoding="utf-8")


@pytest.mark.parametrize("row", ['"7,2025-03-01,5', '7,2025-03-01,"5'])
def test_an_open_quote_does_not_swallow_the_rest_in_silence(write, row):
    good = "8,2025-03-02,6\n"
    with pytest.raises(OwnShopError, match=r"Row 3 of orders\.csv spans .* a quote is opened"):
        read_table(write("customer,date,total\n" + good + row + "\n" + good * 200))


def test_a_compressed_file_is_unpacked(write):
    path = write(gzip.compress("user;name\n1;Größe\n".encode()))
    assert read_table(path).rows.to_numpy().tolist() == [["1", "Größe"]]


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
