"""Who does not answer is left alone, tried again by one, and takes no place from those that answer."""

from contextlib import ExitStack

import pytest

from verifier.breaker import NoPlace, WaitingRoom

SOURCE, OTHER = 1, 2


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> WaitingRoom:
    return WaitingRoom(4, clock=clock)


def fail(room: WaitingRoom, source: int = SOURCE) -> bool:
    with room.place(source):
        return room.failed(source)


def refusal(room: WaitingRoom, source: int = SOURCE) -> str:
    with pytest.raises(NoPlace) as refused, room.place(source):
        pytest.fail("there was a place")
    return refused.value.code


def answer(room: WaitingRoom) -> None:
    with room.place(SOURCE):
        room.answered(SOURCE)


def test_the_third_failure_in_a_row_opens_it_and_says_so(room: WaitingRoom) -> None:
    assert [fail(room), fail(room)] == [False, False]
    answer(room)
    assert [fail(room) for _ in range(3)] == [False, False, True]
    assert refusal(room) == "ocsp.paused"
    with room.place(OTHER):
        pass


def test_after_the_pause_one_alone_tries_again(room: WaitingRoom, clock: Clock) -> None:
    for _ in range(3):
        fail(room)
    clock.now += 9.9
    assert refusal(room) == "ocsp.paused"
    clock.now += 0.1
    with room.place(SOURCE):
        assert refusal(room) == "ocsp.paused"
        room.answered(SOURCE)
    with ExitStack() as waiting:
        for _ in range(4):
            waiting.enter_context(room.place(SOURCE))
        assert refusal(room, OTHER) == "ocsp.busy"


def test_each_failed_trial_doubles_the_pause_up_to_a_minute_and_an_answer_makes_it_short_again(
    room: WaitingRoom, clock: Clock
) -> None:
    for _ in range(3):
        fail(room)
    for pause in (10, 20, 40, 60, 60):
        clock.now += pause - 0.1
        assert refusal(room) == "ocsp.paused"
        clock.now += 0.1
        assert fail(room) is False  # it was open already
    clock.now += 60
    answer(room)
    for _ in range(3):
        fail(room)
    clock.now += 10
    answer(room)


def test_a_trial_that_learned_nothing_is_tried_again_at_once(room: WaitingRoom, clock: Clock) -> None:
    for _ in range(3):
        fail(room)
    clock.now += 10
    with pytest.raises(RuntimeError), room.place(SOURCE):
        raise RuntimeError
    answer(room)


def test_those_that_waited_together_fail_together_and_the_pause_stays_short(room: WaitingRoom, clock: Clock) -> None:
    with ExitStack() as waiting:
        for _ in range(4):
            waiting.enter_context(room.place(SOURCE))
        assert [room.failed(SOURCE) for _ in range(4)] == [False, False, True, False]
    clock.now += 10
    answer(room)


def test_a_source_that_failed_lately_is_waited_for_by_one(room: WaitingRoom) -> None:
    fail(room)
    with room.place(SOURCE):
        assert refusal(room) == "ocsp.busy"
        with room.place(OTHER), room.place(OTHER), room.place(OTHER):
            assert refusal(room, OTHER) == "ocsp.busy"
        with room.place(OTHER):
            pass


def test_there_is_one_place_at_least() -> None:
    room = WaitingRoom(0)
    with room.place(SOURCE):
        assert refusal(room, OTHER) == "ocsp.busy"
    with room.place(OTHER):
        pass
