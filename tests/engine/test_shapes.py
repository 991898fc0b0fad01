"""Signed distances against points sampled on the shapes themselves."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path

from engine.shapes import arc, disc, hole, signed_distance, stroke, table, triangle

PLACES = np.random.default_rng(0).uniform(-2, 2, (400, 2))
ALONG = np.linspace(0, 1, 4001)[:, None]
STEP = 2e-3  # coarser than what sampling the outlines costs


def distances(*shapes):
    rows = table(shapes)
    return np.array([signed_distance(x, y, rows, 0, len(rows)) for x, y in PLACES])


def nearest(points):
    return np.sqrt(((PLACES[:, None] - points[None]) ** 2).sum(2).min(1))


def segment(a, b):
    return np.array(a) + ALONG * (np.array(b) - np.array(a))


def test_a_disc():
    expected = np.hypot(PLACES[:, 0] - 0.3, PLACES[:, 1] + 0.2) - 0.7
    np.testing.assert_allclose(distances(disc(0.3, -0.2, 0.7)), expected, atol=1e-14)


@pytest.mark.parametrize(("a", "b"), [((-1, 0.5), (0.7, -0.4)), ((0, -1), (0, 1)), ((0.2, 0.1), (0.3, 0.1))])
def test_a_stroke(a, b):
    np.testing.assert_allclose(distances(stroke(*a, *b, 0.15)), nearest(segment(a, b)) - 0.15, atol=STEP)


@pytest.mark.parametrize("middle", [0.0, 0.25 * np.pi, -0.6, 3.0])
def test_an_arc_of_three_quarters(middle):
    angles = middle + 1.5 * np.pi * (ALONG[:, 0] - 0.5)
    points = np.array([0.1, 0.2]) + 0.8 * np.stack([np.cos(angles), np.sin(angles)], 1)
    shape = arc(0.1, 0.2, 0.8, np.cos(middle), np.sin(middle), 0.1)
    np.testing.assert_allclose(distances(shape), nearest(points) - 0.1, atol=STEP)


@pytest.mark.parametrize("corners", [((-1, -0.5), (1, -0.3), (0.2, 1)), ((0.2, 1), (1, -0.3), (-1, -0.5)),
                                     ((0, 0), (1.5, 0.1), (-1, 0.2))])
def test_a_triangle(corners):
    a, b, c = corners
    outline = nearest(np.concatenate([segment(a, b), segment(b, c), segment(c, a)]))
    inside = Path([a, b, c, a], closed=True).contains_points(PLACES)
    expected = np.where(inside, -outline, outline)
    np.testing.assert_allclose(distances(triangle(*a, *b, *c)), expected, atol=STEP)
    assert inside.any()


def test_a_union_is_the_nearest_and_a_hole_cuts_what_came_before():
    one, other, cut = distances(disc(0, 0, 1)), distances(stroke(0, 0, 2, 0, 0.2)), distances(disc(0.5, 0, 0.5))
    np.testing.assert_array_equal(distances(disc(0, 0, 1), stroke(0, 0, 2, 0, 0.2)), np.minimum(one, other))
    both = distances(disc(0, 0, 1), hole(0.5, 0, 0.5), stroke(0, 0, 2, 0, 0.2))
    np.testing.assert_array_equal(both, np.minimum(np.maximum(one, -cut), other))


def test_a_part_of_the_table_is_a_drawing_of_its_own():
    rows = table([disc(0, 0, 1), disc(3, 0, 0.5), stroke(0, 1, 1, 1, 0.1)])
    assert rows.shape == (3, 7)
    assert signed_distance(3.0, 0.0, rows, 1, 2) == -0.5
    assert signed_distance(3.0, 0.0, rows, 0, 1) == 2.0
