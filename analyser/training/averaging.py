"""The mean of several trainings' weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from torch import nn

Model = TypeVar("Model", bound=nn.Module)


def averaged(load: Callable[..., Model], folders: list[str], **options: str) -> Model:
    """One model from ``FOLDER`` or several ``FOLDER=SHARE``: the mean of their weights by share.

    Fine-tunings of one start, averaged, do better on new questions than each (Wortsman et al. 2022, model soups).
    ``options`` go to ``load``.
    """
    shares = {Path(name): float(share or 1) for name, _, share in (folder.partition("=") for folder in folders)}
    models = [load(folder, **options) for folder in shares]
    states = [model.state_dict() for model in models]
    total = sum(shares.values())
    mean = {
        key: sum(state[key] * share / total for state, share in zip(states, shares.values(), strict=True))
        if value.is_floating_point()
        else value
        for key, value in states[0].items()
    }
    models[0].load_state_dict(mean)
    return models[0]
