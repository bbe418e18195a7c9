"""Stop code that runs for too long."""

import _thread
import contextlib
import signal
import threading
from collections.abc import Iterator

AGAIN = 1  # seconds between two interrupts of code that catches the first


class OutOfTimeError(Exception):
    """The code inside took too long; its cause, if any, says where it was interrupted."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Interrupt what runs inside, as Ctrl-C would, once the time is over.

    It works wherever Python does, because it needs no signal of the system; a computation inside
    a library is stopped only when it comes back to Python. Outside of the main thread there is no
    limit.

    Raises
    ------
    OutOfTimeError
        If the time was over. An interrupt by somebody else stays a KeyboardInterrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ignored = signal.getsignal(signal.SIGINT) == signal.SIG_IGN  # by a process in the background
    if ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    done, over = threading.Event(), threading.Event()

    def watch() -> None:
        pause = seconds
        while not done.wait(pause):
            over.set()
            _thread.interrupt_main()
            pause = AGAIN

    watchman = threading.Thread(target=watch, daemon=True)
    watchman.start()
    try:
        try:
            yield
        finally:
            done.set()
            watchman.join()  # from here on no interrupt can come; one that came too late is caught
    except KeyboardInterrupt as interrupt:
        if over.is_set():
            raise OutOfTimeError from interrupt
        raise
    finally:
        if ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    if over.is_set():  # the code inside caught every interrupt, and came to an end all the same
        raise OutOfTimeError
