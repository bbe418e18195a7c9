"""A deck shows what its file says, needs nothing else, and is refused where it can't be shown."""

import re

import pytest

from tools.classroom import nbgrader, slides

DECKS = [each for each in nbgrader.lessons() if (slides.DECKS / f"{each.number}.md").exists()]


@pytest.mark.parametrize("lesson", DECKS, ids=lambda each: each.number)
def test_a_deck_asks_shows_and_needs_nothing_else(lesson):
    made = list(slides.slides(lesson))
    assert sum(each.is_vote for each in made) >= 3
    assert any(each.strips for each in made)
    deck = slides.deck(lesson)
    assert not re.search(r"<link|@import|url\(|https?://(?!www\.w3\.org)", deck)
    assert set(re.findall(r'src="(.{11})', deck)) == {"data:image/"}
    assert not re.search(r"\\(?:frac|text|sum|begin)\b", deck)  # a formula that was not understood


@pytest.fixture
def of_05(monkeypatch, tmp_path):
    """Make lesson 05's deck with something else in the place of its first slide."""
    [lesson] = [each for each in nbgrader.lessons() if each.number == "05"]
    text = (slides.DECKS / "05.md").read_text(encoding="utf-8")
    monkeypatch.setattr(slides, "DECKS", tmp_path)

    def made(slide):
        written = re.sub(r"(?s)^## .*?(?=^## )", lambda _: slide, text, count=1, flags=re.M)
        (tmp_path / "05.md").write_text(written, encoding="utf-8")
        return list(slides.slides(lesson))

    return made


def test_a_slide_shows_outputs_claims_and_options(of_05):
    def shown(cell):
        claim = "{full cosine has the lowest error}"
        return of_05(f"## Which?\n\n[{cell}]\n\n{claim}\n\na) yes\nb) no\n\n???\nSay $a < b$.\n\n")[
            1
        ]

    slide = shown("claims-grid")
    assert slide.is_vote
    assert '<figure><img alt="RMSE on the validation set (stars) by min_k' in slide.body
    [strip] = slide.strips
    assert (len(strip["others"]), strip["true"], strip["where"]) == (20, 20, "other shops")
    assert "<ol>\n<li>yes</li>\n<li>no</li>\n</ol>" in slide.body
    assert "<math" in slide.notes
    assert "<td>–</td>" in shown("a65af7a0").body
    assert "<pre>(0.052, 0.0305)</pre>" in shown("a5c15c82").body


@pytest.mark.parametrize(
    ("slide", "said"),
    [
        ("## Why?\n\n[nowhere]\n\n???\nSay.\n\n", r"no code cell \[nowhere\] of the core has"),
        ("## Why?\n\n[601a983e]\n\n???\nSay.\n\n", r"no code cell \[601a983e\] of the core has"),
        ("## Why?\n\n{all is well}\n\n???\nSay.\n\n", 'no claim "all is well"'),
        ("## Why?\n\nAll is well.\n\n", "no notes"),
        ("## \n\nAll is well.\n\n???\nSay.\n\n", "must have 1 to 60 characters"),
        ("## Why 1.234 stars?\n\n???\nSay.\n\n", 'does not hold "1.234"'),
    ],
)
def test_what_cannot_be_shown_is_refused_with_deck_and_slide(of_05, slide, said):
    heading = re.escape(slide.splitlines()[0].removeprefix("## "))
    with pytest.raises(ValueError, match=f'^Deck 05, slide "{heading}": .*{said}'):
        of_05(slide)


def test_a_deck_has_twelve_to_fifteen_slides(of_05):
    with pytest.raises(ValueError, match=r"Deck 05 .+ 12 to 15 slides, .* and 17"):
        of_05("## Why?\n\n???\nSay.\n\n" * 3)
