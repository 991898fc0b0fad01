"""Malformed calls of all public functions, and that the command which makes them sees what is wrong."""

import os
import signal
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from benchmarks import fuzz
from benchmarks.fuzz_calls import Call, functions
from benchmarks.fuzz_child import STATE, fault, planned, shown


def test_malformed_calls_are_answered_or_refused(capsys):
    assert fuzz.main(["--calls", "4000", "--seed", "1"]) == 0
    [summary] = capsys.readouterr().out.splitlines()
    assert summary.endswith("0 crashed")


def test_the_same_seed_makes_the_same_calls():
    names = list(functions())
    calls = [[shown(planned(seed, number, names)) for number in range(200)] for seed in (3, 3, 4)]
    assert calls[0] == calls[1]
    assert calls[0] != calls[2]


def _raises(x):
    raise {"its own": ValueError("f: x must be right"), "unnamed": ValueError("x must be right"),
           "index": IndexError("f: 3"), "memory": MemoryError("f: x")}[x]


@pytest.mark.parametrize(("x", "verdict"), [("its own", "refused"), ("unnamed", "ValueError: x must be right"),
                                            ("index", "IndexError: f: 3"), ("memory", "MemoryError: f: x")])
def test_only_a_refusal_in_the_functions_name_is_one(x, verdict):
    assert fault(Call(_raises, "f", {"x": x})) == verdict


def test_an_answer_is_one():
    assert fault(Call(abs, "f", {})).startswith("TypeError")
    assert fault(Call(dict, "f", {"x": np.zeros(2)})) == "answered"


def test_a_write_into_what_surrounds_a_view_is_seen():
    def spill(x):
        x.base[0] = 1

    assert fault(Call(spill, "f", {"x": np.zeros(4)[1:]})).startswith("wrote into x")


def test_out_may_be_written_and_so_may_an_input_that_is_out_but_only_by_an_answer():
    def fill(x, out):
        out[...] = 1
        if x is not out:
            raise ValueError("f: x")

    array = np.zeros(2)
    assert fault(Call(fill, "f", {"x": array, "out": array})) == "answered"
    assert fault(Call(fill, "f", {"x": np.zeros(2), "out": np.zeros(2)})) == "wrote into out (refused)"


@pytest.mark.parametrize(("end", "told"), [
    ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"), ("sys.exit(3)", "exit status 3"), ("time.sleep(60)", "hung")])
def test_how_a_process_ends_is_told(end, told, monkeypatch):
    monkeypatch.setattr(fuzz, "PATIENCE", 1.0)
    with tempfile.TemporaryFile() as state:
        os.pwrite(state.fileno(), STATE.pack(0, 0, 0), 0)
        with subprocess.Popen([sys.executable, "-c", f"import os, signal, sys, time; {end}"]) as child:
            assert fuzz._watched(child, state.fileno()) == told


def test_a_crash_is_one_call_lost_and_told(monkeypatch, capfd):
    # A child that dies at its third call and at no other.
    child = ("import os, sys; from benchmarks.fuzz_child import STATE\n"
             "state, _, first, last = map(int, sys.argv[1:5])\n"
             "for number in range(first, last):\n"
             "    os.pwrite(state, STATE.pack(number, number, 0), 0)\n"
             "    if number == 2: os.abort()\n"
             "os.pwrite(state, STATE.pack(last, last - 1, 0), 0)\n")
    real = subprocess.Popen
    monkeypatch.setattr(fuzz.subprocess, "Popen", lambda command, **options: real(
        [sys.executable, "-c", child, *command[3:]], **options))
    assert fuzz.main(["--calls", "5", "--functions", "relu"]) == 1
    out = capfd.readouterr().out
    assert f"2\t{signal.SIGABRT.name}\trelu(" in out
    assert out.endswith("5 calls: 4 answered, 0 refused, 1 crashed\n")
