import pytest

from exercises.engine import store, view


@pytest.fixture
def progress_folder(tmp_path, monkeypatch):
    """Give a test a learner who has just begun, with a folder of their own."""
    folder = tmp_path / "progress"
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(folder))
    monkeypatch.setattr(store, "_unsaved", {})
    view.notice_once.cache_clear()
    return folder
