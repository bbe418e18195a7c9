"""List or fetch what the case studies download: ``python -m tools.data online_retail``."""

from tools import env


def main() -> None:
    """Do inside the environment what ``python -m helpers.data.sources`` does."""
    env.enter()
    from helpers.data import downloads  # only the environment has what it needs

    downloads.main()


if __name__ == "__main__":
    main()
