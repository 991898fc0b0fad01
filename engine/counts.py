"""How large the output of a layer is and how many parameters it learns, without computing it."""

from __future__ import annotations

from engine.arguments import LONGEST, flag, integer, pair
from engine.windows import windows


def conv2d_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a filter has along one direction of an image: the rows, or the columns, of what `conv2d` gives.

    Parameters
    ----------
    size, kernel_size : int, at least 1
        Rows (or columns) of the image and of the filter.
    stride, dilation : int, at least 1
    padding : int, at least 0
        Zeros on each side.

    Returns
    -------
    int
        (size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1

    Raises
    ------
    ValueError, TypeError
        A filter larger than the padded image, a number out of range.

    References
    ----------
    Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
    """
    return _places("conv2d_output_size", size, kernel_size, stride, padding, dilation, False)


def max_pool2d_output_size(size: int, kernel_size: int, *, stride: int | None = None, padding: int = 0,
                           dilation: int = 1, ceil_mode: bool = False) -> int:
    """How many windows there are along one direction: the rows, or the columns, of what `max_pool2d` gives.

    Parameters
    ----------
    size, kernel_size, padding, dilation
        As in `conv2d_output_size`; padding is at most half of kernel_size.
    stride : int, at least 1, optional
        kernel_size if left out: windows side by side.
    ceil_mode : bool
        Whether a last window may reach beyond the padding.

    Returns
    -------
    int

    Raises
    ------
    ValueError, TypeError
        A window larger than the padded image, a number out of range.
    """
    function = "max_pool2d_output_size"
    step = kernel_size if stride is None else stride
    if integer(function, "padding", padding, 0) > integer(function, "kernel_size", kernel_size, 1) // 2:
        raise ValueError(f"{function}: padding {padding} must not exceed half of kernel_size {kernel_size}")
    return _places(function, size, kernel_size, step, padding, dilation, flag(function, "ceil_mode", ceil_mode))


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size: int | tuple[int, int], *, groups: int = 1,
                      bias: bool = True) -> int:
    """How many weights and biases a convolution learns: the same for an image of any size.

    Parameters
    ----------
    in_channels, out_channels : int, at least 1
        Maps before and after; 1 and 1 for one filter on a grey image.
    kernel_size : int or (rows, columns), at least 1
    groups : int
        A divisor of both numbers of channels.
    bias : bool
        Whether each filter has one.

    Returns
    -------
    int

    Raises
    ------
    ValueError, TypeError
        A number out of range, groups that do not divide the channels.
    """
    function = "conv2d_parameters"
    before, after = (integer(function, name, value, 1, LONGEST) for name, value in
                     (("in_channels", in_channels), ("out_channels", out_channels)))
    parts = integer(function, "groups", groups, 1, LONGEST)
    if before % parts or after % parts:
        raise ValueError(f"{function}: groups must divide in_channels {before} and out_channels {after}, not {parts}")
    rows, columns = pair(function, "kernel_size", kernel_size, 1)
    return after * (before // parts * rows * columns + flag(function, "bias", bias))


def linear_parameters(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """How many weights and biases a dense layer learns: a weight for each pair of neurons, a bias for each output.

    Parameters
    ----------
    in_features, out_features : int, at least 1
    bias : bool
        Whether each output has one.

    Returns
    -------
    int

    Raises
    ------
    ValueError, TypeError
        A number that is not a whole one of at least 1.
    """
    function = "linear_parameters"
    inputs, outputs = (integer(function, name, value, 1, LONGEST) for name, value in
                       (("in_features", in_features), ("out_features", out_features)))
    return outputs * (inputs + flag(function, "bias", bias))


def _places(function: str, size: int, kernel_size: int, stride: int, padding: int, dilation: int,
            ceil_mode: bool) -> int:
    side, window, step, gap = (integer(function, name, value, 1, LONGEST) for name, value in
                               (("size", size), ("kernel_size", kernel_size), ("stride", stride),
                                ("dilation", dilation)))
    edge = integer(function, "padding", padding, 0, LONGEST)
    return windows(function, (side, side), (window, window), (step, step), ((edge, edge), (edge, edge)), (gap, gap),
                   ceil_mode=ceil_mode).output[0]
