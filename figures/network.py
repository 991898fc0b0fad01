"""Slide 15: a whole convolutional network, with the maps that it really computes for one image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from engine.arguments import integer
from engine.classifiers import Network
from figures import Picture, figure, trained
from figures.answers import CERTAINTY, NAME_ROOM, PERCENT_ROOM, Rows, mark_row, name_rows, probability_bars
from figures.labelled import HELD_OUT, MOST_CLASSES, SEED, Images, Lesson, lesson
from figures.language import Words
from figures.network_drawing import (
    FEET,
    HEIGHT,
    STRIP,
    WIDTH,
    draw_beams,
    draw_dense,
    draw_image,
    draw_sums,
    name_layers,
    name_operation,
    parameter_count,
)
from figures.network_layout import MIDDLE, draw_field, fields
from figures.network_stages import Layers, followed, seated, taken_apart
from figures.parts import write
from figures.style import GREEN_TEXT, TEXT, slide_figure
from figures.trained import Examination, class_names, confidence_range, examine, passes

GAP = 24  # px, at least, between two stages
BARS = WIDTH - CERTAINTY - PERCENT_ROOM
ANSWERS = BARS - NAME_ROOM - 36  # x where the rows of answers begin
WEIGHTS = 66  # px, for what a dense layer does
MOST_LAYERS, MOST_MAPS, TOGETHER, MOST_HIDDEN = 3, 24, 48, 1000


@figure
def convolutional_network(words: Words, *, seed: int = SEED, epochs: int = 6, channels: Sequence[int] = (8, 16),
                          kernel_size: int = 5, hidden: int = 0, count: int | None = None, held_out: float = HELD_OUT,
                          images: Images | None = None, labels: ArrayLike | None = None,
                          names: Sequence[str] | None = None,
                          confidence: tuple[float, float] = (0.70, 0.85)) -> Picture:
    """A convolutional network, really trained, and what every layer of it makes of one image.

    Each map has its own scale, from paper for 0 to the darkest shade for its highest number, and the figure says so.

    Parameters
    ----------
    seed : int, 0 to 2**64 - 1
        Of the images, of the first weights and of the order in which training sees the images. Whatever the seed,
        `confidence` alone chooses the image shown; the default is the one of the seeds 0 to 11 whose images read best
        from afar.
    epochs : int, at least 1
        How often training sees each image.
    channels : sequence of 1 to 3 int, each 1 to 24, together at most 48
        How many maps each convolution gives. A 2 × 2 max pooling follows each.
    kernel_size : int, at least 1
        Side of the filters.
    hidden : int, 0 to 1000
        Neurons of a dense layer before the scores; 0 for none.
    count, held_out, images, labels, names
        The images to learn from and to examine with, as in `linear_classifier`.
    confidence : (float, float)
        The image shown is the first held-out one that is classified right with a probability in this range.

    Facts
    -----
    parameters : int
        Weights and biases.
    parameters_by_layer : list of int
    dense_parameters, dense_share : int, float
        Those of the dense part, and their share of all.
    linear_parameters, times_fewer : int, float
        Those of a network without hidden layer, and how many times fewer this one has.
    stages : list of facts
        Of each: `kind`, "convolution" or "pooling"; `window`; `maps`; `side`; `parameters`.
    dense_sizes : list of int
        Numbers that enter the dense part, then its layers.
    classes, image_shape, features, names, epochs, trained_on, held_out, right, wrong, accuracy, chance
        As in `linear_classifier`.
    index, eligible, confidence, label, probability, scores, probabilities
        As in `linear_classifier`.

    Raises
    ------
    ValueError, TypeError
        A parameter out of range, a file without images and labels, images too small for so many layers.

    Examples
    --------
    >>> import figures
    >>> figures.convolutional_network(lang="en").save("network.svg")
    """
    function = "convolutional_network"
    chosen, epochs = confidence_range(function, confidence), passes(function, epochs)
    settings = _settings(channels, kernel_size, hidden)
    data = lesson(function, seed=seed, count=count, held_out=held_out, images=images, labels=labels)
    said = class_names(function, words, names, data)
    try:
        network = trained.convolutional_network(data, seed=seed, epochs=epochs, **settings)
    except ValueError as error:
        raise ValueError(f"{function}: {str(error).partition(': ')[2]}") from None
    result = examine(network, data, chosen)
    layers = taken_apart(network, result.example.image)
    facts = _facts(network, data, result, layers, said) | {"epochs": epochs, "confidence": list(chosen)}
    fig, axes = slide_figure(WIDTH, HEIGHT)
    draw_image(axes, words, result.example.image, said[result.example.label], data.synthetic)
    _draw(axes, words, layers, result, said)
    draw_sums(axes, words, facts, data.synthetic)
    return Picture(fig, _alt(words, layers, facts), facts)


def _settings(channels: Any, kernel_size: Any, hidden: Any) -> dict[str, Any]:
    function = "convolutional_network"
    if not isinstance(channels, (list, tuple)) or not 1 <= len(channels) <= MOST_LAYERS:
        rule = f"channels must list the maps of 1 to {MOST_LAYERS} convolutions"
        raise ValueError(f"{function}: {rule}, not {channels!r}")
    maps = tuple(integer(function, "channels", number, 1) for number in channels)
    if max(maps) > MOST_MAPS or sum(maps) > TOGETHER:
        rule = f"channels must be at most {MOST_MAPS}, and {TOGETHER} together, to be seen on a slide"
        raise ValueError(f"{function}: {rule}, not {maps}")
    neurons = integer(function, "hidden", hidden, 0)
    if neurons > MOST_HIDDEN:
        raise ValueError(f"{function}: hidden must be at most {MOST_HIDDEN}, not {neurons}")
    return {"channels": maps, "kernel_size": integer(function, "kernel_size", kernel_size, 1), "hidden": neurons}


def _draw(axes: Axes, words: Words, layers: Layers, result: Examination, names: list[str]) -> None:
    example, stages = result.example, layers.stages
    pitch = min(33 * MOST_CLASSES / len(names), 60)
    rows = Rows(MIDDLE - pitch * len(names) / 2, pitch)
    last = ANSWERS - 8 - WEIGHTS - STRIP
    strips = [last] if layers.hidden is None else [last - WEIGHTS - STRIP, last]
    places = fields([stage.maps.shape[:2] for stage in stages], 1, strips[0] - 34, GAP)
    maps = seated(stages, places[1:])
    sheets = [draw_field(axes, places[0], example.image.transpose(1, 2, 0)[None])]
    for stack, place in zip(maps, places[1:], strict=True):
        sheets.append(draw_field(axes, place, stack))
    draw_beams(axes, stages, places, sheets, followed(stages))
    name_layers(axes, words, stages, places)
    draw_dense(axes, words, layers, places[-1].end + 6, strips, ANSWERS - 8, rows)
    _draw_answers(axes, words, layers, result, names, rows, strips[-1])


def _draw_answers(axes: Axes, words: Words, layers: Layers, result: Examination, names: list[str], rows: Rows,
                  strip: float) -> None:
    example = result.example
    sizes = " → ".join(words.number(size) for size in layers.sizes)
    dense = words.say("convolutional_network.dense", count=len(layers.sizes) - 1)
    # To the right of its weights, for the name of the step before needs the room.
    name_operation(axes, strip + STRIP + 84, dense, sizes, parameter_count(words, layers.dense_parameters))
    name_operation(axes, BARS + 70, *(words.say(f"convolutional_network.{key}") for key in ("softmax", "sum_is_one")))
    mark_row(axes, rows, example.label, ANSWERS, WIDTH)
    name_rows(axes, rows, names, example.label, BARS - 10, figure="convolutional_network")
    probability_bars(axes, words, rows, example.probabilities.tolist(), example.label, BARS)
    text = words.say("convolutional_network.probabilities", count=len(names))
    write(axes, BARS + 70, FEET[0], text, TEXT, GREEN_TEXT, "semibold")


def _facts(network: Network, data: Lesson, result: Examination, layers: Layers, names: list[str]) -> dict[str, Any]:
    example, classes = result.example, network.classes
    features = example.image.size
    linear = classes * features + classes
    return {
        "parameters": network.parameters, "parameters_by_layer": network.parameters_by_layer,
        "dense_parameters": layers.dense_parameters, "dense_share": layers.dense_parameters / network.parameters,
        "linear_parameters": linear, "times_fewer": linear / network.parameters,
        "stages": [{"kind": "convolution" if stage.convolution else "pooling", "window": stage.window,
                    "maps": stage.maps.shape[0], "side": stage.maps.shape[1], "parameters": stage.parameters}
                   for stage in layers.stages],
        "dense_sizes": layers.sizes, "image_shape": list(example.image.shape), "features": features,
        "classes": classes, "names": names,
        "trained_on": len(data.labels), "held_out": result.asked, "right": result.right,
        "wrong": result.asked - result.right, "accuracy": result.accuracy, "chance": 1 / classes,
        "index": example.place, "eligible": result.eligible, "label": names[example.label],
        "probability": float(example.probabilities[example.label]),
        "scores": example.scores.tolist(), "probabilities": example.probabilities.tolist(),
    }  # fmt: skip


def _alt(words: Words, layers: Layers, facts: dict[str, Any]) -> str:
    steps = [words.say(f"convolutional_network.alt_{stage['kind']}", count=stage["maps"], window=stage["window"],
                       side=stage["side"]) for stage in facts["stages"]]  # fmt: skip
    return words.say("convolutional_network.alt", steps=words.between("names").join(steps), flat=layers.sizes[0],
                     **facts)
