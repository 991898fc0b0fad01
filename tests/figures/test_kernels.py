"""« Exemple en images »: the photograph through each kernel, the numbers beside it, the scale of its greys."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from layout import faults, texts
from matplotlib.image import AxesImage

from figures import Picture
from figures.kernels import KERNELS, image_kernels
from figures.photograph import photograph


def written(picture: Picture) -> Counter[str]:
    return Counter(text.get_text() for text in texts(picture.figure))


def images(picture: Picture) -> list[AxesImage]:
    return list(picture.figure.findobj(AxesImage))


def test_the_slide_names_six_kernels_in_french_with_their_numbers() -> None:
    picture = image_kernels()
    assert picture.size == (1136, 556)
    found = written(picture)
    assert {"identité", "flou", "netteté", "contours", "Sobel (bords verticaux)", "relief", "÷ 16"} <= set(found)
    whole = [int(v) for name, kernel in KERNELS.items() for v in (kernel * (16 if name == "blur" else 1)).ravel()]
    assert found["valeur affichée"] == len(KERNELS)
    cells = Counter(str(v).replace("-", "−") for v in whole)
    assert all(found[text] >= count for text, count in cells.items())


@pytest.mark.parametrize("name", KERNELS)
def test_each_picture_is_what_torch_gives(name: str) -> None:
    picture = image_kernels(kernels=[name])
    (shown,) = images(picture)
    grey = torch.tensor(photograph(size=picture.facts["pixels"] + 2))
    expected = torch.nn.functional.conv2d(grey[None, None], torch.tensor(KERNELS[name])[None, None])[0, 0]
    np.testing.assert_allclose(np.asarray(shown.get_array()), expected.numpy(), rtol=0, atol=2e-6)


def test_a_kernel_that_keeps_the_brightness_goes_from_black_0_to_white_1() -> None:
    picture = image_kernels(kernels=["sharpen"])
    assert images(picture)[0].get_clim() == (0, 1)
    assert {"≤ 0", "≥ 1"} <= set(written(picture))
    (fact,) = picture.facts["kernels"]
    assert fact["below"] > 0
    assert fact["highest"] > 1


def test_nothing_is_said_to_be_cut_off_where_nothing_is() -> None:
    found = written(image_kernels(kernels=["blur"]))
    assert not any(text.startswith(("≤", "≥")) for text in found)


@pytest.mark.parametrize("name", ["outline", "sobel"])
def test_a_signed_result_has_mid_grey_for_zero_and_says_so(name: str) -> None:
    picture = image_kernels(kernels=[name])
    low, high = images(picture)[0].get_clim()
    assert low == -high < 0
    (fact,) = picture.facts["kernels"]
    assert fact["below"] + fact["above"] <= 0.1
    assert {f"≥ {high:g}".replace(".", ","), f"≤ −{high:g}".replace(".", ",")} <= set(written(picture))


def test_own_kernels_keep_their_names_and_show_the_same_part_whatever_their_size() -> None:
    picture = image_kernels(kernels={"moi": [[1]], "cinq": np.eye(5) / 5, "trois": [[0, 0, 0], [0, 1, 0], [0, 0, 0]]})
    assert {"moi", "cinq", "trois", "÷ 5"} <= set(written(picture))
    one, five, three = (np.asarray(image.get_array()) for image in images(picture))
    assert one.shape == five.shape
    np.testing.assert_array_equal(one, three)


def test_positive_kernels_that_brighten_are_scaled_to_their_largest_value() -> None:
    picture = image_kernels(kernels={"somme": np.ones((3, 3))})
    low, high = images(picture)[0].get_clim()
    assert low == 0
    assert 8 < picture.facts["kernels"][0]["highest"] <= high == 9


@pytest.mark.parametrize("kernels", [
    ["blur"], ["blur", "sobel"], ["blur", "sobel", "emboss"], list(KERNELS)[:4], list(KERNELS)[:5],
    {f"noyau {k}": np.full((5, 5), -9) for k in range(8)},
    {"moitiés": np.array([[-1, 0, 1], [-2, 0, 2]]) / 2}])  # fmt: skip
def test_any_number_of_kernels_is_well_laid_out(kernels: list[str]) -> None:
    picture = image_kernels(kernels=kernels)
    assert len(images(picture)) == len(kernels)
    assert faults(picture.figure) == []


def test_the_default_layout_has_no_fault_and_a_small_file() -> None:
    for palette in ("light", "dark"):
        picture = image_kernels(palette=palette)
        assert faults(picture.figure) == []
        assert len(picture.svg()) < 300_000


def test_the_alt_text_names_the_kernels() -> None:
    assert image_kernels().alt.endswith("identité, flou, netteté, contours, Sobel (bords verticaux), relief.")
    assert "une convolution" in image_kernels(kernels=["blur"]).alt


def test_a_small_image_keeps_its_pixels() -> None:
    image = np.linspace(0, 1, 900).reshape(30, 30)
    picture = image_kernels(image=image, kernels=["identity"])
    np.testing.assert_allclose(np.asarray(images(picture)[0].get_array()), image[1:-1, 1:-1], atol=1e-12)


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"kernels": ["embos"]}, ValueError, "image_kernels: no kernel 'embos'; did you mean 'emboss'"),
    ({"kernels": []}, ValueError, "image_kernels: kernels must be 1 to 8, not 0"),
    ({"kernels": ["blur"] * 9}, ValueError, "image_kernels: kernels must be 1 to 8, not 9"),
    ({"kernels": ["blur", "blur"]}, ValueError, "image_kernels: kernels must differ; 'blur' stands there twice"),
    ({"kernels": "blur"}, TypeError, "image_kernels: kernels must list names or map names to arrays, not 'blur'"),
    ({"kernels": 3}, TypeError, "image_kernels: kernels must list names"),
    ({"kernels": {"a": np.ones((6, 6))}}, ValueError, "image_kernels: kernel 'a' must have 1 to 5 rows"),
    ({"kernels": {"a": [[np.nan]]}}, ValueError, "image_kernels: kernel 'a' must be finite"),
    ({"kernels": {"a": np.full((5, 5), 123.457)}}, ValueError, "image_kernels: kernel 'a': numbers must fit into"),
    ({"image": np.zeros((8, 8))}, ValueError, "image_kernels: image must have at least 16 rows and columns"),
    ({"image": "no/such/file.png"}, ValueError, "no file 'no/such/file.png'"),
])  # fmt: skip
def test_wrong_parameters_are_told_what_is_wrong(parameters: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        image_kernels(**parameters)
