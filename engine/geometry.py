"""Where the numbers that describe a convolution stand in the one array of int64 that its kernels are given.

Behind the first HEAD follow, for each tap of a window, where it lies from the window's corner, in the padded copy or in
an image, and then for each tap where its weight stands.
"""

(
    CHANNELS, FILTERS, GROUPS,       # of a group: channels that it sees and filters; groups
    PLANE, HEIGHT, WIDTH,            # elements of a plane of x, rows, columns
    ROWS, COLUMNS,                   # of the output
    TOP, LEFT,                       # zeros around a plane, or if negative what is left out of it
    PITCH, LINES, BAND, COPY,        # of the copy: its row length, rows a plane, output rows it serves, elements
    TAPS, TOGETHER,                  # of a filter; summed at a time
    SQUARE,                          # the side of square windows without dilation, of those that have a tile, or 0
    FILTER_STEP, GROUP_STEP,         # in the weights: from filter to filter, from group to group
    DIRECT, FLAT,                    # without a copy? as one long row?
    INPUTS, OUTPUTS,                 # elements of x and of the output
    FIRST, LAST,                     # images that are computed
    FIRST_ROW, LAST_ROW,             # and rows of them
    HEAD,
) = range(28)
