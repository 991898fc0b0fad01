"""Figures that a template asks for in a wrong way."""

from __future__ import annotations

from breaking import Broken, each

BROKEN = {
    "unknown figure": Broken('# A\n\n{{ figure("max_poling") }}', "slides.fr.md.j2:3", "no figure 'max_poling'",
                             "did you mean 'max_pooling'?"),
    "misspelt parameter": Broken('{{ figure("max_pooling", strid=1) }}', "slides.fr.md.j2:1",
                                 "max_pooling: no parameter 'strid'", "did you mean 'stride'?"),
    "wrong type": Broken('{{ figure("max_pooling", stride="two") }}', "slides.fr.md.j2:1", "stride"),
    "value out of range": Broken('\n{{ figure("max_pooling", stride=0) }}', "slides.fr.md.j2:2",
                                 "stride must be at least 1, not 0"),
    "value of a list": Broken('{{ figure("activation_pair", names=["sigmoid", "rleu"]) }}', "slides.fr.md.j2:1",
                              "rleu", "relu"),
    "unknown fact": Broken('{% set p = figure("max_pooling") %}\n\n{{ p.facts.outptu }}', "slides.fr.md.j2:3",
                           "max_pooling: no fact 'outptu'", "did you mean 'output'?"),
    "wrong palette": Broken('{{ figure("max_pooling", palette="drak") }}', "slides.fr.md.j2:1", "no palette 'drak'",
                            "did you mean 'dark'?"),
    "no name": Broken("\n{{ figure() }}", "slides.fr.md.j2:2", "figure: name is missing"),
    "a name without quotes": Broken("\n{{ figure(max_pooling) }}", "slides.fr.md.j2:2",
                                    "undefined variable 'max_pooling'", "write figure(\"max_pooling\")"),
    "two names": Broken('\n{{ figure("max_pooling", 2) }}', "slides.fr.md.j2:2", "figure: "),
    "a picture of a figure's that is not there": Broken('{{ figure("convolution_sweep", image="phot.png") }}',
                                                        "slides.fr.md.j2:1", "phot.png"),
    "a file from outside": Broken('{{ figure("convolution_sweep", image="/etc/hosts") }}', "slides.fr.md.j2:1",
                                  "lies outside of the deck's folder"),
    "a picture of a figure's that is none": Broken('{{ figure("convolution_sweep", image="photo.png") }}',
                                                   "slides.fr.md.j2:1", "photo.png", files={"photo.png": b"\x89PNG"}),
    "a number too large": Broken('\n{{ figure("max_pooling", stride=9 ** (9 ** 9)) }}', "slides.fr.md.j2:2",
                                 "too large"),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)
