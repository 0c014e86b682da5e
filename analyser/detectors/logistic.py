"""Logistic models of a few named features; their weights are data (cues/evidence_model.toml)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyser.rubrics.words import load_cues


@dataclass(frozen=True, slots=True)
class Logistic:
    """Probability = 1 / (1 + exp(-(intercept + weights . features)))."""

    intercept: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        total = self.intercept + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=8)
def load_logistic(name: str, features: tuple[str, ...]) -> Logistic:
    """The model ``name`` for these features; a feature without a weight counts nothing."""
    data = load_cues("evidence_model.toml")[name]
    return Logistic(data["intercept"], tuple(data["weights"].get(feature, 0.0) for feature in features))
