"""The doctor: silent where all is well, exact about what is off and how to fix it."""

import hashlib

import numpy as np
import pytest

from helpers import language
from tools import doctor


def test_packages_that_agree_with_the_lock(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        f"# made\nnumpy=={np.__version__} \\\n    --hash=sha256:00\n    # via pandas\n"
        "no-such-package==1 ; python_full_version < '3' \\\n    --hash=sha256:00\n"
    )
    assert doctor.examine_packages(lock).trouble == ""


def test_packages_that_differ_from_the_lock(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text("numpy==1.0 \\\n    --hash=sha256:00\nno-such-package==1\n")
    finding = doctor.examine_packages(lock)
    assert f"numpy==1.0 is required, but {np.__version__} is installed" in finding.trouble
    assert "no-such-package is missing" in finding.trouble
    assert "delete the folder .venv" in finding.fix


def test_helpers_of_this_folder():
    assert doctor.examine_helpers(doctor.ROOT / "notebooks").trouble == ""


def test_helpers_of_another_copy_of_the_course(tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/doctor.py").touch()
    finding = doctor.examine_helpers(tmp_path / "my_work")
    assert str(tmp_path) in finding.trouble
    assert str(doctor.ROOT) in finding.trouble


@pytest.fixture
def data(tmp_path):
    """A data folder with one file, and the README that vouches for it."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/users.csv").write_bytes(b"user_id\nU1\n")
    sha256 = hashlib.sha256(b"user_id\nU1\n").hexdigest()
    (tmp_path / "README.md").write_text(
        "| file | rows | sha256 |\n|---|---|---|\n" + f"| `shop/users.csv` | 1 | `{sha256}` |\n"
    )
    return tmp_path


def test_data_is_whole_changed_or_missing(data):
    assert doctor.examine_data(data).trouble == ""
    file = data / "shop/users.csv"
    file.write_bytes(b"user_id\nU2\n")
    finding = doctor.examine_data(data)
    assert finding.trouble.startswith("data/shop/users.csv differs")
    assert "git restore data" in finding.fix
    file.unlink()
    assert doctor.examine_data(data).trouble == "data/shop/users.csv is missing"
    (data / "README.md").unlink()
    assert doctor.examine_data(data).fix.startswith("`git restore data`")


def test_every_committed_data_file_is_examined():
    vouched = {name for name, _ in doctor.read_checksums(doctor.ROOT / "data/README.md")}
    present = {
        path.relative_to(doctor.ROOT / "data").as_posix()
        for path in (doctor.ROOT / "data").rglob("*")
        if path.is_file() and path.parent != doctor.ROOT / "data"
    }
    assert vouched == present


def test_progress_can_be_saved_or_not(tmp_path):
    assert doctor.examine_progress(tmp_path / "new").trouble == ""
    (tmp_path / "file").touch()
    finding = doctor.examine_progress(tmp_path / "file")
    assert str(tmp_path / "file") in finding.trouble
    assert "WORKBOOK_PROGRESS" in finding.fix


def test_report_in_chinese(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(doctor.ROOT)
    lock = tmp_path / "requirements.txt"
    lock.write_text("".join(f"no-such-package-{number}==1\n" for number in range(4)))
    examine = doctor.examine_packages
    monkeypatch.setattr(doctor, "examine_packages", lambda _: examine(lock))
    with language.speaking("zh"):
        assert doctor.report() is False
    _, off, fix, *others = capsys.readouterr().out.splitlines()
    assert off.startswith("OFF  未通过：软件包与本课程测试时所用的一致。缺少 no-such-package-0；")
    assert off.endswith("，另有 1 项")
    assert fix.startswith("     解决办法：请关闭 JupyterLab")
    assert others[:2] == ["ok   helpers 来自你正在使用的文件夹", "ok   数据文件完整"]
