"""An edit draws again exactly the figures that it can change: forty edits, for each the figures that must be redrawn.

The figures of the introduction are drawn once from a copy of the sources; then each edit is made in the copy, by turns,
and the store is asked which of them it still has.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from figures import assets, catalogue, sources, store
from figures.render import draw

pytestmark = pytest.mark.xdist_group("introduction")

PROJECT = Path(__file__).parents[2]
PLAIN = {
    "isobars", "emblem", "visual_hierarchy", "neuron", "activation_pair", "activation_gallery", "network_layers",
    "universal_approximation", "linear_classifier", "convolution_pixel", "convolution_sweep", "image_kernels",
    "max_pooling", "dropout", "convolutional_network",
}  # fmt: skip
CALLS = {name: (name, {}) for name in PLAIN}
ALL = PLAIN | {"own photograph", "wide pooling"}
TRAINED = {"linear_classifier", "convolutional_network"}
KERNELS = {"image_kernels", "own photograph"}
PHOTOGRAPHED = {"visual_hierarchy", "convolution_sweep", *KERNELS}
POOLED = {"max_pooling", "wide pooling"}
NEURAL = {"neuron", "network_layers", "dropout", *TRAINED}


class Bench(NamedTuple):
    """A copy of the sources, and a photograph of somebody's own."""

    tree: Path
    photograph: Path
    calls: dict[str, tuple[str, dict[str, object]]]

    def redrawn(self) -> set[str]:
        """The figures that the store does not have."""
        sources.forget()
        catalogue.catalogue.cache_clear()
        return {key for key, (name, given) in self.calls.items() if assets.find(name, given, lang="fr") is None}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("copy é")
    for package in ("engine", "figures"):
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    picture = folder / "photo.png"
    Image.fromarray(np.arange(240 * 240, dtype=np.uint32).reshape(240, 240).astype(np.uint8)).save(picture)
    calls = {**CALLS, "own photograph": ("image_kernels", {"image": str(picture)}),
             "wide pooling": ("max_pooling", {"stride": 1})}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.VARIABLE, str(folder / "store"))
        patch.setattr(sources, "ROOT", folder)
        patch.setattr(catalogue, "FOLDER", folder / "figures" / "words")
        sources.forget()
        for name, given in calls.values():
            assets.keep(draw(assets.bound(name, given, lang="fr")))
        found = Bench(folder, picture, calls)
        assert found.redrawn() == set()
        yield found
    sources.forget()
    catalogue.catalogue.cache_clear()


Edit = Callable[[Bench, pytest.MonkeyPatch], None]


def appended(name: str, text: str = "\n# A remark.\n") -> Edit:
    def edit(bench: Bench, _: pytest.MonkeyPatch) -> None:
        path = bench.tree / name
        assert path.is_file(), name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return edit


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(bench: Bench, _: pytest.MonkeyPatch) -> None:
        text = (bench.tree / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name}: {text.count(old)} × {old!r}"
        (bench.tree / name).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def created(name: str, text: str = "") -> Edit:
    return lambda bench, _: (bench.tree / name).write_text(text) and None


def version(package: str) -> Edit:
    def edit(_: Bench, patch: pytest.MonkeyPatch) -> None:
        there = assets.versions
        patch.setattr(assets, "versions", lambda names: {name: "99.0" if name == package else number
                                                         for name, number in there(names).items()})  # fmt: skip

    return edit


def another_font(_: Bench, patch: pytest.MonkeyPatch) -> None:
    files = assets.font_files()
    patch.setattr(assets, "font_files", lambda: {**files, "Bold": files["Regular"]})


