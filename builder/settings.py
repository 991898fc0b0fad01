"""Settings that must change no byte of a deck: other machines, users, places and times."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("builder", "deck", "engine", "figures")


class Place(NamedTuple):
    """What a process is started with besides variables: the checkout, the user's home, the folder it is started in."""

    checkout: Path
    home: Path
    folder: Path


class Setting(NamedTuple):
    """How a build is started. `shows` names the trace that tells whether the setting is in force."""

    variables: Mapping[str, str] = {}
    options: Sequence[str] = ()
    command: Sequence[str] = ()
    prepare: Callable[[Place], Place] | None = None
    shows: str = ""


def elsewhere(place: Place) -> Place:
    """A copy of the sources in a folder whose name few programs like."""
    copy = place.folder / "Une copie à côté, d’été"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "build.py", copy)
    return place._replace(checkout=copy)


def hostile(place: Place) -> Place:
    """A user whose matplotlibrc, styles and fonts are as unlike ours as they can be, here and in their home."""
    settings = place.home / ".config" / "matplotlib"
    (settings / "stylelib").mkdir(parents=True)
    for path in (settings / "matplotlibrc", place.folder / "matplotlibrc", settings / "stylelib" / "default.mplstyle",
                 settings / "stylelib" / "classic.mplstyle"):  # fmt: skip
        path.write_text(UNLIKE, encoding="utf-8")
    fonts = place.home / ".local" / "share" / "fonts"
    fonts.mkdir(parents=True)
    (place.home / ".fonts").symlink_to(fonts)
    impostors = ("Executable Figures Sans", "Source Sans Pro", "DejaVu Sans", "STIXGeneral", "STIXNonUnicode")
    for name in impostors:
        _impostor(name, fonts / f"{name}.ttf")
    return place


def _impostor(name: str, path: Path) -> None:
    """A typewriter face under another font's name."""
    import matplotlib
    from fontTools.ttLib import TTFont

    font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf")
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = name
    font.save(path)


UNLIKE = """\
backend: svg
font.family: monospace
font.size: 31
axes.facecolor: black
axes.unicode_minus: False
axes.formatter.use_locale: True
axes.prop_cycle: cycler('color', ['r'])
figure.dpi: 30
figure.autolayout: True
image.cmap: flag
image.interpolation: bicubic
lines.linewidth: 9
lines.antialiased: False
patch.linewidth: 7
path.simplify: True
path.sketch: 3, 20, 2
savefig.bbox: tight
savefig.dpi: 20
savefig.transparent: True
svg.fonttype: none
svg.hashsalt: other
text.hinting: force_autohint
text.color: pink
"""


# Unless NUMBA_CPU_FEATURES is set, be it to nothing, numba adds the features of the host: a name alone changes little.
def _code_for(processor: str) -> Setting:
    return Setting({"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}, shows="kernels")


# The names of glibc 2.33 and later, then those of earlier ones, which either ignores.
_PLAIN_LIBM = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable"
_ASCII = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}

SETTINGS: dict[str, Setting] = {
    "folder": Setting(prepare=elsewhere, shows="checkout"),
    "home": Setting(prepare=hostile, shows="matplotlib"),
    "zone": Setting({"TZ": "Pacific/Kiritimati"}, shows="zone"),
    "language-ascii": Setting(_ASCII, shows="encoding"),
    "language-other": Setting({"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}, shows="language"),
    "clock": Setting(command=("faketime", "--exclude-monotonic", "2031-02-03 04:05:06"), shows="year"),
    "hashseed-0": Setting({"PYTHONHASHSEED": "0"}, shows="hash"),
    "hashseed-4242": Setting({"PYTHONHASHSEED": "4242"}, shows="hash"),
    "workers-1": Setting(options=("-j", "1")),
    "workers-2": Setting(options=("-j", "2")),
    "workers-4": Setting(options=("-j", "4")),
    "processor-haswell": _code_for("haswell"),
    "processor-nehalem": _code_for("nehalem"),
    "processor-x86-64": _code_for("x86-64"),
    "numpy-without-avx": Setting({"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"}, shows="numpy"),
    "blas-haswell": Setting({"OPENBLAS_CORETYPE": "Haswell"}, shows="blas"),
    "blas-nehalem": Setting({"OPENBLAS_CORETYPE": "Nehalem"}, shows="blas"),
    "libm-without-fma": Setting({"GLIBC_TUNABLES": _PLAIN_LIBM}, shows="libm"),
}


def chosen(names: str) -> list[str]:
    """The settings of a list such as "workers,hashseed-0": a name stands for all that begin with it.

    Raises
    ------
    ValueError
        A name that no setting begins with.
    """
    found = []
    for wanted in filter(None, (name.strip() for name in names.split(","))):
        fits = [name for name in SETTINGS if name == wanted or name.startswith(f"{wanted}-")]
        if not fits:
            raise ValueError(f"no setting {wanted!r}; there are {', '.join(SETTINGS)}")
        found += fits
    return list(dict.fromkeys(found))
