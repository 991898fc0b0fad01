"""Killed builds, a full disk, two builds at once: a few of what `python -m benchmarks.chaos` does by the hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import chaos


def test_the_deck_is_whole_after_every_build(tmp_path: Path) -> None:
    counts, broken = chaos.run(tmp_path, kills=6, full=3, pairs=2, seed=3)
    assert broken == []
    assert counts["two at once"] == 2
    assert counts["killed"] == 6
    assert sum(count for what, count in counts.items() if what.startswith("disk full")) == 3
    assert not [what for what in counts if "not told" in what or "failed" in what], counts


@pytest.mark.parametrize("harm", ["image", "markdown", "font"])
def test_it_notices_a_broken_deck(tmp_path: Path, harm: str) -> None:
    ground, _ = chaos.prepared(tmp_path)
    assert chaos.faults(ground) == []
    path = {"image": next((ground.output / "images").glob("neuron-*.svg")), "markdown": ground.output / "slides.fr.md",
            "font": ground.output / "fonts" / "SourceSansPro-Bold.ttf"}[harm]  # fmt: skip
    path.write_bytes(path.read_bytes()[:-1])
    assert len(chaos.faults(ground)) == 1
