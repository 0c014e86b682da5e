"""Fit what a rubric's corrected drafts say against the general matcher: five numbers, drawn towards nothing learnt.

The corrected logits of a point are ``scale * general logits + offset of the label``. Each number has a normal prior
around the general model (scale 1, offsets 0), so with few corrections hardly anything moves and with many the
corrections win: the maximum a posteriori estimate of a multinomial logistic regression whose prior mean is the general
model. The log posterior is concave, so Newton's method finds its one maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyser.alignment.learned import Offsets, general_logits
from analyser.alignment.linear import softmax

# Newton's method on a concave function: it is there after five or six steps; the limit only guards against a fault.
MAX_STEPS = 50
# Change of the log posterior (nats) below which it is there.
TOLERANCE = 1e-9
# Decimals kept of what is learnt: far more than it is exact to.
N_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Priors:
    """Standard deviations, in logits, of how far questions differ from the general model.

    Chosen by the probability given to left-out drafts of other questions than the one reported: on each of the nine
    labelled questions 0.05 to 0.15 and 0.2 to 0.3 won. See docs/learn.md, also for what was tried and left out.
    """

    scale: float = 0.1
    label: float = 0.2


def fit_offsets(general: np.ndarray, labels: np.ndarray, priors: Priors | None = None) -> Offsets:
    """The most probable offsets given corrections.

    ``general`` are the general model's probabilities (n, 4) of the corrected points, ``labels`` (n,) the right labels
    as indices into POINT_LABELS.
    """
    priors = priors or Priors()
    n_labels = general.shape[1]
    design = np.concatenate([general_logits(general)[:, :, None], np.tile(np.eye(n_labels), (len(general), 1, 1))], 2)
    precision = np.array([priors.scale**-2, *[priors.label**-2] * n_labels])
    centre = np.array([1.0, *[0.0] * n_labels])
    wanted = np.eye(n_labels)[labels]
    found = centre
    value = _log_posterior(found, design, wanted, precision, centre)
    for _ in range(MAX_STEPS):
        probabilities = softmax(design @ found)
        gradient = np.einsum("nl,nlp->p", wanted - probabilities, design) - precision * (found - centre)
        weighted = design * probabilities[:, :, None]
        mean = weighted.sum(1)
        curvature = np.einsum("nlp,nlq->pq", weighted, design) - mean.T @ mean + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        while (new := _log_posterior(found + step, design, wanted, precision, centre)) < value - TOLERANCE:
            step = step / 2
        found, gain, value = found + step, new - value, new
        if gain < TOLERANCE:
            break
    return Offsets(round(float(found[0]), N_DECIMALS), tuple(round(float(x), N_DECIMALS) for x in found[1:]))


def _log_posterior(
    found: np.ndarray, design: np.ndarray, wanted: np.ndarray, precision: np.ndarray, centre: np.ndarray
) -> float:
    logits = design @ found
    top = logits.max(1)
    normaliser = top + np.log(np.exp(logits - top[:, None]).sum(1))
    likelihood = (wanted * logits).sum() - normaliser.sum()
    return float(likelihood - 0.5 * (precision * (found - centre) ** 2).sum())
