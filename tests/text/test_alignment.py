from aggregator.text.alignment import Change, Laid, laid
from aggregator.text.wording import Token


def tokens(text: str) -> list[Token]:
    return [(word, word) for word in text.split()]


def change(mine: str, theirs: str, after: str) -> Change:
    return Change(mine=tuple(tokens(mine)), theirs=tuple(tokens(theirs)), after=after)


def test_equal_texts_are_kept_whole():
    assert laid(tokens("a b c d e"), tokens("a b c d e"), 2) == Laid(kept=5, changes=())


def test_what_stands_in_the_place_of_something_is_a_change():
    one, other = tokens("a b c d e x y f g h i"), tokens("a b c d e z f g h i")
    assert laid(one, other, 3) == Laid(kept=9, changes=(change("x y", "z", "f"),))


def test_a_change_has_nothing_in_common_at_its_ends():
    one, other = tokens("a x b c d e f y g"), tokens("a z b c d e f w g")
    assert laid(one, other, 4) == Laid(kept=7, changes=(change("x", "z", "b"), change("y", "w", "g")))


def test_what_only_one_text_has_is_no_change():
    assert laid(tokens("a b c d"), tokens("a b x y c d"), 2) == Laid(kept=4, changes=())


def test_a_change_at_the_end_is_followed_by_nothing():
    assert laid(tokens("a b c x"), tokens("a b c y"), 2) == Laid(kept=3, changes=(change("x", "y", ""),))


def test_runs_that_changed_places_are_kept_once():
    one, other = tokens("a b c d e f g h"), tokens("e f g h a b c d")
    assert laid(one, other, 2).kept == 4


def test_repeated_runs_hold_nothing_together_but_what_stands_beside_them_does():
    one, other = tokens("la la la la a b c la la la"), tokens("la la la la a b c la la la")
    assert laid(one, other, 3).kept == 10


def test_nothing_beside_nothing_is_nothing():
    assert laid([], tokens("a b c"), 2) == laid(tokens("a b"), [], 2) == Laid(kept=0, changes=())
