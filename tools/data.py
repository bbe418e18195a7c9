"""List or fetch what the case studies download: ``python -m tools.data online_retail``."""

from tools import env


def main() -> None:
    """List or fetch the downloads, inside the environment."""
    env.enter()
    from helpers.data import downloads  # only the environment has what it needs

    downloads.main()


if __name__ == "__main__":
    main()
