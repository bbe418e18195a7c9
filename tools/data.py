"""List or fetch what the case studies download: ``python -m tools.data online_retail``."""

import argparse

from tools import env


def main() -> None:
    """Enter the environment, and list the downloads or fetch those that are named."""
    env.enter()
    fetch()


def fetch(arguments: list[str] | None = None) -> None:
    """List the downloads, or fetch those that are named."""
    from helpers.data import downloads  # only the environment has what it needs

    parser = argparse.ArgumentParser(prog="python -m tools.data", description=fetch.__doc__)
    parser.add_argument("name", nargs="*", help=", ".join(downloads.DOWNLOADS))
    names = parser.parse_args(arguments).name
    try:
        for name in names:
            print(f"{name}: {downloads.fetch(name)}")
    except (downloads.DownloadError, ValueError) as error:
        parser.exit(1, f"{error}\n")
    if not names:
        print(f"in {downloads.cache()}:")
        for name in downloads.DOWNLOADS:
            print(f"  {'yes' if downloads.is_cached(name) else 'no ':<4} {name}")


if __name__ == "__main__":
    main()
