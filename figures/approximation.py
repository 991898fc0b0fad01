"""Slide 7: a curve approached by the broken line that a small ReLU network is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import integer, seeded
from figures import Picture, figure
from figures.approximation_errors import best_error, draw_errors
from figures.approximation_names import name_lines
from figures.approximation_network import Approximation, approximation
from figures.approximation_panel import ARROW, draw_panel, heading_size, title, write_scale
from figures.approximation_scales import Place, strips
from figures.approximation_target import Target, points_of
from figures.approximation_ticks import end_text, knot_texts, significant
from figures.language import Words
from figures.style import SMALL, slide_figure
from figures.typesetting import width_of

WIDTH, HEIGHT = 1136, 478
NAMES, GAP = 156.0, 84.0  # px on the left for the names of the lines, and between panels for the scale, at least
ERRORS = 270.0  # px for the panel of errors
MOST_READ = 8  # knots in the alternative text
MOST_PANELS, MOST_WIDTHS, MOST_NEURONS, MOST_POINTS = 3, 8, 64, 4096


@figure
def universal_approximation(words: Words, *, target: str | Callable[[Any], ArrayLike] | Sequence[ArrayLike] = "square",
                            widths: Sequence[int] = (2, 4), hidden_bias: bool = True,
                            interval: Sequence[float] = (-1, 1), points: int = 1024, seed: int = 0) -> Picture:
    """A curve, and the ReLU networks of one hidden layer that the engine fits to it.

    Each panel shows the target, the network's broken line with its knots, and below them what each neuron adds to the
    output: its own line, cut at zero, times its output weight. With more than 3 widths there are two panels, and one
    of the error against the width on logarithmic axes; for x² beside the least error that is possible, h²/√180.

    Parameters
    ----------
    target : str, callable or pair of array_like, (N,)
        "square", "absolute", "sine", "tanh", "bump" or "step"; a function that gives one number for each x, of all of
        them in an array or of one after the other; or the x and y of points, in any order.
    widths : sequence of 1 to 8 int, 1 to 64
        Hidden neurons of each network.
    hidden_bias : bool
        Without, every neuron's line starts at 0: the best network is a V, however wide it is.
    interval : pair of float
        Where a function is approached; points have their own.
    points : int, 16 to 4096
        At how many points a function is learned, in the middles of equal parts of the interval.
    seed : int, 0 to 2**64 - 1
        Of the fits.

    Facts
    -----
    target, formula : str
        Its name, and how it is written without LaTeX.
    interval : list of 2 float
    points : int
    hidden_bias : bool
    widths, segments, parameters : lists of int
        Of each network: hidden neurons, straight pieces of its line, weights and biases.
    knots : list of lists of float
    rms : list of float
        Root mean square errors.
    best_rms : list of float, or none
        The least that any broken line has, where it is known.
    ratios : list
        How many times smaller the error is than the one before it.
    ratio : float, or none
        The first error over the last.
    output_bias : list of float

    Raises
    ------
    TypeError, ValueError
        A target, interval, width, number of points or seed that is not as above.

    References
    ----------
    Cybenko (1989), Approximation by superpositions of a sigmoidal function, doi:10.1007/BF02551274.
    Leshno, Lin, Pinkus & Schocken (1993), Multilayer feedforward networks with a nonpolynomial activation function
    can approximate any function, doi:10.1016/S0893-6080(05)80131-5.

    Examples
    --------
    >>> import figures
    >>> figures.universal_approximation(target=lambda x: x**3, widths=(2, 5)).save("cube.svg")
    """
    goal, networks = _fitted(target, widths, hidden_bias, interval, points, seed)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    shown = networks if len(networks) <= MOST_PANELS else networks[:2]
    scale = strips(goal, shown)
    # Of a gap, half a tick's text stands on either side of its middle, and the arrow of the axis before it.
    gap = max(GAP, *(width_of(axes, text, SMALL) + 2 * ARROW + 16 for _, text in scale.ticks(words)))
    room = WIDTH - NAMES - (ARROW + 6 if shown is networks else ERRORS + GAP)
    wide = (room - gap * max(len(shown) - 1, 1)) / len(shown)
    heading = heading_size(axes, [title(words, network) for network in shown], wide + 16)
    written = []
    for k, network in enumerate(shown):
        place = Place(NAMES + k * (wide + gap), wide, goal.interval)
        written.append(draw_panel(axes, words, goal, network, place, scale, heading))
        if k == 0 or k < len(shown) - 1:
            write_scale(axes, words, scale, (place.right, place.right + gap), last=len(shown) == 1)
    name_lines(axes, words, goal, shown[0], scale, NAMES - 14, knots=written[0])
    if shown is not networks:
        draw_errors(axes, words, goal, networks, WIDTH - ERRORS, WIDTH, heading)
    return Picture(fig, _alt(words, goal, networks, shown), _facts(goal, networks))


def _fitted(target: Any, widths: Any, hidden_bias: Any, interval: Any, points: Any,
            seed: Any) -> tuple[Target, list[Approximation]]:
    caller = "universal_approximation"
    if not isinstance(widths, (list, tuple, np.ndarray)):
        raise TypeError(f"{caller}: widths must list numbers of neurons such as (2, 4), not {widths!r}")
    if not 1 <= len(widths) <= MOST_WIDTHS:
        raise ValueError(f"{caller}: widths must list 1 to {MOST_WIDTHS} numbers of neurons, not {len(widths)}")
    sizes = [integer(caller, "widths", width, 1) for width in widths]
    if max(sizes) > MOST_NEURONS:
        raise ValueError(f"{caller}: widths must be at most {MOST_NEURONS}, not {max(sizes)}")
    if len(set(sizes)) < len(sizes):
        raise ValueError(f"{caller}: widths must differ, not {tuple(sizes)}")
    if not isinstance(hidden_bias, (bool, np.bool_)):
        raise TypeError(f"{caller}: hidden_bias must be True or False, not {hidden_bias!r}")
    count = integer(caller, "points", points, 16)
    if count > MOST_POINTS:
        raise ValueError(f"{caller}: points must be at most {MOST_POINTS}, not {count}")
    goal, start = points_of(caller, target, interval, count), seeded(caller, seed)
    different = np.unique(goal.x).size
    if different <= max(sizes):
        raise ValueError(f"{caller}: {max(sizes)} neurons need at least {max(sizes) + 1} different x, not {different}")
    return goal, [approximation(goal, size, hidden_bias=bool(hidden_bias), seed=start) for size in sizes]


def _alt(words: Words, target: Target, networks: Sequence[Approximation], shown: Sequence[Approximation]) -> str:
    say = "universal_approximation.alt"
    parts = []
    for network in networks:
        knots = words.between().join(knot_texts(words, network.knots.tolist(), target.interval))
        count = words.say("universal_approximation.segments", count=network.segments)
        key = "network" if network in shown and 0 < network.knots.size <= MOST_READ else "straight"
        bends = words.say("universal_approximation.knots", count=network.knots.size)
        parts.append(words.say(f"{say}.{key}", count=network.width, segments=count, bends=bends, knots=knots,
                               error=significant(words, network.fit.rms)))  # fmt: skip
    what = words.say(f"{say}.{target.name if not target.plain else 'curve'}", name=target.plain, count=target.x.size)
    low, high = (end_text(words, end, target.interval) for end in target.interval)
    bias = "" if networks[0].hidden_bias else words.say(f"{say}.without_bias")
    return words.say(f"{say}.whole", what=what, low=low, high=high, bias=bias, count=len(parts),
                     networks=words.say(f"{say}.between").join(parts))  # fmt: skip


def _facts(target: Target, networks: Sequence[Approximation]) -> dict[str, Any]:
    rms = [float(network.fit.rms) for network in networks]
    best = [best_error(target, network.width) for network in networks]
    return {
        "target": target.name, "formula": target.plain, "interval": list(target.interval), "points": target.x.size,
        "widths": [network.width for network in networks], "segments": [network.segments for network in networks],
        "knots": [network.knots.tolist() for network in networks], "rms": rms,
        "best_rms": None if best[0] is None else best,
        "ratios": [first / second if second else None for first, second in itertools.pairwise(rms)],
        "ratio": rms[0] / rms[-1] if rms[-1] else None,
        "output_bias": [float(network.fit.output_bias) for network in networks],
        "parameters": [(3 if network.hidden_bias else 2) * network.width + 1 for network in networks],
        "hidden_bias": networks[0].hidden_bias,
    }  # fmt: skip
