"""Slide 8: an image, its pixels in a row, times W, plus b: ten scores, then ten probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from engine.classifiers import LinearClassifier
from figures import Picture, figure, trained
from figures.answers import CERTAINTY, NAME_ROOM, PERCENT_ROOM, Rows, mark_row, name_rows, probability_bars
from figures.classifier_layout import (
    HEAD,
    HEIGHT,
    MIDDLE_END,
    RIGHT,
    WIDTH,
    draw_accuracy,
    draw_image,
    draw_parameters,
    draw_pixels,
    draw_scores,
    draw_templates,
    reach_of,
)
from figures.labelled import HELD_OUT, MOST_CLASSES, SEED, Images, Lesson, lesson
from figures.language import Words
from figures.parts import arrow, text_width, write
from figures.style import GREEN_TEXT, INK, PURPLE, PURPLE_TEXT, TEXT, slide_figure
from figures.trained import Examination, class_names, confidence_range, examine, passes


@figure
def linear_classifier(words: Words, *, seed: int = SEED, epochs: int = 10, count: int | None = None,
                      held_out: float = HELD_OUT, images: Images | None = None, labels: ArrayLike | None = None,
                      names: Sequence[str] | None = None,
                      confidence: tuple[float, float] = (0.55, 0.75)) -> Picture:
    """A linear classifier, really trained: from an image to ten probabilities.

    Parameters
    ----------
    seed : int, 0 to 2**64 - 1
        Of the images and of the order in which training sees them. Whatever the seed, `confidence` alone chooses the
        image shown; the default is the one of the seeds 0 to 11 whose images read best from afar.
    epochs : int, at least 1
        How often training sees each image.
    count : int, optional
        How many images in all: 6000 pictograms, or all of the user's own.
    held_out : float, above 0 and below 1
        Share of the images that training never sees, and on which the accuracy is measured.
    images : path or array_like, (N, H, W), (N, 1, H, W) or (N, 3, H, W), optional
        Images of your own instead of the weather pictograms, real numbers from 0 to 1 or uint8; they are brought to
        3 × 32 × 32. Or an ``.npz`` file with `images` and `labels`.
    labels : array_like, (N,), optional
        The class of each image, a whole number from 0 to at most 9, where `images` is an array.
    names : sequence of str, optional
        The classes' names; numbers name the classes of the user's own images if left out.
    confidence : (float, float)
        The image shown is the first held-out one that is classified right with a probability in this range.

    Facts
    -----
    classes, features : int
        Scores, and numbers of an image.
    image_shape : list of 3 int
        Channels, rows and columns.
    weights, biases, parameters : int
    names : list of str
        Of the classes.
    epochs, trained_on, held_out : int
        Passes, and the images of training and of the examination.
    right, wrong : int
        Answers on the images held out.
    accuracy, chance : float
        Share of right answers, and what guessing would give.
    index, eligible : int
        Place of the image shown, and how many meet `confidence`.
    confidence : list of 2 float
    label : str
        Class of the image shown.
    probability : float
        Given to it.
    scores, probabilities : lists of float
        Of each class.
    reach : float
        The weight from which on a colour is full.

    Raises
    ------
    ValueError, TypeError
        A parameter out of range, a file without such arrays.

    Examples
    --------
    >>> import figures
    >>> figures.linear_classifier(lang="en").save("linear.svg")
    """
    function = "linear_classifier"
    chosen, epochs = confidence_range(function, confidence), passes(function, epochs)
    data = lesson(function, seed=seed, count=count, held_out=held_out, images=images, labels=labels)
    said = class_names(function, words, names, data)
    network = trained.linear_classifier(data, seed=seed, epochs=epochs)
    result = examine(network, data, chosen)
    facts = _facts(network, data, result, said, epochs) | {"confidence": list(chosen)}
    fig, axes = slide_figure(WIDTH, HEIGHT)
    example = result.example
    draw_image(axes, words, example.image, said[example.label], data.synthetic)
    draw_pixels(axes, words, example.image, facts["features"])
    draw_templates(axes, words, network.weight, said, example.label)
    draw_parameters(axes, words, facts["classes"], facts["features"], facts["parameters"])
    _draw_answers(axes, words, result, said)
    draw_accuracy(axes, words, result.accuracy, facts["chance"], result.asked, data.synthetic)
    return Picture(fig, words.say("linear_classifier.alt", **facts), facts)


def _draw_answers(axes: Axes, words: Words, result: Examination, names: list[str]) -> None:
    example, count = result.example, len(names)
    rows = Rows(34, min(31 * MOST_CLASSES / count, 60))
    bar = WIDTH - PERCENT_ROOM - CERTAINTY
    name_end, score, number = RIGHT + 26 + NAME_ROOM, RIGHT + 128, bar - 20
    middle = rows.top + rows.pitch * count / 2
    arrow(axes, (MIDDLE_END + 6, middle), (RIGHT - 6, middle), PURPLE)
    mark_row(axes, rows, example.label, RIGHT, WIDTH)
    name_rows(axes, rows, names, example.label, name_end, figure="linear_classifier")
    draw_scores(axes, words, rows, example.scores, example.label, score, 78, number)
    probability_bars(axes, words, rows, example.probabilities.tolist(), example.label, bar)
    _head_answers(axes, words, count, number - 50)


def _head_answers(axes: Axes, words: Words, count: int, x: float) -> None:
    """« 10 scores softmax → 10 probabilités », the first ending at x."""
    scores, softmax, odds = (words.say(f"linear_classifier.{key}", count=count)
                             for key in ("scores", "softmax", "probabilities"))  # fmt: skip
    write(axes, x, HEAD, scores, TEXT, INK, "semibold", ha="right")
    between = write(axes, x + 12, HEAD, softmax, TEXT, PURPLE_TEXT, "semibold", ha="left")
    end = write(axes, WIDTH, HEAD, odds, TEXT, GREEN_TEXT, "semibold", ha="right")
    start = x + 12 + text_width(between) + 5
    arrow(axes, (start, HEAD - 6), (WIDTH - text_width(end) - 6, HEAD - 6), PURPLE, head=11)


def _facts(network: LinearClassifier, data: Lesson, result: Examination, names: list[str],
           epochs: int) -> dict[str, Any]:
    example = result.example
    classes, features = network.weight.shape
    return {
        "classes": classes, "image_shape": list(example.image.shape), "features": features,
        "weights": network.weight.size, "biases": network.bias.size,
        "parameters": network.weight.size + network.bias.size, "names": names, "epochs": epochs,
        "trained_on": len(data.labels), "held_out": result.asked, "right": result.right,
        "wrong": result.asked - result.right, "accuracy": result.accuracy,
        "chance": 1 / classes, "index": example.place, "eligible": result.eligible,
        "label": names[example.label],
        "probability": float(example.probabilities[example.label]), "reach": reach_of(network.weight),
        "scores": example.scores.tolist(), "probabilities": example.probabilities.tolist(),
    }  # fmt: skip
