"""The shop in production: a database, a nightly batch job, releases, and the API that serves them.

`tables` says what the database holds.
"""

from helpers.production.database import open_database, upgrade
from helpers.production.releases import release, released, roll_back

__all__ = ["open_database", "release", "released", "roll_back", "upgrade"]
