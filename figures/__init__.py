"""The figures of the deck: each one computes with `engine`, draws with matplotlib and returns a `Picture`.

>>> import figures
>>> figures.max_pooling(stride=1).save("pool.svg")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # and read by `__getattr__`: a name is imported when it is first asked for
    from figures.activations import activation_gallery, activation_pair
    from figures.approximation import universal_approximation
    from figures.classifier import linear_classifier
    from figures.convolution import convolution_pixel
    from figures.hierarchy import visual_hierarchy
    from figures.kernels import image_kernels
    from figures.layers import network_layers
    from figures.network import convolutional_network
    from figures.one_neuron import neuron
    from figures.picture import Picture
    from figures.plotting import legend as legend
    from figures.plotting import plot_figure as plot_figure
    from figures.pooling import max_pooling
    from figures.registry import figure
    from figures.style import style as style
    from figures.sweep import convolution_sweep
    from figures.thinned import dropout
    from figures.title import emblem, isobars

__all__ = [
    "Picture",
    "activation_gallery",
    "activation_pair",
    "convolution_pixel",
    "convolution_sweep",
    "convolutional_network",
    "dropout",
    "emblem",
    "figure",
    "image_kernels",
    "isobars",
    "linear_classifier",
    "max_pooling",
    "network_layers",
    "neuron",
    "universal_approximation",
    "visual_hierarchy",
]


PLOTTING = ("legend", "plot_figure")  # public too; the names above but two are figures


def __getattr__(name: str) -> Any:
    # A build that finds everything in the store imports neither matplotlib nor numba.
    if name == "style":
        return import_module("figures.style")  # which can be called
    if name not in (*__all__, *PLOTTING):
        raise AttributeError(f"module 'figures' has no attribute {name!r}")
    from figures.sources import homes

    found = getattr(import_module(homes("figures")[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, *globals()]
