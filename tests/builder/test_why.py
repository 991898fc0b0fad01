"""Where an image comes from, told by the image itself and by the record of its build."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest
from PIL import Image

from builder import written
from builder.command import main
from figures import provenance

ROOT = Path(__file__).resolve().parents[2]
SLIDES = """\
{{ figure("max_pooling", stride=1) }}
{{ figure("neuron") }}
{{ figure("convolution_sweep", image="photo.png") }}
{{ figure("isobars", palette="dark") }}
{{ figure("isobars") }}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck `talk` and what was built of it."""
    folder = tmp_path_factory.mktemp("why")
    (folder / "talk").mkdir()
    (folder / "talk" / "slides.fr.md.j2").write_text(SLIDES, encoding="utf-8")
    image = Image.linear_gradient("L")
    image.save(folder / "talk" / "photo.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(folder / "store"))
        patch.chdir(folder)
        assert main(["talk", "-j", "1", "-q"]) == 0
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that a test may change; the working folder."""
    shutil.copytree(built, tmp_path / "work")
    record = tmp_path / "work/dist/talk/.build.json"
    moved = record.read_text(encoding="utf-8").replace(str(built), str(tmp_path / "work"))
    record.write_text(moved, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def image(name: str) -> Path:
    return next(Path("dist/talk/images").glob(f"{name}-*.svg"))


def asked(capsys: pytest.CaptureFixture[str], name: object) -> dict[str, str]:
    """What is told, by its label."""
    assert main(["talk", "--why", str(name)]) == 0
    out = capsys.readouterr().out
    parts = re.findall(r"^(\w[\w ]{10})(.*(?:\n {11}.*)*)", out, re.MULTILINE)
    return {label.strip(): re.sub(r"\n {11}", " ", text) for label, text in parts}


def test_everything_that_is_known_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = image("max_pooling")
    told = asked(capsys, path)
    assert told["template"] == '{{ figure("max_pooling", stride=1) }}'
    assert told["python"] == 'figures.max_pooling(stride=1, lang="fr")'
    assert told["place"] == "talk/slides.fr.md.j2:1"
    origin = provenance.read(path.read_bytes())
    assert origin is not None
    assert told["key"] == origin.key
    assert {"figures/pooling.py", "engine/pooling.py", "figures/style.py"} <= set(told["sources"].split(", "))
    assert "figures/neuron_rows.py" not in told["sources"]
    assert "changed" not in told["sources"]
    assert 'max_pooling.name = "Max pooling"' in told["words"]
    assert re.search(r"numpy \d.*matplotlib \d", told["versions"])
    assert re.fullmatch(r"\d+\.\d+ s", told["drawn in"])
    assert told["licence"] == "Apache-2.0"


@pytest.mark.parametrize("name", ["max_pooling", "convolution_sweep"])
def test_the_command_draws_the_same_bytes(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    command = shlex.split(asked(capsys, image(name))["redraw"])
    assert command[0] == "python"
    path = [str(ROOT), *sys.path]
    subprocess.run([sys.executable, *command[1:]], check=True, env={"PYTHONPATH": ":".join(path), "HOME": str(folder)})
    assert (folder / f"{name}.svg").read_bytes() == image(name).read_bytes()


def test_a_file_of_the_deck_has_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, image("convolution_sweep"))
    assert told["template"] == '{{ figure("convolution_sweep", image="photo.png") }}'
    assert told["python"] == 'figures.convolution_sweep(image="talk/photo.png", lang="fr")'


def test_a_figure_may_be_named_by_its_file_or_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = image("neuron")
    assert asked(capsys, path) == asked(capsys, path.name) == asked(capsys, f"images/{path.name}") \
        == asked(capsys, "neuron")  # fmt: skip
    assert main(["talk", "--why", "isobars"]) == 1
    assert re.search(r"no image 'isobars'; it is one of isobars-\w+\.svg, isobars-\w+\.svg", capsys.readouterr().err)


def test_the_images_of_one_figure_have_their_own_calls(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = [asked(capsys, path) for path in Path("dist/talk/images").glob("isobars-*.svg")]
    assert {(one["template"], one["place"]) for one in told} == {
        ('{{ figure("isobars", palette="dark") }}', "talk/slides.fr.md.j2:4"),
        ('{{ figure("isobars") }}', "talk/slides.fr.md.j2:5"),
    }
    assert all(('palette="dark"' in one["redraw"]) == ("dark" in one["template"]) for one in told)


def test_a_copy_elsewhere_is_known_by_its_call(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(image("max_pooling"), "picture.svg")
    told = asked(capsys, "picture.svg")
    assert told["place"] == "talk/slides.fr.md.j2:1"
    shutil.rmtree("dist")
    told = asked(capsys, "picture.svg")
    assert "place" not in told
    assert "words" not in told
    assert told["versions"].endswith("(those here; no record of its build lies beside it)")
    assert told["python"] == 'figures.max_pooling(stride=1, lang="fr")'


def test_a_value_that_is_only_known_by_its_digest_is_not_made_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(image("convolution_sweep"), "picture.svg")
    shutil.rmtree("dist")
    told = asked(capsys, "picture.svg")
    assert told["redraw"].endswith("(image is a file of which only the digest is known)")
    assert told["redraw"].startswith("python build.py")


def test_sources_that_changed_since_are_marked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Path("dist/talk/.build.json")
    data = json.loads(record.read_text(encoding="utf-8"))
    data["inputs"]["figures/pooling.py"] = "0" * 64
    record.write_text(json.dumps(data), encoding="utf-8")
    assert re.findall(r"[\w/.]+ \(changed since\)", asked(capsys, "neuron")["sources"]) == []
    assert re.findall(r"[\w/.]+ \(changed since\)", asked(capsys, "max_pooling")["sources"]) == [
        "figures/pooling.py (changed since)"]  # fmt: skip


def test_an_edited_image_is_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = image("neuron")
    path.write_bytes(path.read_bytes().replace(b"</svg>", b"<!-- mine --></svg>"))
    assert main(["talk", "--why", str(path)]) == 1
    captured = capsys.readouterr()
    assert re.search(rf"{path} was edited since it was drawn: its content has the digest \w{{8}}, not \w{{8}}",
                     captured.err)  # fmt: skip
    assert "figures.neuron(" in captured.out


def test_an_altered_call_is_not_believed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = image("max_pooling")
    path.write_bytes(path.read_bytes().replace(b'"stride": 1', b'"stride": 2'))
    assert main(["talk", "--why", str(path)]) == 1
    assert "is no figure drawn by this project" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "name"), [(b"\x89PNG", "a.png"), (b"<svg/>", "a.svg"), (b"", "empty.svg")])
def test_another_file_is_told_so(folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str) -> None:
    Path(name).write_bytes(content)
    assert main(["talk", "--why", name]) == 1
    captured = capsys.readouterr()
    assert f"build.py: {name} is no figure drawn by this project" in captured.err
    assert captured.out == ""


def test_a_file_that_is_not_there_gets_a_suggestion(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = image("max_pooling")
    assert main(["talk", "--why", path.name.replace("max_p", "map_p")]) == 1
    assert f"did you mean {path.name}?" in capsys.readouterr().err
    shutil.rmtree("dist")
    assert main(["talk", "--why", "x.svg"]) == 1
    assert "no image 'x.svg'; dist/talk/images has none" in capsys.readouterr().err


def test_a_figure_that_is_gone_from_the_project(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = provenance.described("max_poling", {"stride": 1}, "fr", "light")
    about = {key.lower(): value for key, value in provenance.origin("max_poling", {"stride": 1}, "fr", "light").items()}
    assert call in about["description"]
    fields = "".join(f"<dc:{key}>{value}</dc:{key}>" for key, value in about.items())
    Path("old.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                               f"<metadata>{fields}</metadata></svg>", encoding="utf-8")  # fmt: skip
    told = asked(capsys, "old.svg")
    assert told["sources"] == "no figure 'max_poling' here; did you mean 'max_pooling'?"
    assert told["python"] == 'figures.max_poling(stride=1, lang="fr")'


VALUES: list[Any] = [1, -2.5, True, None, "a\"b'c\\d", "é\n\x00", [1, [2, "x"]], {"a b": [None, False]}, []]


@pytest.mark.parametrize("value", VALUES)
def test_a_call_reads_back_as_it_was(value: Any) -> None:
    """Jinja and Python are the judges of what is written in their languages."""
    taken: list[Any] = []

    def figure(name: str, **parameters: Any) -> str:
        taken.append((name, parameters))
        return ""

    template = written.in_template("spot", {"value": value}, "dark", {})
    jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(template).render(figure=figure)
    assert taken == [("spot", {"value": value, "palette": "dark"})]
    call = written.in_python("spot", {"value": value}, "fr", "dark", {})
    result = eval(call, {"figures": type("F", (), {"spot": staticmethod(lambda **given: given)})})
    assert result == {"value": value, "lang": "fr", "palette": "dark"}
    command = shlex.split(written.command("spot", {"value": value}, "fr", "light", {}))
    assert command[:2] == ["python", "-c"]
    assert f'{written.in_python("spot", {"value": value}, "fr", "light", {})}.save("spot.svg")' in command[2]
