"""Trois descentes sur la cuvette f(x) = ½ Σ λᵢ xᵢ², dont le gradient est λᵢ xᵢ."""

import numpy as np


def loss(curvatures, path):
    return 0.5 * (curvatures * path**2).sum(axis=-1)


def gradient_descent(curvatures, start, steps, *, rate):
    path = [np.array(start, float)]
    for _ in range(steps):
        path.append(path[-1] - rate * curvatures * path[-1])
    return np.array(path)


def momentum(curvatures, start, steps, *, rate, memory):
    path, speed = [np.array(start, float)], np.zeros(len(start))
    for _ in range(steps):
        speed = memory * speed - rate * curvatures * path[-1]
        path.append(path[-1] + speed)
    return np.array(path)


def adam(curvatures, start, steps, *, rate, betas=(0.9, 0.999), epsilon=1e-8):
    path, first, second = [np.array(start, float)], np.zeros(len(start)), np.zeros(len(start))
    for k in range(1, steps + 1):
        gradient = curvatures * path[-1]
        first = betas[0] * first + (1 - betas[0]) * gradient
        second = betas[1] * second + (1 - betas[1]) * gradient**2
        corrected, scale = first / (1 - betas[0] ** k), np.sqrt(second / (1 - betas[1] ** k))
        path.append(path[-1] - rate * corrected / (scale + epsilon))
    return np.array(path)
