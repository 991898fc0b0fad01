"""What an image says of itself: the call, its key, the licence."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import figures
from figures import Picture, figure, provenance
from figures.language import Words
from figures.parts import write
from figures.photograph import HOPPER_CREDIT
from figures.registry import FIGURES, bind
from figures.render import draw
from figures.style import slide_figure

DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(autouse=True, scope="module")
def spot() -> Iterator[None]:
    @figure
    def spot(words: Words, *, radius: Any = 3, label: Any = "a") -> Picture:
        drawing, axes = slide_figure(100, 80)
        write(axes, 50, 50, "1,23456")
        return Picture(drawing, "Un point.", {})

    yield
    del FIGURES["spot"]


def fields(svg: bytes) -> dict[str, str]:
    """Dublin Core by another way than the reader's: the children of cc:Work."""
    work = ET.fromstring(svg).find(".//{http://creativecommons.org/ns#}Work")
    assert work is not None
    return {part.tag.removeprefix(DC): "".join(part.itertext()).strip() for part in work}


def test_the_metadata_hold_call_key_and_licence() -> None:
    found = fields(draw(bind("spot", {"radius": 4}, palette="dark")).svg)
    assert found["rights"] == "Apache-2.0"
    assert found["creator"] == "executable-figures"
    assert found["language"] == "fr"
    call = found["description"].removeprefix("executable-figures call 1: ")
    assert json.loads(call) == {"figure": "spot", "language": "fr", "palette": "dark",
                                "parameters": {"radius": 4, "label": "a"}}  # fmt: skip
    assert found["identifier"] == "sha256:" + hashlib.sha256(call.encode()).hexdigest()
    assert "source" not in found


def test_what_is_written_can_be_read() -> None:
    origin = provenance.read(draw(bind("spot", {"radius": [1, 2.5, None]})).svg)
    assert origin is not None
    assert origin[:4] == ("spot", "fr", "light", {"radius": [1, 2.5, None], "label": "a"})


def test_a_figure_in_a_notebook_says_the_same_as_on_a_slide() -> None:
    assert figures.max_pooling(stride=1).svg() == draw(bind("max_pooling", {"stride": 1})).svg


def test_a_default_written_out_is_the_same_call_and_the_key_holds_all_of_it() -> None:
    def key(palette: str = "light", **parameters: Any) -> str:
        return fields(bind("spot", parameters, palette=palette).draw().svg())["identifier"]

    assert key() == key(radius=3)
    assert len({key(), key(radius=4), key(radius=3.0), key(label="b"), key(palette="dark")}) == 5
    assert provenance.origin("spot", {}, "fr", "light") != provenance.origin("spot", {}, "en", "light")


def test_the_key_does_not_hold_what_differs_between_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    from figures import assets

    before = draw(bind("spot", {}))
    monkeypatch.setattr(assets, "source_digest", lambda module: "a comment has changed")
    monkeypatch.setattr(assets, "versions", lambda packages: {"numpy": "9"})
    after = draw(bind("spot", {}))
    assert before.key != after.key
    assert before.svg == after.svg


def test_files_and_arrays_stand_as_digests(tmp_path: Any) -> None:
    svgs = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "photo.png").write_bytes(b"same bytes")
        svgs.append(bind("spot", {"label": str(tmp_path / folder / "photo.png")}).draw().svg())
    assert svgs[0] == svgs[1]
    assert str(tmp_path).encode() not in svgs[0]
    assert b"file(" + hashlib.sha256(b"same bytes").hexdigest().encode() in svgs[0]
    assert b"array(" in bind("spot", {"radius": np.zeros((300, 300))}).draw().svg()


def test_a_long_parameter_keeps_the_file_small() -> None:
    plain = len(bind("spot", {}).draw().svg())
    long = bind("spot", {"radius": list(range(100_000))}).draw().svg()
    assert len(long) < plain + 200
    assert long != bind("spot", {"radius": list(range(100_001))}).draw().svg()


@pytest.mark.parametrize("name", sorted(set(figures.__all__) - {"Picture", "figure"}))
def test_no_figure_grows_by_more_than_two_kilobytes(name: str) -> None:
    call = bind(name, {})
    about = provenance.origin(call.name, call.parameters, call.lang, call.palette)
    assert sum(map(len, about.values())) < 2_000


@pytest.mark.parametrize("name", ["visual_hierarchy", "image_kernels", "convolution_sweep"])
def test_the_photograph_is_credited_where_it_is_shown(name: str) -> None:
    svg = draw(bind(name, {})).svg
    assert fields(svg)["source"] == HOPPER_CREDIT
    origin = provenance.read(svg)
    assert origin is not None
    assert origin.credit == HOPPER_CREDIT


def test_a_photograph_of_ones_own_is_not_credited_to_another() -> None:
    own = np.random.default_rng(0).random((40, 40))
    assert "source" not in fields(draw(bind("convolution_sweep", {"image": own})).svg)


def test_a_function_as_a_parameter_is_drawn_and_has_no_key() -> None:
    picture = figures.universal_approximation(target=lambda x: x * x)
    assert "identifier" not in fields(picture.svg())
    assert fields(picture.svg())["rights"] == "Apache-2.0"


NASTY = ["-->", "]]>", "<script>alert(1)</script>", "a & b", '"\'', "\x00\x1b\x7f\x85\ufffe\uffff", "\r\n\t  x  ",
         "é 中 🌧", "</metadata>", ' d="1.23456"', {" d=": 1.23456, "b": 2}, "\ud800", "&lt;"]  # fmt: skip


@pytest.mark.parametrize("value", NASTY)
def test_any_text_stays_valid_and_comes_back(value: Any) -> None:
    svg = bind("spot", {"label": value}).draw().svg()
    assert fields(svg)
    origin = provenance.read(svg)
    assert origin is not None
    assert origin.parameters["label"] == value


@settings(deadline=None, max_examples=300)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
                    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3)))
def test_any_parameter_comes_back_from_its_description(value: Any) -> None:
    text = provenance.described("spot", {"label": value}, "fr", "light")
    assert not provenance.UNWRITABLE.search(text)
    found = json.loads(text)["parameters"]["label"]
    assert found == value or str(found).startswith("long(")


@pytest.mark.parametrize("content", [b"", b"<svg", b"no file of ours", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                                     b"\x89PNG\r\n", "<svg>é</svg>".encode("latin-1")])  # fmt: skip
def test_another_file_says_nothing(content: bytes) -> None:
    assert provenance.read(content) is None


def test_a_call_that_was_altered_is_not_believed() -> None:
    svg = bind("spot", {}).draw().svg()
    assert provenance.read(svg.replace(b'"radius": 3', b'"radius": 4')) is None
