"""Renew every lock from pyproject.toml: ``python -m tools.lock``.

Versions that still fit stay as they are; ``python -m tools.lock --upgrade`` moves all of them to
the newest.
"""

import subprocess
import sys
import tomllib

from tools import env


def main() -> None:
    """Compile the base lock first, then uv's own and the extras' so that they agree with it."""
    env.enter()
    project = tomllib.loads((env.ROOT / "pyproject.toml").read_text())["project"]
    compile_lock("requirements.txt", project["dependencies"])
    compile_lock("tools/locks/uv.txt", ["uv"])
    for extra, dependencies in project["optional-dependencies"].items():
        agreeing = ["--constraint", "requirements.txt"]
        compile_lock(f"tools/locks/{extra}.txt", dependencies, *agreeing)


def compile_lock(output: str, dependencies: list[str], *options: str) -> None:
    """Lock dependencies with hashes, for every system and Python, with no address in the file."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--output-file", output]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"]
    command += ["--custom-compile-command", "make lock", "--quiet", *options, *sys.argv[1:]]
    subprocess.run(command, cwd=env.ROOT, input="\n".join(dependencies), text=True, check=True)
    lines = (env.ROOT / output).read_text().splitlines()
    print(f"{output}: {sum(line[0].isalpha() for line in lines)} packages")


if __name__ == "__main__":
    main()
