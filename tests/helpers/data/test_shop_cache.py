"""The shop that is kept is the very shop that would be made, whatever happens to the file."""

import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import cleaning, schema, shop_cache, sources

RAW = sources.DATA / "shop" / "raw"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file in which the shop is kept; it is not there yet."""
    file = tmp_path / "there" / "shop.zip"
    monkeypatch.setattr(shop_cache, "FILE", file)
    return file


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "users.csv").write_text("U1")
    return folder


@pytest.fixture(scope="module")
def first_rows():
    return {name: table.head(1) for name, table in sources.load_shop()}


@pytest.fixture
def tiny(first_rows):
    """A function that makes a shop of one row a table, and counts how often it did."""

    def make():
        make.times += 1
        return schema.Shop(**first_rows)

    make.times = 0
    return make


def assert_same(shop, other):
    """Hold two shops to be the same in values, types, labels, and how text is stored."""
    for (name, table), (other_name, other_table) in zip(shop, other, strict=True):
        assert name == other_name
        pd.testing.assert_frame_equal(
            table, other_table, check_exact=True, check_index_type="exact"
        )
        assert table.attrs == other_table.attrs == {}
        for column in table:
            arrays = table[column].array, other_table[column].array
            assert type(arrays[0]) is type(arrays[1])
            assert repr(arrays[0].dtype) == repr(arrays[1].dtype)


def test_it_is_the_shop_that_cleaning_makes(file):
    clean, _ = cleaning.clean_shop(sources.load_raw_shop())
    made = sources.load_shop()
    assert file.is_file()
    read = sources.load_shop()
    for shop in (made, read.validate()):
        assert_same(shop, schema.Shop(**{n: table.reset_index(drop=True) for n, table in clean}))


def test_what_is_done_to_a_shop_does_not_reach_the_next(file):
    for _ in range(3):
        lines = sources.load_shop().order_lines
        assert lines.loc[0, "quantity"] < 99
        assert lines["discount"].max() < 1
        lines.loc[0, "quantity"] = 99
        lines["discount"] += 1


def test_a_shop_of_ones_own_is_not_kept(file, tmp_path):
    shutil.copytree(RAW, tmp_path / "mine")
    assert len(sources.load_shop(tmp_path / "mine").users) == 3_000
    assert not file.parent.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda raw, code, patch: (raw / "users.csv").write_text("U2"),
        lambda raw, code, patch: (raw / "users.csv").unlink(),
        lambda raw, code, patch: (code / "cleaning" / "rows.py").write_text("pass"),
        lambda raw, code, patch: patch.setattr(pd, "__version__", "9.0"),
    ],
    ids=["data", "data gone", "cleaning", "pandas"],
)
def test_it_is_made_anew_after_a_change(file, raw, tiny, tmp_path, monkeypatch, change):
    code = tmp_path / "code"
    shutil.copytree(Path(shop_cache.__file__).parent, code)
    monkeypatch.setattr(shop_cache, "__file__", str(code / "shop_cache.py"))
    for _ in range(2):
        shop_cache.kept_shop(tiny, raw)
    assert tiny.times == 1
    change(raw, code, monkeypatch)
    for _ in range(2):
        shop_cache.kept_shop(tiny, raw)
    assert tiny.times == 2


def other_tables(file, **tables):
    """Write a file of the same origin that holds other tables."""
    with zipfile.ZipFile(file) as old:
        origin = old.comment
    with zipfile.ZipFile(file, "w") as new:
        new.comment = origin
        for name, table in tables.items():
            new.writestr(name, table)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:1_000]),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: other_tables(file),
        lambda file: other_tables(file, **dict.fromkeys(schema.TABLES, "no parquet")),
    ],
    ids=["empty", "half", "short", "no tables", "no parquet"],
)
def test_a_damaged_file_is_made_anew(file, raw, tiny, damage, monkeypatch):
    shop_cache.kept_shop(tiny, raw)
    whole = file.read_bytes()
    damage(file)
    monkeypatch.setattr(time, "localtime", lambda *_: (2050, 1, 1, 0, 0, 0))  # in the files of zip
    assert_same(shop_cache.kept_shop(tiny, raw), tiny())
    assert file.read_bytes() == whole


def test_no_byte_can_be_another_and_change_the_shop(file, raw, tiny):
    shop = shop_cache.kept_shop(tiny, raw)
    whole = file.read_bytes()
    for place in range(0, len(whole), 307):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert_same(shop_cache.kept_shop(tiny, raw), shop)
    assert tiny.times > len(whole) / 307 * 0.9  # nearly all are noticed; the rest say nothing


def test_where_it_cannot_be_kept_it_is_made_each_time(tmp_path, raw, tiny, monkeypatch):
    (tmp_path / "file").touch()  # not even root can make a folder in it
    monkeypatch.setattr(shop_cache, "FILE", tmp_path / "file" / "folder" / "shop.zip")
    for _ in range(2):
        shop_cache.kept_shop(tiny, raw)
    assert tiny.times == 2


def test_an_interruption_leaves_nothing(file, raw, tiny, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_parquet", interrupt)
    with pytest.raises(KeyboardInterrupt):
        shop_cache.kept_shop(tiny, raw)
    assert list(file.parent.iterdir()) == []


def test_two_kernels_at_once(file):
    program = (
        "import pathlib, sys; from helpers.data import shop_cache, sources; "
        "shop_cache.FILE = pathlib.Path(sys.argv[1]); "
        "print([len(sources.load_shop().validate().events) for _ in range(3)])"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", program, file], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    said = {kernel.communicate(timeout=60)[0].decode().strip() for kernel in kernels}
    assert said == {str([len(sources.load_shop().events)] * 3)}
    assert [path.name for path in file.parent.iterdir()] == [file.name]
