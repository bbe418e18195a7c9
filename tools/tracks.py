"""The ways through the course, and their map in README: ``python -m tools.tracks`` draws it.

The map is one SVG that reads by day and by night.
"""

from tools import copies, env

MAP = copies.LESSONS / "tracks.svg"
COLORS = {
    "Data scientist": "#cc79a7",
    "Analyst": "#0072b2",
    "Marketing": "#d55e00",
    "Recommender": "#009e73",
}
LEFT, TOP, STEP, ROW = 140, 240, 52, 46  # pixels

STYLE = """\
text { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #1f2428; }
.track { font-weight: bold; }
.stop { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e4e8eb; } .stop { fill: #0d1117; } }
"""


def main() -> None:
    """Write the map."""
    env.enter()
    MAP.write_text(in_english(), encoding="utf-8")
    print(f"{MAP.relative_to(env.ROOT)} is drawn.")


def in_english() -> str:
    """Return the map that README shows."""
    from helpers.exercises.course import TRACKS  # only the environment has what it needs

    return drawn(titles(), dict(zip(TRACKS, TRACKS, strict=True)), "Four ways through the course. ")


def titles() -> dict[str, str]:
    """Return the titles of the lessons: number → "05 · User-based filtering"."""
    from helpers.exercises import course

    return {title.partition(" · ")[0]: title for title in course.lessons()}


def drawn(lessons: dict[str, str], names: dict[str, str], told: str) -> str:
    """Return the map as SVG: a column for each lesson, a line for each track, a stop for each.

    Parameters
    ----------
    lessons : number → title.
    names : of the tracks, in English → in the language of the map.
    told : what the map is, for those who can't see it; the tracks follow.
    """
    from helpers.exercises.course import TRACKS

    width = LEFT + STEP * len(lessons) + 110  # room for the last title, which leans to the right
    height = TOP + ROW * len(TRACKS)
    at = {number: LEFT + STEP * place for place, number in enumerate(lessons)}
    told += "; ".join(f"{names[name]}: {stops}" for name, stops in TRACKS.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{told}.</title>",
        f"<style>\n{STYLE}</style>",
    ]
    for number, title in lessons.items():
        x, y = at[number], TOP - 26
        parts.append(f'<text transform="translate({x - 4},{y}) rotate(-40)">{title}</text>')
    for row, (name, stops) in enumerate(TRACKS.items()):
        y, color = TOP + ROW * row, COLORS[name]
        first, *_, last = stops.split()
        parts.append(f'<text x="8" y="{y + 5}" class="track">{names[name]}</text>')
        parts.append(
            f'<line x1="{at[first]}" x2="{at[last]}" y1="{y}" y2="{y}" stroke="{color}" '
            'stroke-width="5"/>'
        )
        parts += [
            f'<circle class="stop" cx="{at[stop]}" cy="{y}" r="8" stroke="{color}" '
            'stroke-width="4"/>'
            for stop in stops.split()
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
