"""A rate limit per client: the token bucket.

A bucket holds at most ``burst`` permits and is refilled with ``rate`` of them a second. A request
takes one; when there is none left it has to wait. So a client may send ``burst`` requests at once,
and ``rate`` a second in the long run.
"""

import math
import time
from collections.abc import Callable

MANY = 10_000


class RateLimit:
    """Token buckets, one per client, in the memory of one process.

    Several worker processes have buckets of their own, so together they let through as many times
    the rate. It is called from the event loop only, so it needs no lock.

    Parameters
    ----------
    rate : permits per second, above 0.
    burst : permits that a full bucket holds, at least 1.
    clock : function that returns seconds, never going back.

    References
    ----------
    Turner (1986), New directions in communications (or which way to the information age?), IEEE
    Communications Magazine 24(10).

    Examples
    --------
    >>> now = 0.0
    >>> limit = RateLimit(rate=2, burst=2, clock=lambda: now)
    >>> [limit.wait("website") for _ in range(3)]  # the third waits half a second for its permit
    [0.0, 0.0, 0.5]
    >>> now = 0.5
    >>> limit.wait("website")
    0.0
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic):
        if not (0 < rate < math.inf and burst >= 1):
            raise ValueError(
                f"rate must be above 0 and finite, burst at least 1; got {rate} and {burst}."
            )
        self.rate, self.burst, self.clock = rate, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}  # permits, and when they were counted

    def wait(self, client: str) -> float:
        """Take a permit and return 0, or take none and return the seconds until there is one."""
        now = self.clock()
        permits, counted = self._buckets.get(client, (self.burst, now))
        permits = min(self.burst, permits + (now - counted) * self.rate)
        missing = max(0.0, 1 - permits)
        self._buckets[client] = (permits if missing else permits - 1, now)
        if len(self._buckets) > MANY:  # a bucket that is full again need not be remembered
            self._buckets = {
                name: (left, at)
                for name, (left, at) in self._buckets.items()
                if left + (now - at) * self.rate < self.burst
            }
        return missing / self.rate
