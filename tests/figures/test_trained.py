"""Networks are trained once and remembered, and the image to show is chosen by the rule."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from figures import trained
from figures.labelled import Lesson, lesson
from figures.language import Words
from figures.store import DamagedEntry
from figures.trained import class_names, confidence_range, examine, telling


@pytest.fixture(scope="module")
def data() -> Lesson:
    return lesson("f", seed=3, count=90, held_out=1 / 3, images=None)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the trainings that were run, with an empty store."""
    run: list[str] = []

    def counted(train: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(train)
        def counting(*args: Any, **kwargs: Any) -> Any:
            run.append(train.__name__)
            return train(*args, **kwargs)

        return counting

    for name in ("train_linear_classifier", "train_convolutional_network"):
        monkeypatch.setattr(trained, name, counted(getattr(trained, name)))
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path))
    return run


def test_a_second_call_trains_nothing_and_gives_the_same_network(trainings: list[str], data: Lesson) -> None:
    first, second = (trained.linear_classifier(data, seed=0, epochs=1) for _ in range(2))
    assert trainings == ["train_linear_classifier"]
    np.testing.assert_array_equal(first.weight, second.weight)
    small = {"epochs": 1, "channels": (2, 3), "kernel_size": 3, "hidden": 0}
    nets = [trained.convolutional_network(data, seed=0, **small) for _ in range(2)]
    assert trainings == ["train_linear_classifier", "train_convolutional_network"]
    np.testing.assert_array_equal(*(net.scores(data.held_images) for net in nets))


def test_another_seed_other_images_or_other_settings_are_another_training(trainings: list[str], data: Lesson) -> None:
    trained.linear_classifier(data, seed=0, epochs=1)
    trained.linear_classifier(data, seed=1, epochs=1)
    trained.linear_classifier(data, seed=0, epochs=2)
    trained.linear_classifier(data._replace(images=1 - data.images), seed=0, epochs=1)
    assert len(trainings) == 4


def test_a_damaged_result_is_computed_again(trainings: list[str], data: Lesson, tmp_path: Path) -> None:
    trained.linear_classifier(data, seed=0, epochs=1)
    (stored,) = (p for p in (tmp_path / "results").rglob("*") if p.is_file())
    stored.write_bytes(stored.read_bytes()[:100])
    with pytest.warns(DamagedEntry):
        trained.linear_classifier(data, seed=0, epochs=1)
    assert len(trainings) == 2


def test_the_examination_counts_right_answers(trainings: list[str], data: Lesson) -> None:
    network = trained.linear_classifier(data, seed=0, epochs=3)
    result = examine(network, data, (0.2, 0.9))
    answers = [int(np.argmax(scores)) for scores in network.scores(data.held_images)]
    assert result.right == sum(answer == label for answer, label in zip(answers, data.held_labels, strict=True))
    assert result.asked == 30
    assert result.accuracy == result.right / 30
    np.testing.assert_array_equal(result.example.image, data.held_images[result.example.place])
    assert result.example.label == data.held_labels[result.example.place]
    odds = network.probabilities(data.held_images)
    given_ = [float(row[label]) for row, label in zip(odds, data.held_labels, strict=True)]
    assert result.eligible == sum(
        answer == label and 0.2 <= odd <= 0.9
        for answer, label, odd in zip(answers, data.held_labels, given_, strict=True))
    assert result.eligible > 0


def by_the_rule(odds: NDArray[Any], labels: NDArray[Any], low: float, high: float) -> int:
    """The docstring of `telling`, word by word."""
    given_ = [float(row[label]) for row, label in zip(odds, labels, strict=True)]
    right = [k for k, row in enumerate(odds) if int(np.argmax(row)) == labels[k]]
    within = [k for k in right if low <= given_[k] <= high]
    if within:
        return within[0]
    if right:
        return min(right, key=lambda k: max(low - given_[k], given_[k] - high))
    return max(range(len(given_)), key=lambda k: given_[k])


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 8), st.integers(2, 4), st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0, 1))
def test_the_image_is_chosen_by_the_rule(count: int, classes: int, seed: int, a: float, b: float) -> None:
    random = np.random.default_rng(seed)
    odds = random.dirichlet(np.ones(classes), count)
    labels = random.integers(0, classes, count)
    low, high = sorted((a, b))
    assert telling(odds, labels, (low, high)) == by_the_rule(odds, labels, low, high)


def test_names_are_those_given_the_pictograms_or_numbers(data: Lesson) -> None:
    words = Words("fr")
    assert class_names("f", words, None, data)[:4] == ["soleil", "lune", "nuage", "éclaircie"]
    assert class_names("f", words, None, data._replace(synthetic=False)) == list("0123456789")
    assert class_names("f", words, tuple("abcdefghij"), data) == list("abcdefghij")
    with pytest.raises(ValueError, match=r"^f: names must be as many as the 10 classes, not 2"):
        class_names("f", words, ["a", "b"], data)
    for wrong in ("abcdefghij", [1] * 10, [""] * 10):
        with pytest.raises(TypeError, match=r"^f: names must list the classes' names"):
            class_names("f", words, wrong, data)


@pytest.mark.parametrize(("value", "error", "message"), [
    (0.5, TypeError, "must be a pair of probabilities such as"), ((0.1, 0.2, 0.3), TypeError, "must be a pair"),
    ((0.8, 0.7), ValueError, "from the lower to the higher, not 0.8 to 0.7"),
    ((0.5, 1.5), ValueError, r"in \[0.0, 1.0\], not 1.5"), (("a", "b"), TypeError, "must be a number, not 'a'"),
])  # fmt: skip
def test_a_wrong_confidence_is_refused(value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^f: confidence .*{message}"):
        confidence_range("f", value)
