"""Slide 15: every map finds its place, and beams join what is computed from what."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from figures.network_drawing import FLAT_TOP
from figures.network_layout import BOTTOM, FLAT, TOP, arrangement, fields
from figures.network_stages import Stage, followed, seated


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 24), min_size=1, max_size=3).filter(lambda counts: sum(counts) <= 48))
def test_fields_keep_to_their_room(counts: list[int]) -> None:
    side, shapes = 32, []
    for count in counts:
        shapes += [(count, side - 2), (count, (side - 2) // 2)]
        side = (side - 2) // 2
    placed = fields(shapes, 1, 796, 24)
    assert placed[0].x == 1
    assert placed[0].middle(0) + placed[0].size * 1.28 / 2 <= BOTTOM + 1e-6
    assert placed[1].x >= 1 + FLAT + 24 - 1e-6
    assert placed[0].middle(0) - placed[0].size * 1.28 / 2 >= FLAT_TOP + FLAT + 4
    assert placed[-1].end <= 796 + 1e-6
    for before, after in pairwise(placed):
        assert after.x - before.end >= 24 - 1e-6
    for field, (count, _) in zip(placed[1:], shapes, strict=True):
        assert field.rows * field.deep >= count > (field.rows - 1) * field.deep
        assert sorted(field.seats(count)) == list(range(count))
        assert field.seats(count)[0] == field.chosen * field.deep
        half = field.size * 1.28 / 2
        assert field.middle(0) - half >= TOP - 1e-6
        assert field.middle(field.rows - 1) + half <= BOTTOM + 1e-6
        assert field.deep == 1 or field.step >= 0.25 * 0.62 * field.size  # no slivers
        assert field.size >= 20


def test_few_maps_are_in_rows_of_four() -> None:
    assert [arrangement(count) for count in (1, 4, 5, 8, 12, 16, 17, 24)] == [
        (1, 1), (1, 4), (2, 3), (2, 4), (3, 4), (4, 4), (4, 5), (4, 6)]


def stages() -> list[Stage]:
    random = np.random.default_rng(0)
    shapes = (True, 5, 8, 28), (False, 2, 8, 14), (True, 3, 6, 12), (False, 3, 6, 4)
    return [Stage(convolution, window, 0, random.uniform(0, 3, (maps, side, side)))
            for convolution, window, maps, side in shapes]  # fmt: skip


def test_a_pooled_map_sits_where_the_map_that_it_comes_from_sits() -> None:
    first, pooled = stages()[:2]
    pooled = pooled._replace(maps=functional.max_pool2d(torch.from_numpy(first.maps), 2).numpy())
    place = fields([(8, 28), (8, 14)], 0, 800, 24)[1]
    drawn = seated([first, pooled], [place, place])
    for whole, small in zip(*drawn, strict=True):
        np.testing.assert_allclose(functional.max_pool2d(torch.from_numpy(whole)[None], 2)[0].numpy(), small)
        assert whole.max() == 1
    contrasts = drawn[0].std(axis=(1, 2))[place.seats(8)]
    assert (np.diff(contrasts) <= 0).all()


def test_a_dead_map_stays_empty() -> None:
    first = stages()[0]._replace(maps=np.zeros((2, 4, 4)))
    (drawn,) = seated([first], fields([(2, 4)], 0, 800, 24)[1:])
    assert (drawn == 0).all()


def test_beams_join_each_number_to_the_window_that_it_is_computed_from() -> None:
    chain, links = stages(), followed(stages())
    before = [32, 28, 14, 12]
    assert (links[-1].row, links[-1].column) == (2, 3)
    for stage, link, size in zip(chain, links, before, strict=True):
        kernel = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
        if stage.convolution:
            out = functional.conv2d(kernel, torch.ones(1, 1, stage.window, stage.window, dtype=torch.float64))
        else:
            out = functional.avg_pool2d(kernel, stage.window)
        out[0, 0, link.row, link.column].backward()
        assert kernel.grad is not None
        rows, columns = np.nonzero(kernel.grad[0, 0].numpy())
        assert (rows.min(), columns.min()) == (link.top, link.left)
        assert (rows.max(), columns.max()) == (link.top + link.side - 1, link.left + link.side - 1)
    for link, after in pairwise(links):
        assert (link.row, link.column) == (after.top + after.side // 2, after.left + after.side // 2)