def another_photograph(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.photograph.write_bytes(bench.photograph.read_bytes() + b"\0")


def another_portrait(bench: Bench, patch: pytest.MonkeyPatch) -> None:
    where = assets.used_file
    patch.setattr(assets, "used_file", lambda name: bench.photograph if name.endswith("hopper.jpg") else where(name))


WORDS, ENGLISH = "figures/words/fr.toml", "figures/words/en.toml"
EDITS: dict[str, tuple[Edit, set[str]]] = {
    # Nothing that a figure reaches.
    "a comment in a module that nobody imports": (created("figures/unrelated.py", "# Nothing.\n"), set()),
    "another module of the engine": (created("engine/unrelated.py", "VALUE = 1\n"), set()),
    "the public names of the engine": (appended("engine/__init__.py"), set()),
    "the public names of the figures": (appended("figures/__init__.py"), set()),
    "fitting by gradient descent": (appended("engine/relu_training.py"), set()),
    "pooling's gradients": (appended("engine/pooling_gradients.py"), set()),
    "a data file beside the sources": (created("figures/notes.txt", "x"), set()),
    "another language": (created("figures/words/de.toml", "[common]\n"), set()),
    "English words": (created(ENGLISH, "[common]\n"), set()),
    "a comment among the words": (appended(WORDS), set()),
    "a word that nobody says": (appended(WORDS, '\n[nobody]\nsays = "rien"\n'), set()),
    "the version of an unrelated library": (version("rich"), set()),
    # One figure's own.
    "max pooling": (appended("figures/pooling.py"), POOLED),
    "max pooling's layout": (appended("figures/pooling_layout.py"), POOLED),
    "the neuron's curve": (appended("figures/neuron_curve.py"), {"neuron"}),
    "the knot search, three imports away": (appended("engine/knot_search.py"), {"universal_approximation"}),
    "the formats of fits": (replaced("engine/approximation.py", "from __future__", "# Fits.\nfrom __future__"),
                            {"universal_approximation"}),
    "ventral filters": (appended("figures/ventral_filters.py"), {"visual_hierarchy"}),
    "the isobars' module": (appended("figures/title.py"), {"isobars", "emblem"}),
    "the grid of filters": (appended("figures/kernels_grid.py"), KERNELS | {"convolution_sweep"}),
    # Shared parts.
    "answers of classifiers": (appended("figures/answers.py"), TRAINED),
    "connected layers": (appended("figures/connected.py"), {"network_layers", "dropout"}),
    "depth": (appended("figures/depth.py"), {"convolution_pixel", "convolutional_network", "visual_hierarchy"}),
    "the photograph's crop": (replaced("figures/photograph.py", "HOPPER = (82, 0,", "HOPPER = (81, 0,"), PHOTOGRAPHED),
    "the palette's blue": (appended("figures/style.py", '\nEXTRA = "#000000"\n'), ALL),
    "the drawing vocabulary": (appended("figures/parts.py"), ALL),
    "the way from a picture to bytes": (appended("figures/render.py"), ALL),
    # Kernels.
    "a training step": (appended("engine/minibatch.py"), TRAINED),
    "the optimiser": (appended("engine/optimisers.py"), TRAINED),
    "pooling's kernel": (appended("engine/pooling_kernels.py"), POOLED | TRAINED | {"visual_hierarchy"}),
    "the generator": (appended("engine/philox.py"),
                      {"isobars", "emblem", "network_layers", "dropout", "universal_approximation", "visual_hierarchy",
                       *TRAINED}),
    "how kernels are compiled": (appended("engine/compile.py"), ALL),
    # Words.
    "a label of max pooling": (replaced(WORDS, "[max_pooling]\n", "[max_pooling]\nunused = \"x\"\n"), set()),
    "a class that only classifiers name": (replaced(WORDS, 'moon = "lune"', 'moon = "Lune"'), TRAINED),
    "a class that three figures name": (replaced(WORDS, 'sun = "soleil"', 'sun = "Soleil"'),
                                        TRAINED | {"visual_hierarchy"}),
    "an activation that one figure shows": (replaced(WORDS, 'leaky_relu = "leaky ReLU"', 'leaky_relu = "ReLU à fuite"'),
                                            {"activation_gallery"}),
    "the oval": (replaced(WORDS, 'oval = "ovale"', 'oval = "Ovale"'), {"visual_hierarchy"}),
    # Versions, fonts, data.
    "numpy": (version("numpy"), ALL),
    "numba": (version("numba"), ALL),
    "matplotlib": (version("matplotlib"), ALL),
    "the font's package": (version("font-source-sans-pro"), ALL),
    "the font's file": (another_font, ALL),
    "the bytes of somebody's photograph": (another_photograph, {"own photograph"}),
    "the bytes of the stock portrait": (another_portrait, PHOTOGRAPHED - {"own photograph"}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_redraws_exactly_what_it_can_change(bench: Bench, edit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    action, expected = EDITS[edit]
    stood = {p: p.read_bytes() for p in [bench.photograph, *bench.tree.rglob("*.py"), *bench.tree.rglob("*.toml")]}
    action(bench, monkeypatch)
    try:
        assert bench.redrawn() == expected
    finally:
        monkeypatch.undo()
        for path in [*bench.tree.rglob("*.py"), *bench.tree.rglob("*.toml"), *bench.tree.rglob("*.txt")]:
            if path not in stood:
                path.unlink()
        for path, data in stood.items():
            path.write_bytes(data)
    assert bench.redrawn() == set()


def test_a_default_written_out_and_a_parameter_in_another_place_redraw_nothing(bench: Bench) -> None:
    sources.forget()
    for given in ({"kernel_size": 2}, {"kernel_size": 2, "stride": None}, {"stride": None, "palette": "light"}):
        call = assets.bound("max_pooling", given, lang="fr")
        assert assets.stored(call) is not None, given
    for given in ({"kernel_size": 3}, {"stride": 2}, {"palette": "dark"}):
        assert assets.stored(assets.bound("max_pooling", given, lang="fr")) is None, given
    assert assets.stored(assets.bound("max_pooling", {}, lang="fr"))


def test_a_change_of_colour_trains_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    results = store.root() / "results"
    before = {p: p.stat().st_mtime_ns for p in results.rglob("*") if p.is_file()}
    assert len(before) == 2

    def trained(*_: object, **__: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("figures.trained.train_linear_classifier.__code__", trained.__code__)
    monkeypatch.setattr("figures.trained.train_convolutional_network.__code__", trained.__code__)
    for name in TRAINED:
        assert draw(assets.bound(name, {"palette": "dark"}, lang="fr")).svg
