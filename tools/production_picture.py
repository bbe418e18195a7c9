"""The shop's system in production as one picture: ``python -m tools.production_picture`` draws it.

One SVG that reads by day and by night, on a projector and on a telephone. A test holds every table,
module and lesson in it against the course.
"""

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from string import Template

from tools import copies, env

PICTURE = copies.LESSONS / "production.svg"


@dataclass(frozen=True)
class Step:
    """A box: what happens, in which tables or modules, the lessons that teach it, and a remark."""

    does: str
    names: tuple[str, ...]
    lessons: tuple[str, ...]
    says: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()  # lines at the lower edge


NIGHT = (
    Step("Data", ("helpers.data",), ("00",), ("the shop’s export of today",)),
    Step("Cleaning", ("helpers.data.cleaning", "items · users", "order_lines"), ("01",)),
    Step("Features", ("features",), ("11",), ("as of the evening",)),
    Step(
        "Models",
        ("helpers.value", "helpers.recommend", "helpers.campaigns"),
        ("03", "06", "11", "14"),
    ),
    Step("Lists and scores", ("versions · scores", "recommendations · popular"), ("16",)),
)
DAY = (
    Step("Release", ("releases",), ("16",), ("or back to the version before",)),
    Step("API", ("helpers.production.api",), ("16",)),
    Step("Page", ("served",), ("16",), ("what was shown, how probably",)),
    Step("Events", ("events",), ("02", "16"), ("views and purchases",)),
)
BESIDE = {  # the first step that a box stands beside → the box
    "Cleaning": Step(
        "Erasure",
        ("erasures", "kept_order_lines"),
        ("20",),
        ("who asked to go",),
    ),
    "Models": Step("Tracking", ("tools.tracking",), ("07",), ("which model,", "on which data")),
    "Lists and scores": Step(
        "Monitoring",
        ("helpers.monitoring",),
        ("16c",),
        ("drift, calibration,", "silent failures"),
        ("if it went wrong:", "roll back"),
    ),
    "API": Step(
        "Experiment",
        ("helpers.bandits",),
        ("16b",),
        ("explores: some lists", "in random order"),
        ("learns from clicks", "what is worth more"),
    ),
}
# Steps beside which it stands
SPANS = {"Erasure": 1, "Tracking": 1, "Monitoring": 2, "Experiment": 3}
# In, out
WAYS = {
    "Erasure": ([], [0]),
    "Tracking": ([0], []),
    "Monitoring": ([0], [1]),
    "Experiment": ([2], [0]),
}

WIDTH, LEFT, RIGHT, SIDE = 496, 40, 282, 308  # pixels: the loop's boxes, and those beside it
LINE, GAP, PAD = 19, 24, 12

STYLE = Template("""\
text { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
.does { font-size: 17px; font-weight: 600; }
.name { font: 13.5px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.band, .lesson { font-weight: 600; }
.lesson { text-anchor: middle; }
.box { stroke-width: 1.5; }
.way { fill: none; stroke-width: 2; }
.beside .box, .beside .way { stroke-dasharray: 5 4; }
$light
@media (prefers-color-scheme: dark) {
$dark
}
""")
COLORS = Template("""\
text { fill: $quiet; } .does, .name { fill: $ink; } .paper, .lesson { fill: $paper; }
.box { fill: $box; stroke: $edge; } .way { stroke: $quiet; } .tip { fill: $quiet; }
.night { fill: $blue; } .day { fill: $orange; } .green { fill: $green; }
.band-night { fill: $sky; } .band-day { fill: $sand; }
.beside .box, .beside .way { stroke: $green; }""")
LIGHT = {
    "ink": "#1f2428",
    "quiet": "#57606a",
    "paper": "#ffffff",
    "box": "#ffffff",
    "edge": "#c4ccd4",
    "blue": "#005a8f",
    "orange": "#a84800",
    "green": "#00694d",
    "sky": "#e9f1fa",
    "sand": "#fcefe4",
}
DARK = {
    "ink": "#e6eaee",
    "quiet": "#aab4be",
    "paper": "#0d1117",
    "box": "#171d26",
    "edge": "#46505c",
    "blue": "#79bdf2",
    "orange": "#ffae70",
    "green": "#5fd3ab",
    "sky": "#12233a",
    "sand": "#33200f",
}


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(drawn(), encoding="utf-8")
    print(f"{PICTURE.relative_to(env.ROOT)} is drawn.")


