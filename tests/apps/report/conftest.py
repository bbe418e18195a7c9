"""The course's shop and its sections, made once for all tests of the report."""

import pytest

from apps import report
from apps.report.own_shop.shop import from_shop
from helpers.data import sources


@pytest.fixture(scope="session")
def ours():
    return from_shop(sources.load_shop())


@pytest.fixture(scope="session")
def made(ours):
    return {one.name: one for one in report.sections(ours)}
