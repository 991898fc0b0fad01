"""Sizes and numbers of parameters, against torch's layers and against what the engine itself computes."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import engine

small = st.integers(1, 4)


@settings(deadline=None)
@given(st.integers(1, 20), small, small, st.integers(0, 5), small)
def test_places_of_a_filter(size, kernel_size, stride, padding, dilation):
    assume(size + 2 * padding >= dilation * (kernel_size - 1) + 1)
    image = np.zeros((1, 1, size, size), np.float32)
    weight = np.zeros((1, 1, kernel_size, kernel_size), np.float32)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    rows = torch.nn.functional.conv2d(torch.from_numpy(image), torch.from_numpy(weight), **options).shape[2]
    assert engine.conv2d_output_size(size, kernel_size, **options) == rows
    assert engine.conv2d(image, weight, **options).shape[2] == rows


@settings(deadline=None)
@given(st.integers(1, 20), small, st.none() | small, st.integers(0, 2), small, st.booleans())
def test_windows_of_a_pooling(size, kernel_size, stride, padding, dilation, ceil_mode):
    assume(padding <= kernel_size // 2 and size + 2 * padding >= dilation * (kernel_size - 1) + 1)
    image = torch.zeros(1, 1, size, size)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    rows = torch.nn.functional.max_pool2d(image, kernel_size, **options).shape[2]
    assert engine.max_pool2d_output_size(size, kernel_size, **options) == rows


@settings(deadline=None)
@given(small, small, small, small | st.tuples(small, small), st.booleans())
def test_parameters_are_those_of_torchs_layers(groups, before, after, kernel_size, bias):
    layer = torch.nn.Conv2d(groups * before, groups * after, kernel_size, groups=groups, bias=bias)
    count = sum(parameter.numel() for parameter in layer.parameters())
    assert engine.conv2d_parameters(groups * before, groups * after, kernel_size, groups=groups, bias=bias) == count
    dense = sum(parameter.numel() for parameter in torch.nn.Linear(before, after, bias=bias).parameters())
    assert engine.linear_parameters(before, after, bias=bias) == dense


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"conv2d_output_size: a window 5 high .* does not fit an image 4 high"):
        engine.conv2d_output_size(4, 5)
    with pytest.raises(ValueError, match="max_pool2d_output_size: padding 2 must not exceed half of kernel_size 3"):
        engine.max_pool2d_output_size(9, 3, padding=2)
    with pytest.raises(ValueError, match="conv2d_parameters: groups must divide in_channels 3 and out_channels 4"):
        engine.conv2d_parameters(3, 4, 5, groups=2)
