"""A fitted multinomial logistic regression, and what it makes of features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Linear:
    """``mean`` and ``scale`` standardise the features; ``weights`` is (n_classes, n_features + 1), intercept last."""

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Shape (n, n_classes), rows sum to 1."""
        standard = (features - self.mean) / self.scale
        return softmax(standard @ self.weights[:, :-1].T + self.weights[:, -1])


# Keeps the log odds of a probability between about -4.6 and 4.6.
SMOOTHING = 0.01


def log_odds(p):
    """Log odds of probabilities (0 to 1), kept finite."""
    return np.log((p + SMOOTHING) / (1 - p + SMOOTHING))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    exponent = np.exp(logits - logits.max(-1, keepdims=True))
    return exponent / exponent.sum(-1, keepdims=True)
