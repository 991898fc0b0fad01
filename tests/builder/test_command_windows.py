"""What would differ on Windows, as far as another system can tell: its rules of paths, applied to what is written.

Nothing here runs there. What needs the system itself, files that another program holds open among them, is not tested.
"""

from __future__ import annotations

import ntpath
import re
from pathlib import Path, PureWindowsPath

import pytest

from builder import written
from builder.command import main
from deck.faults import Fault, shown
from deck.outside import outside_references
from deck.within import inside

DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def test_names_that_windows_keeps_for_itself_and_long_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    deck = tmp_path / "talk"
    deck.mkdir()
    names = ["con.svg", "nul.svg", "com1.svg", "a:b?.svg", "a b.svg", "trailing .svg", f"{'x' * 200}.svg", "Été.svg"]
    for name in names:
        (deck / name).write_text(DRAWING)
    slides = "\n\n".join(f'{{{{ image("{name}", alt="a", width=9) }}}}' for name in names)
    (deck / "slides.fr.md.j2").write_text(slides, encoding="utf-8")
    assert main(["talk", "-j", "1"]) == 0, capsys.readouterr().err
    sources = re.findall(r'src="(.*?)"', (tmp_path / "dist/talk/slides.fr.md").read_text(encoding="utf-8"))
    assert len(sources) == len(names)
    for source in sources:
        assert re.fullmatch(r"images/[A-Za-z0-9_-]+\.svg", source)
        assert not PureWindowsPath(source).is_reserved()
        assert len(source) < 90
    # On a disk that knows no capitals no two are one.
    files = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "dist").rglob("*")]
    assert len({name.casefold() for name in files}) == len(files)


def test_what_a_deck_writes_has_forward_slashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    deck = tmp_path / "talk"
    (deck / "a").mkdir(parents=True)
    (deck / "a" / "b.svg").write_text(DRAWING)
    (deck / "slides.fr.md.j2").write_text('{{ image("a/b.svg", alt="a", width=9) }}\n{{ figure("neuron") }}')
    assert main(["talk", "-j", "1"]) == 0
    assert "\\" not in (tmp_path / "dist/talk/slides.fr.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", [r"C:\Users\me\a.png", "C:/Users/me/a.png", r"\\server\share\a.png",
                                     "//server/share/a.png", r"..\a.png", "file:///C:/a.png"])  # fmt: skip
def test_drives_and_servers_lie_outside_of_a_deck(address: str, tmp_path: Path) -> None:
    """Whoever builds, on whatever system: a deck comes from anybody."""
    assert outside_references(f'<img src="{address}">', tmp_path)


@pytest.mark.parametrize("name", ["C:/a.png", r"C:\a.png", r"\\server\share\a.png", r"..\a.png"])
def test_windows_own_paths_never_lead_out(name: str, tmp_path: Path) -> None:
    """The rule that `inside` rests on, with Windows' paths in place of ours."""
    folder = PureWindowsPath("D:/talk")
    joined = PureWindowsPath(ntpath.normpath(folder / name))
    assert not joined.is_relative_to(folder)
    assert inside(tmp_path, name).is_relative_to(tmp_path.resolve())  # here it is an odd name of a file


def test_another_drive_has_no_way_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def relative(path: object, start: object = ".") -> str:
        return ntpath.relpath(str(path), "C:\\work" if start == "." else str(start))

    monkeypatch.setattr("os.path.relpath", relative)
    assert written.relative("D:\\fonts\\a.ttf") == "D:\\fonts\\a.ttf"
    assert written.relative("C:\\work\\a.png") == "a.png"
    assert shown(Path("D:\\talk\\slides.fr.md.j2")) == "D:\\talk\\slides.fr.md.j2"
    assert str(Fault(Path("D:\\talk\\a.j2"), 3, "no")) == "D:\\talk\\a.j2:3: no"


def test_what_only_other_systems_have_is_asked_for_before_it_is_used() -> None:
    """`os.fork`, process groups, SIGKILL, user numbers: each stands behind a question."""
    root = Path(__file__).parents[2]
    only = re.compile(r"\bos\.(?:fork|killpg|getuid|geteuid|sched_getaffinity|mkfifo|openpty)\(|prctl\(")
    asked = re.compile(r"hasattr\(os|sys\.platform")
    for path in [*(root / "builder").glob("*.py"), *(root / "deck").rglob("*.py")]:
        if path.stem in ("matrix", "settings", "traces"):  # which compare settings of Linux
            continue
        text = path.read_text(encoding="utf-8")
        for found in only.finditer(text):
            assert asked.search(text[max(0, found.start() - 300) : found.end() + 100]), (path.name, found[0])
