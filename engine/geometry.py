"""Where the numbers that plan a convolution stand in the one array of int64 that its kernels are given.

The kernels decide nothing: what is copied and summed, in which order, is planned in Python and remembered, in tables
behind these numbers. A plan has *steps*; each copies some rows, runs some tiles and cuts some rows out again.

For the gradient by the weights, the steps have patches for runs and their number of rows for cuts, the working memory
begins with the sums, and the table of the weights tells where in it the sum of each stands.
"""

(
    GROUPS, SEEN, MADE, MAPS,              # groups; of an image and a group, elements of x, of the output; filters
    ROWS, COLUMNS, INPUTS, OUTPUTS,        # of a map; elements of x and of the output
    VECTOR_STEP, X_STEP,                   # of a tile: from vector to vector; of the gradient by the weights, in its x
    WEIGHTS, GROUP_STEP,                   # weights of a group; from group to group among the weights
    WORK, COPY,                            # elements of the working memory; where the copy in it begins, and is zero
    DIRECT, FLAT,                          # without a copy? as one long row?
    FIRST, LAST, FIRST_STEP, LAST_STEP,    # images and steps that are computed
    WEIGHTS_AT, STEPS_AT,                  # where these tables begin; the taps stand first
    SHAPES,                                # of x and of the weights, four numbers each, or -1 where they are not asked
) = range(23)
HEAD = SHAPES + 8

# The columns of the tables.
STEP = 8  # copies from, to; runs from, to; cuts from, to; what is added to places in the output and in x
COPIED = 3  # where a row begins in x, or -1 for zeros; where in the copy; its elements
RUN = 11  # filters; vectors; place; start; first tap; taps; first weight; bias, or -1; from filter to filter in the
#           output; whether it reads x itself; from vector to vector in what it reads
CUT = 3  # where a row begins in the working memory; where in the output; its elements
PATCH = 6  # place of the sums; in the gradient; first filter of the table; place in x; first tap; lanes that are used
