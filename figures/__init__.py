"""The figures of the deck: each one computes with `engine`, draws with matplotlib and returns a `Picture`.

>>> import figures
>>> figures.max_pooling(stride=1).save("pool.svg")
"""

from figures.picture import Picture
from figures.registry import figure

# isort: split
# The figures take the two names above from here.
from figures.activations import activation_gallery, activation_pair
from figures.approximation import universal_approximation
from figures.classifier import linear_classifier
from figures.convolution import convolution_pixel
from figures.dropout import dropout
from figures.emblem import emblem, isobars
from figures.hierarchy import visual_hierarchy
from figures.kernels import image_kernels
from figures.layers import network_layers
from figures.network import convolutional_network
from figures.neuron import neuron
from figures.pooling import max_pooling
from figures.sweep import convolution_sweep

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
