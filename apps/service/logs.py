"""The log: a line of JSON for each entry, of ours and of the web server, on the standard error."""

import json
import logging
from datetime import UTC, datetime

log = logging.getLogger("shop.api")


class AsJson(logging.Formatter):
    """Writes an entry, with what the logging call gives as ``extra={"fields": {…}}``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname, "logger": record.name}
        line |= {"message": record.getMessage(), **getattr(record, "fields", {})}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def set_up_log() -> None:
    """Write a line for each request; of other loggers, warnings only."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)
