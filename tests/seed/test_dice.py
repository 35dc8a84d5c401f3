"""Chance that can be repeated."""

from jobcenter.seed.dice import Dice


def rolls(dice: Dice) -> list[object]:
    return [
        dice.id(),
        dice.chance(0.5),
        dice.pick("abcdef"),
        dice.weighed({"a": 1, "b": 2}),
        dice.some(range(50), 5),
        dice.between(1, 1000),
        dice.near(0, 1),
    ]


def test_the_same_names_roll_the_same() -> None:
    assert rolls(Dice(1, "house", "kaneli")) == rolls(Dice(1, "house", "kaneli"))


def test_another_name_rolls_otherwise() -> None:
    assert rolls(Dice(1, "house", "kaneli")) != rolls(Dice(1, "house", "kulma"))
    assert rolls(Dice(1, "x")) != rolls(Dice(2, "x"))


def test_ids_are_proper_and_differ() -> None:
    dice = Dice("ids")
    ids = {dice.id() for _ in range(500)}
    assert len(ids) == 500
    assert {one.version for one in ids} == {4}


def test_never_more_than_there_are() -> None:
    assert sorted(Dice("few").some("abc", 10)) == ["a", "b", "c"]


def test_shares_come_out_about_right() -> None:
    dice = Dice("shares")
    yes = sum(dice.chance(0.3) for _ in range(4000))
    heavy = sum(dice.weighed({"light": 1, "heavy": 3}) == "heavy" for _ in range(4000))
    assert 1080 < yes < 1320
    assert 2880 < heavy < 3120
