"""Run a command until the input of this program ends: ``python supervise.py command …``.

The input is a pipe from the program that wants the command to run. The operating system closes it
when that program ends, however it ends.
"""

import contextlib
import os
import subprocess
import sys
import threading

PATIENCE = 10  # seconds that a command has to end by itself


def main() -> None:
    """Start the command; end with it, or end it."""
    with subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL) as process:
        threading.Thread(target=lambda: os._exit(process.wait()), daemon=True).start()
        sys.stdin.buffer.read()
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        process.kill()


if __name__ == "__main__":
    main()
