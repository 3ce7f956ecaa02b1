"""Who belongs to a list of feeds: the rules, without any list being asked."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import membership
from aggregator.membership import Step, step
from aggregator.model import ListedFeed, Member
from tests.fakes import NOW


def feed(number: int, title: str | None = None) -> ListedFeed:
    return ListedFeed(url=f"https://f{number}.example/feed", title=title)


def known(*feeds: ListedFeed) -> tuple[Member, ...]:
    return members(step((), feeds, at=NOW))


def members(done: Step, before: tuple[Member, ...] = ()) -> tuple[Member, ...]:
    return before if done.members is None else done.members


def polled(some: tuple[Member, ...]) -> list[str]:
    return [member.name for member in some if member.left_at is None]


def test_a_list_that_says_the_same_changes_nothing() -> None:
    before = known(feed(1), feed(2))

    assert step(before, [feed(1), feed(2)], at=NOW).members is None
    assert membership.unchanged(before, at=NOW).members is None


def test_up_to_nine_feeds_leave_at_once_however_few_stay() -> None:
    before = known(*map(feed, range(10)))

    assert len(step(before, [feed(0)], at=NOW).left) == 9


def test_ten_feeds_that_are_not_most_leave_at_once() -> None:
    before = known(*map(feed, range(20)))

    assert len(step(before, [*map(feed, range(10))], at=NOW).left) == 10


def test_ten_feeds_that_are_most_leave_when_the_list_lacks_them_again_though_it_differs() -> None:
    before = known(*map(feed, range(12)))

    first = step(before, [feed(0), feed(1)], at=NOW)
    second = step(members(first), [feed(0)], at=NOW)

    assert (first.left, len(second.left)) == ((), 10)
    assert polled(members(second)) == ["f0.example/feed", "f1.example/feed"]


def test_what_is_no_list_any_more_has_no_members() -> None:
    done = membership.ended(known(feed(1), feed(2)), at=NOW)

    assert polled(members(done)) == []
    assert len(done.left) == 2


def test_a_name_once_given_is_never_given_to_another_feed() -> None:
    before = known(feed(1, "Blog"))
    left = members(step(before, [feed(2, "Other")], at=NOW))

    came = step(left, [feed(2, "Other"), feed(3, "Blog")], at=NOW)
    back = step(members(came), [feed(2, "Other"), feed(3, "Blog"), feed(1, "Blog")], at=NOW)

    assert came.came[0].startswith("Blog-")
    assert back.came == ("Blog",)


def test_a_title_that_several_lines_bear_tells_nothing_of_an_address_that_changed() -> None:
    before = known(feed(1, "Blog"), feed(2, "Blog"))

    done = step(before, [feed(3, "Blog"), feed(2, "Blog")], at=NOW)

    assert (len(done.came), done.left) == (1, ("Blog",))


def test_a_title_that_several_feeds_bore_tells_nothing_of_the_one_that_bears_it_now() -> None:
    before = known(feed(1, "Blog"), feed(2, "Blog"))

    done = step(before, [feed(3, "Blog")], at=NOW)

    assert (len(done.came), len(done.left)) == (1, 2)


def test_of_two_feeds_of_one_address_the_one_that_is_polled_goes_on() -> None:
    before = (*known(feed(1, "Polled")), Member(name="Gone", url=feed(1).url, came_at=NOW, left_at=NOW))

    done = step(before, [feed(1, "Polled")], at=NOW)

    assert (done.came, done.left) == ((), ())


def test_a_list_that_is_cut_off_does_not_count_as_one_that_lacks_its_feeds() -> None:
    before = known(*map(feed, range(20)))

    cut = step(before, [feed(0)], at=NOW, is_whole=False)
    whole = step(members(cut, before), [feed(0)], at=NOW)

    assert (cut.left, whole.left) == ((), ())


def test_no_password_comes_into_a_name() -> None:
    (member,) = known(ListedFeed(url="https://me:word@Reader.example/a%20b/?token=1"))

    assert member.name == "reader.example/a b"


def test_those_that_left_are_forgotten_past_ten_thousand() -> None:
    before = known(*map(feed, range(9)))
    long_gone = tuple(
        Member(name=str(n), url=f"https://g{n}.example/", came_at=NOW, left_at=NOW - timedelta(seconds=n))
        for n in range(10_001)
    )

    done = step((*before, *long_gone), [feed(0)], at=NOW)

    names = {member.name for member in members(done)}
    assert ("9999" in names, "10000" in names) == (True, False)


readings = st.lists(
    st.lists(st.tuples(st.integers(0, 15), st.sampled_from([None, "A", "B"])), max_size=16, unique_by=lambda x: x[0]),
    min_size=1,
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(readings)
def test_whatever_lists_say_names_stay_unique_and_what_is_listed_is_polled(
    history: list[list[tuple[int, str]]],
) -> None:
    states: list[tuple[Member, ...]] = [()]
    for at, reading in enumerate(history):
        listed = [feed(number, title) for number, title in reading]
        done = step(states[-1], listed, at=NOW + timedelta(hours=at))
        states.append(members(done, states[-1]))
        now = [member for member in states[-1] if member.left_at is None]

        assert len({member.name for member in states[-1]}) == len(states[-1])
        assert [member.url for member in now][: len(listed)] == [one.url for one in listed]
        assert {member.name for member in now if member.is_missing}.isdisjoint(done.left)
        assert set(polled(states[-1])) == (set(polled(states[-2])) | set(done.came)) - set(done.left)
    for before, after in pairwise(states):
        assert {member.name for member in before} <= {member.name for member in after}