def drawn() -> str:
    """Return the picture as SVG: the loop from top to bottom and back, the rest beside it."""
    at, y = {}, 40  # the upper and lower edge of each box
    bands = []
    for title, kind, steps in (
        ("Every night: the batch job", "night", NIGHT),
        ("All day: the API", "day", DAY),
    ):
        top = y
        y += 28
        for step in steps:
            at[step.does] = (y, y + height(step))
            y += height(step) + GAP
        bands += [
            f'<rect x="28" y="{top}" width="{RIGHT - 16}" height="{y - top - 12}" rx="12" '
            f'class="band-{kind}"/>',
            f'<text x="{LEFT}" y="{top + 19}" class="band {kind}">{title}</text>',
        ]
        y += 10
    loop = [*NIGHT, *DAY]
    boxes = [
        box(step, LEFT, RIGHT, *at[step.does], "night" if step in NIGHT else "day") for step in loop
    ]
    ways = [
        way(f"M{RIGHT - 72},{at[one.does][1]}V{at[other.does][0] - 3}")
        for one, other in pairwise(loop)
    ]
    first, last = (sum(at[step.does]) / 2 for step in (loop[0], loop[-1]))
    ways.append(
        way(
            f"M{LEFT},{last:g}H26Q14,{last:g} 14,{last - 12:g}V{first + 12:g}"
            f"Q14,{first:g} 26,{first:g}H{LEFT - 3}"
        )
    )
    bottom = y + 22
    light, dark = (COLORS.substitute(each) for each in (LIGHT, DARK))
    style = STYLE.substitute(light=light, dark=dark)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom}" '
        f'width="{WIDTH}" height="{bottom}" role="img">',
        f"<title>{escape(told())}</title>",
        f"<style>\n{style}</style>",
        "<defs>" + tip("tip") + tip("green") + "</defs>",
        f'<rect class="paper" width="{WIDTH}" height="{bottom}" rx="14"/>',
        '<text x="28" y="24" class="does">The shop in production</text>',
        *bands,
        *ways,
        *boxes,
        *[beside(step, loop, at, place) for place, step in BESIDE.items()],
        f'<text x="28" y="{bottom - 14}">A number on a box is the lesson that explains it.</text>',
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def height(step: Step) -> int:
    """Return the height of a box: its title, a line for each name, and one for what it says."""
    return 38 + LINE * len(step.names + step.says)


def box(step: Step, left: int, right: int, top: float, bottom: float, kind: str) -> str:
    """Draw a box, with its lessons at the upper right."""
    lessons = " · ".join(step.lessons)
    wide = 12 + 8 * len(lessons)
    lines = [("name", name) for name in step.names] + [("says", says) for says in step.says]
    at = [top + 46 + LINE * place for place in range(len(lines))]
    lines += [("says", says) for says in step.ends]
    at += [bottom - 12 - LINE * place for place in reversed(range(len(step.ends)))]
    parts = [
        f'<rect class="box" x="{left}" y="{top}" width="{right - left}" '
        f'height="{bottom - top}" rx="8"/>',
        f'<text class="does" x="{left + PAD}" y="{top + 24}">{step.does}</text>',
        f'<rect class="{kind}" x="{right - wide - 8:g}" y="{top + 9}" width="{wide:g}" '
        f'height="20" rx="10"/>',
        f'<text class="lesson" x="{right - wide / 2 - 8:g}" y="{top + 23.5}">{lessons}</text>',
    ]
    parts += [
        f'<text class="{what}" x="{left + PAD}" y="{y}">{escape(line)}</text>'
        for y, (what, line) in zip(at, lines, strict=True)
    ]
    return "\n".join(parts)


def beside(step: Step, loop: list[Step], at: dict[str, tuple[int, int]], place: str) -> str:
    """Draw a box beside the loop, with a way in from the last step it spans, one out to the first.

    The model that is tracked has a way in only.
    """
    names = [each.does for each in loop]
    spanned = names[names.index(place) :][: SPANS[step.does]]
    top, bottom = at[spanned[0]][0], at[spanned[-1]][1]
    middle = [sum(at[name]) / 2 for name in spanned]
    into, out = WAYS[step.does]
    parts = ['<g class="beside">', box(step, SIDE, WIDTH - 12, top, bottom, "green")]
    parts += [way(f"M{RIGHT},{middle[k]:g}H{SIDE - 3}", "green") for k in into]
    parts += [way(f"M{SIDE},{middle[k]:g}H{RIGHT + 3}", "green") for k in out]
    return "\n".join([*parts, "</g>"])


def way(path: str, kind: str = "tip") -> str:
    """Draw an arrow along a path."""
    return f'<path class="way" d="{path}" marker-end="url(#{kind})"/>'


def tip(kind: str) -> str:
    """Return the tip of an arrow."""
    return (
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="7" refY="5" markerWidth="11" '
        f'markerHeight="11" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="{kind}" d="M0,0L10,5L0,10z"/></marker>'
    )


def told() -> str:
    """Return the picture in words."""
    loop = [*NIGHT, *DAY]
    steps = "; ".join(f"{step.does.lower()} (lesson {', '.join(step.lessons)})" for step in loop)
    side = "; ".join(
        f"{step.does.lower()} (lesson {', '.join(step.lessons)}) from {place.lower()} on"
        for place, step in BESIDE.items()
    )
    return f"The shop in production, a loop: {steps}; and back to data. Beside it: {side}."


if __name__ == "__main__":
    main()
