"""Numbers: the computations of deep learning on NumPy arrays, with the same bits on every machine.

Images are NCHW. float32 and float64 are kept, integers and float16 become float32. Names and meanings are PyTorch's.
"""

from engine.activations import ACTIVATIONS, Activation, Constant
from engine.approximation import Fit, fit_relu_network
from engine.architecture import ActivationLayer, AvgPool2d, Conv2d, DropoutLayer, Flatten, Linear, MaxPool2d, ReLU
from engine.classifiers import LinearClassifier, Network
from engine.convolution import conv2d
from engine.convolution_gradients import (
    ConvolutionGradients,
    conv2d_gradients,
    conv2d_input_gradient,
    conv2d_weight_gradient,
)
from engine.counts import conv2d_output_size, conv2d_parameters, linear_parameters, max_pool2d_output_size
from engine.cross_entropy import CrossEntropy, cross_entropy
from engine.dropout import Dropout, dropout, dropout_gradient
from engine.elementary import cos, erf, exp, expm1, log, log1p, sin
from engine.gates import hard_swish, mish, silu
from engine.gaussian_gate import gelu
from engine.generator import normal, permutation, uniform
from engine.linear import (
    LinearGradients,
    linear,
    linear_gradients,
    linear_input_gradient,
    linear_weight_gradient,
)
from engine.log_softmax_unit import log_softmax_unit
from engine.maxout import maxout, maxout_unit
from engine.networks import train_convolutional_network, train_linear_classifier, train_network
from engine.optimisers import SGD, Adam
from engine.pictograms import CLASSES, Pictograms, weather_pictograms
from engine.pooling import MaxPooling, avg_pool2d, max_pool2d
from engine.pooling_gradients import avg_pool2d_gradient, max_pool2d_gradient
from engine.rectifiers import celu, elu, leaky_relu, relu, selu
from engine.relu_training import Training, train_relu_network
from engine.smooth_rectifier import softplus
from engine.softmax import log_softmax, log_softmax_gradient, softmax, softmax_gradient
from engine.squashing import hard_sigmoid, sigmoid, softsign, tanh
from engine.threads import get_num_threads, set_num_threads
from engine.training import History

__all__ = [
    "ACTIVATIONS",
    "CLASSES",
    "SGD",
    "Activation",
    "ActivationLayer",
    "Adam",
    "AvgPool2d",
    "Constant",
    "Conv2d",
    "ConvolutionGradients",
    "CrossEntropy",
    "Dropout",
    "DropoutLayer",
    "Fit",
    "Flatten",
    "History",
    "Linear",
    "LinearClassifier",
    "LinearGradients",
    "MaxPool2d",
    "MaxPooling",
    "Network",
    "Pictograms",
    "ReLU",
    "Training",
    "avg_pool2d",
    "avg_pool2d_gradient",
    "celu",
    "conv2d",
    "conv2d_gradients",
    "conv2d_input_gradient",
    "conv2d_output_size",
    "conv2d_parameters",
    "conv2d_weight_gradient",
    "cos",
    "cross_entropy",
    "dropout",
    "dropout_gradient",
    "elu",
    "erf",
    "exp",
    "expm1",
    "fit_relu_network",
    "gelu",
    "get_num_threads",
    "hard_sigmoid",
    "hard_swish",
    "leaky_relu",
    "linear",
    "linear_gradients",
    "linear_input_gradient",
    "linear_parameters",
    "linear_weight_gradient",
    "log",
    "log1p",
    "log_softmax",
    "log_softmax_gradient",
    "log_softmax_unit",
    "max_pool2d",
    "max_pool2d_gradient",
    "max_pool2d_output_size",
    "maxout",
    "maxout_unit",
    "mish",
    "normal",
    "permutation",
    "relu",
    "selu",
    "set_num_threads",
    "sigmoid",
    "silu",
    "sin",
    "softmax",
    "softmax_gradient",
    "softplus",
    "softsign",
    "tanh",
    "train_convolutional_network",
    "train_linear_classifier",
    "train_network",
    "train_relu_network",
    "uniform",
    "weather_pictograms",
]
