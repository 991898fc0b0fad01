"""Le pas d'une descente de gradient, puis trois descentes dans une vallée étroite."""

import bowls
import numpy as np

from figures import Picture, figure, legend, plot_figure
from figures.style import colour

COLOURS = ("blue", "green", "purple", "orange")


@figure
def learning_rate(words, *, rates=(0.1, 0.5, 1.8, 2.1), steps=20) -> Picture:
    """Sur f(x) = ½ x², l'erreur à chaque pas selon le taux d'apprentissage ; au-delà de 2, elle diverge."""
    drawing, (left, right) = plot_figure(words, columns=2, height=430)
    x = np.linspace(-2.4, 2.4, 200)
    left.plot(x, x**2 / 2, color=colour("muted"))
    right.set_yscale("log")
    ends = []
    for rate, name in zip(rates, COLOURS, strict=False):
        path = bowls.gradient_descent(np.ones(1), [1.0], steps, rate=rate)
        losses = bowls.loss(np.ones(1), path)
        ends.append(float(losses[-1]))
        right.plot(losses, color=colour(name), marker="o", markersize=4, label=f"η = {words.number(rate)}")
        if rate in (rates[0], rates[-1]):
            left.plot(path[:8, 0], losses[:8], "o-", color=colour(name), linewidth=2, markersize=7)
    left.set(xlabel="x", ylabel="f(x)", ylim=(-0.1, 2.6))
    right.set(xlabel="pas", ylabel="f(x)")
    legend(right, place="lower left")
    alt = (f"À gauche, deux descentes sur une parabole : avec un taux de {words.number(rates[0])} la bille glisse d’un "
           f"seul côté, avec {words.number(rates[-1])} elle saute d’un bord à l’autre et remonte. À droite, en échelle "
           f"logarithmique, l’erreur sur {steps} pas pour les taux {words.listed(rates)} : elle décroît sauf pour le "
           "dernier.")
    return Picture(drawing, alt, {"ends": ends, "rates": rates, "steps": steps})


@figure
def descents(words, *, condition=25, steps=60, start=(-5, 1), memory=0.7, adam_rate=0.3) -> Picture:
    """Gradient, inertie et Adam dans une vallée de conditionnement `condition`."""
    if condition <= 1:
        raise ValueError(f"descents: condition must be more than 1, not {condition}")
    curvatures = np.array([1.0, condition])
    paths = {
        "gradient": bowls.gradient_descent(curvatures, start, steps, rate=2 / (1 + condition)),
        "inertie": bowls.momentum(curvatures, start, steps, rate=1 / condition, memory=memory),
        "Adam": bowls.adam(curvatures, start, steps, rate=adam_rate),
    }
    drawing, (left, right) = plot_figure(words, columns=2, height=470)
    x, y = np.meshgrid(np.linspace(-5.6, 2, 181), np.linspace(-1.2, 1.2, 121))
    levels = 0.5 * (np.arange(1, 7) * 1.1) ** 2
    left.contour(x, y, bowls.loss(curvatures, np.stack([x, y], -1)), levels, colors=colour("muted"), linewidths=1)
    right.set_yscale("log")
    for (name, path), paint in zip(paths.items(), COLOURS, strict=False):
        left.plot(*path.T, "o-", color=colour(paint), linewidth=2, markersize=4)
        right.plot(bowls.loss(curvatures, path), color=colour(paint), label=name)
    left.grid(False)
    left.plot(0, 0, "*", color=colour("ink"), markersize=14)
    left.set(xlabel="x", ylabel="y", xlim=(-5.6, 2), ylim=(-1.2, 1.2))
    right.set(xlabel="pas", ylabel="f(x, y)")
    legend(right, place="lower left")
    ends = {name: float(bowls.loss(curvatures, path)[-1]) for name, path in paths.items()}
    alt = (f"À gauche, les lignes de niveau d’une vallée {words.number(condition)} fois plus courbée en y qu’en x, et "
           "trois chemins vers le fond : le gradient zigzague, l’inertie dépasse le fond puis y revient, "
           f"Adam ondule sans zigzag. À droite, l’erreur après {steps} pas : celle de l’inertie est la plus petite, "
           f"puis celle du gradient ({words.number(ends['gradient'], 4)}) et d’Adam ({words.number(ends['Adam'], 4)}).")
    facts = {"ends": ends, "memory": memory, "rate": 2 / (1 + condition), "adam_rate": adam_rate,
             "initial": float(bowls.loss(curvatures, np.array(start, float)))}
    return Picture(drawing, alt, facts)
