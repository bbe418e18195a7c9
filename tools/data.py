"""List or fetch what the case studies download: ``python -m tools.data online_retail``."""

from tools import env


def main() -> None:
    """Do inside the environment what ``python -m helpers.datasets`` does."""
    env.enter()
    from helpers import datasets  # only the environment has what it needs

    datasets.main()


if __name__ == "__main__":
    main()
