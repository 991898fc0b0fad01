"""Un réseau récurrent déplié, et ce que devient son gradient quand il remonte le temps."""

import numpy as np

import engine
from figures import Picture, figure, legend, plot_figure
from figures.parts import arrow, box, disc, in_middle, write
from figures.style import colour, slide_figure


@figure
def unrolled_cell(words, *, signal=(1, 0, 0, 0), w=0.5, u=1.0) -> Picture:
    """La même cellule à chaque pas : h_t = tanh(w h_{t−1} + u x_t)."""
    if not 1 <= len(signal) <= 5:
        raise ValueError(f"unrolled_cell: signal must have 1 to 5 numbers, not {len(signal)}")
    states = [0.0]
    for value in signal:
        states.append(float(engine.tanh(w * states[-1] + u * value)))

    drawing, axes = slide_figure(1136, 420)
    step = 1136 / (len(signal) + 1)
    middle = 118
    disc(axes, 0.4 * step, middle, 46, "tint", "blue")
    write(axes, 0.4 * step, in_middle(middle, 26), words.number(0), 26)
    write(axes, 0.4 * step, middle - 66, "$h_0$", 28, "blue_text")
    right = 0.4 * step + 46
    for t, (value, state) in enumerate(zip(signal, states[1:], strict=True), 1):
        x = (t + 0.4) * step
        arrow(axes, (right, middle), (x - 67, middle), "orange")
        write(axes, (right + x - 67) / 2, middle - 16, f"× {words.number(w)}", 22, "orange_text")
        box(axes, x - 65, middle - 65, 130, 130, "tint", "blue", 2, radius=14)
        write(axes, x, in_middle(middle, 30), words.number(state, 2), 30, weight="semibold")
        write(axes, x, middle - 83, f"$h_{t}$", 28, "blue_text")
        arrow(axes, (x, 334), (x, middle + 67), "green")
        write(axes, x + 14, 270, f"× {words.number(u)}", 22, "green_text", ha="left")
        disc(axes, x, 374, 38, "paper", "green")
        write(axes, x, in_middle(374, 26), words.number(value), 26)
        write(axes, x + 50, in_middle(374, 28), f"$x_{t}$", 28, "green_text", ha="left")
        right = x + 65
    alt = (f"La même cellule, dépliée sur {len(signal)} pas : elle reçoit {words.listed(signal)} par un poids de "
           f"{words.number(u)} et son état précédent par un poids de {words.number(w)} ; son état vaut successivement "
           f"{words.listed(states[1:], 2)}.")
    return Picture(drawing, alt, {"states": states[1:]})


def scaled(size, radius, seed):
    """Une matrice aléatoire dont le rayon spectral vaut `radius`."""
    matrix = engine.normal((size, size), seed=seed).astype(float)
    return matrix * (radius / np.abs(np.linalg.eigvals(matrix)).max())


@figure
def gradient_through_time(words, *, radii=(0.8, 1.0, 1.2), steps=40, size=24, seed=0) -> Picture:
    """La norme de la jacobienne de h_t par rapport à h_0, cellule linéaire, selon le rayon spectral."""
    drawing, axes = plot_figure(words, x="nombre de pas t", y="norme de ∂h(t) / ∂h(0)", height=440)
    t, ends = np.arange(steps + 1), []
    for radius, name in zip(radii, ("blue", "muted", "orange"), strict=True):
        matrix, product, norms = scaled(size, radius, seed), np.eye(size), [1.0]
        for _ in range(steps):
            product = matrix @ product
            norms.append(float(np.linalg.norm(product, 2)))
        axes.plot(t, norms, color=colour(name), label=f"rayon spectral ρ = {words.number(radius, 1)}")
        axes.plot(t, radius**t.astype(float), color=colour(name), linestyle=":", linewidth=2)
        ends.append(norms[-1])
    axes.set_yscale("log")
    legend(axes)
    alt = (f"En échelle logarithmique, la norme de la jacobienne sur {steps} pas : avec un rayon spectral de "
           f"{words.number(radii[0], 1)} elle s’éteint, avec {words.number(radii[-1], 1)} elle explose ; en pointillé, "
           "les puissances du rayon spectral, que chaque courbe suit.")
    return Picture(drawing, alt, {"ends": ends, "radii": radii, "steps": steps, "size": size})
