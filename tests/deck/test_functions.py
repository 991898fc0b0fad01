"""Functions handed to a template: plain values in, plain values out, and words for everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jinja2.exceptions import SecurityError

from deck.budget import Budget
from deck.functions import CALL, Functions


def doubled(spend: Callable[[int], None], x: list[float], *, times: int = 2) -> list[float]:
    spend(len(x))
    x.append(0)  # its own copy
    return [times * value for value in x]


def strange(spend: Callable[[int], None]) -> Any:
    return {1, 2}


TOLD = Functions("maths", {"doubled": doubled, "strange": strange})


def call(name: str, *arguments: Any, **named: Any) -> Any:
    return TOLD[name].called(Budget(), arguments, named)


def test_a_function_gets_a_copy() -> None:
    given = [1, 2]
    assert call("doubled", given) == call("doubled", (1, 2)) == call("doubled", range(1, 3)) == [2, 4, 0]
    assert given == [1, 2]


@pytest.mark.parametrize(("arguments", "named", "message"), [
    ((), {}, "maths.doubled: missing a required argument: 'x'"),
    (([1], 2), {}, "maths.doubled: too many positional arguments"),
    (([1],), {"time": 3}, "maths.doubled: no parameter 'time'; did you mean 'times'?"),
    (([1],), {"colour": 3}, "maths.doubled: no parameter 'colour'; it has x, times"),
    (([{}],), {}, "maths.doubled: takes numbers and lists of numbers, not dict"),
    (([1j],), {}, "maths.doubled: takes numbers and lists of numbers, not complex"),
    ((range(10_001),), {}, "maths.doubled: takes at most 10,000 numbers at once"),
])  # fmt: skip
def test_what_it_does_not_take_is_told(arguments: tuple[Any, ...], named: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as told:
        call("doubled", *arguments, **named)
    assert str(told.value) == message


def test_what_is_no_plain_value_does_not_come_out() -> None:
    with pytest.raises(TypeError, match=r"maths\.strange: gave set, which is not for templates"):
        call("strange")


def test_a_name_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="maths: no function 'double'; did you mean 'doubled'"):
        _ = TOLD["double"]
    with pytest.raises(ValueError, match="maths: no function 'xyz'; there are doubled, strange"):
        _ = TOLD["xyz"]


def test_the_budget_pays_for_the_call_and_for_the_work() -> None:
    budget = Budget()
    before = budget.left
    TOLD["doubled"].called(budget, ([1, 2, 3],), {})
    assert before - budget.left == CALL + 3
    budget.left = CALL
    with pytest.raises(SecurityError, match="computes too much"):
        TOLD["doubled"].called(budget, ([1],), {})
