"""What is kept of one exercise."""

from dataclasses import dataclass

from exercises.engine.exercise import RIGHT, UNTRIED, WRONG


@dataclass(frozen=True)
class Record:
    """What is kept of one exercise: its mark, the hints taken (0 to 3), whether it was revealed."""

    mark: str = UNTRIED
    hints: int = 0
    revealed: bool = False

    def __post_init__(self) -> None:
        known = self.mark in (UNTRIED, WRONG, RIGHT) and self.hints in range(4)
        if not (known and isinstance(self.revealed, bool)):
            raise ValueError(f"no record of progress: {self}")


Records = dict[str, Record]
