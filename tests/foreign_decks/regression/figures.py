"""Least squares on the stations of stations.csv, and ridge regression on a noisy curve."""

import csv
from pathlib import Path

import numpy as np

import engine
from figures import Picture, figure, legend, plot_figure
from figures.style import colour

HERE = Path(__file__).parent


@figure
def least_squares(words, *, data="stations.csv") -> Picture:
    """The least-squares line through the stations, with its residuals."""
    with open(HERE / data, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    x = np.array([float(row["altitude_km"]) for row in rows])
    y = np.array([float(row["temperature_c"]) for row in rows])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    intercept = y.mean() - slope * x.mean()
    fitted = intercept + slope * x
    left, total = ((y - fitted) ** 2).sum(), ((y - y.mean()) ** 2).sum()

    drawing, axes = plot_figure(words, x=words.say("least_squares.x"), y=words.say("least_squares.y"), height=430)
    axes.vlines(x, fitted, y, color=colour("orange"), linewidth=2.5, label=words.say("least_squares.residual"))
    ends = np.array([0, 3])
    axes.plot(ends, intercept + slope * ends, label=words.say("least_squares.line"))
    axes.plot(x, y, "o", color=colour("ink"), markersize=8)
    legend(axes)
    largest = float(np.abs(y - fitted).max())
    alt = words.say("least_squares.alt", count=len(x), fall=-slope, base=intercept, largest=largest)
    facts = {"count": len(x), "slope": slope, "intercept": intercept, "r2": 1 - left / total, "rss": left,
             "tss": total, "largest": largest, "mean": [x.mean(), y.mean()]}
    return Picture(drawing, alt, facts)


def truth(x):
    return engine.sin(3 * x)


def fit(x, y, degree, strength):
    """Ridge regression on powers of x; the constant is not punished."""
    powers = np.vander(x, degree + 1, increasing=True)
    penalty = strength * np.eye(degree + 1)
    penalty[0, 0] = 0
    return np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)


def predict(weights, x):
    return np.vander(x, len(weights), increasing=True) @ weights


@figure
def ridge(words, *, degree=9, count=14, noise=0.3, strength=0.1, seed=0) -> Picture:
    """A polynomial with and without a penalty, and the errors along the penalty."""
    x, unseen = np.linspace(-1, 1, count), np.linspace(-0.96, 0.96, 60)
    y = truth(x) + noise * engine.normal(count, seed=seed)
    y_unseen = truth(unseen) + noise * engine.normal(60, seed=seed + 1)
    strengths = 10.0 ** np.arange(-5, 1.01, 0.125)
    weights = [fit(x, y, degree, value) for value in strengths]
    training = [float(((predict(w, x) - y) ** 2).mean()) for w in weights]
    validation = [float(((predict(w, unseen) - y_unseen) ** 2).mean()) for w in weights]
    best = int(np.argmin(validation))
    free, held = fit(x, y, degree, 0), fit(x, y, degree, strength)

    drawing, (left, right) = plot_figure(words, columns=2)
    fine = np.linspace(-1, 1, 400)
    left.plot(fine, truth(fine), color=colour("muted"), linestyle="--", label=words.say("ridge.truth"))
    left.plot(fine, predict(free, fine), color=colour("orange"), label=words.say("ridge.free"))
    left.plot(fine, predict(held, fine), color=colour("blue"), label=words.say("ridge.held", strength=strength))
    left.plot(x, y, "o", color=colour("ink"), label=words.say("ridge.seen"))
    left.set(xlabel="x", ylabel="y")
    legend(left)
    right.plot(strengths, training, color=colour("purple"), label=words.say("ridge.training"))
    right.plot(strengths, validation, color=colour("green"), label=words.say("ridge.validation"))
    right.set_xscale("log")
    right.set(xlabel=words.say("ridge.strength"), ylabel=words.say("ridge.error"), ylim=(0, None))
    legend(right)
    alt = words.say("ridge.alt", degree=degree, count=count, strength=strength, best=strengths[best])
    free_error = float(((predict(free, unseen) - y_unseen) ** 2).mean())
    held_error = float(((predict(held, unseen) - y_unseen) ** 2).mean())
    facts = {"best": strengths[best], "best_error": validation[best], "free_error": free_error,
             "held_error": held_error, "free_training": float(((predict(free, x) - y) ** 2).mean()),
             "free_largest": np.abs(free).max(), "held_largest": np.abs(held).max(), "count": count,
             "strength": strength}
    return Picture(drawing, alt, facts)
