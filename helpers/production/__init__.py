"""The shop in production: a database, a nightly batch job, releases, and the API that serves them.

`tables` says what the database holds. It is SQLite or PostgreSQL, by nothing but its URL.
"""

from helpers.production.database import open_database, upgrade
from helpers.production.releases import release, released, roll_back
from helpers.production.scoring import score

__all__ = ["open_database", "release", "released", "roll_back", "score", "upgrade"]
