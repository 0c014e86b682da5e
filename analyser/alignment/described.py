"""Evidence that a draft brings in without its name.

The detectors know a piece of evidence by the words of its name. "They let them out until they were fatter and arrested
them again" is the Cat and Mouse Act too. For the pieces not found, the bi-encoder chooses the sentences nearest to
each, the cross-encoder reads them with the piece, and a logistic model weighs what it makes of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyser.alignment.encoders import BiEncoder, CrossEncoder, EncodedText, centred, late_interaction
from analyser.alignment.linear import Linear, log_odds
from analyser.records import EvidenceFinding, EvidenceStatus, ParsedEssay, Rubric

# Sentences (1 and more) read for a piece, and in all for a draft, so that a long rubric does not take long. Set by
# hand: with four and no limit, and with two and 40, F1 on left-out questions stays within 0.002.
N_READ, MAX_READ = 3, 60
# Certain pieces in a sentence that are counted (0 and more; set by hand): whether any, and whether several.
MAX_FOUND = 2
# Probability (0 to 1) that a piece is there from which that is said, and from which it is asked about. The first is
# even odds; the second was set by hand, low because being told that something is missing when it is there is what users
# hate most.
FOUND_FROM, ASKED_FROM = 0.5, 0.3


def evidence_text(sides: tuple[str, str], name: str, context: str = "") -> str:
    """A piece of evidence as the cross-encoder reads it, with the sentence of a model answer that names it, if any."""
    told = f" ({context})" if context else ""
    return f"{sides[0]} / {sides[1]}. Evidence: {name}{told}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A rubric's evidence, encoded once for any number of drafts."""

    texts: tuple[str, ...]
    encoded: tuple[EncodedText, ...]


def encode_pieces(rubric: Rubric, bi: BiEncoder) -> Pieces:
    """What the encoders read of each piece of evidence."""
    sides = (rubric.sides[0].name, rubric.sides[1].name)
    texts = tuple(evidence_text(sides, item.name) for item in rubric.evidence)
    return Pieces(texts, tuple(bi.read_all(item.name for item in rubric.evidence)))


@dataclass(frozen=True, slots=True)
class PieceReadings:
    """What was read for one piece: ``sentences`` their indices, ``scores`` (n,) that each brings it in (0 to 1).

    ``likeness`` (n,) is how much nearer each is than the draft's other sentences, in standard deviations.
    """

    item: int
    sentences: tuple[int, ...]
    scores: np.ndarray
    likeness: np.ndarray

    @property
    def best(self) -> int:
        """The sentence likeliest to bring it in."""
        return self.sentences[int(self.scores.argmax())]


def read_pieces(
    parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...], pieces: Pieces, bi: BiEncoder, cross: CrossEncoder
) -> list[PieceReadings]:
    """Read the nearest sentences for every piece that the detectors did not find for certain."""
    unfound = [k for k, finding in enumerate(evidence) if finding.status in ("missing", "unsure")]
    spans = [(s.start, s.end) for s in parsed.sentences]
    if not unfound or len(spans) < 2:
        return []
    texts = [parsed.essay.text[start:end] for start, end in spans]
    likeness = _likeness(list(pieces.encoded), bi.read_all(texts))[unfound]
    chosen = _chosen(likeness)
    scores = cross.score([(texts[i], pieces.texts[unfound[row]]) for row, i in chosen])[:, 0]
    out = []
    for row in dict.fromkeys(row for row, _ in chosen):
        own = [n for n, (other, _) in enumerate(chosen) if other == row]
        read = tuple(chosen[n][1] for n in own)
        out.append(PieceReadings(unfound[row], read, scores[own], likeness[row, list(read)]))
    return out


def _chosen(likeness: np.ndarray) -> list[tuple[int, int]]:
    """(row, sentence) of the N_READ nearest sentences of each piece, the nearest MAX_READ of all."""
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :N_READ]
    pairs = [(row, int(i)) for row, own in enumerate(nearest) for i in own]
    return sorted(sorted(pairs, key=lambda pair: -likeness[pair])[:MAX_READ])


def _likeness(pieces: list[EncodedText], sentences: list[EncodedText]) -> np.ndarray:
    """By vector, what all have in common taken off, and word by word: (n_pieces, n_sentences), rows standardised."""
    cosine = centred(pieces) @ centred(sentences).T
    return _standard(cosine) + _standard(late_interaction(pieces, sentences))


def _standard(rows: np.ndarray) -> np.ndarray:
    return (rows - rows.mean(1, keepdims=True)) / (rows.std(1, keepdims=True) + 1e-6)


# ---------------------------------------------------------------- features

N_FEATURES = 7


def piece_features(
    parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...], readings: list[PieceReadings]
) -> np.ndarray:
    """One row of N_FEATURES a piece that was read: its own readings, and what else its best sentence brings in."""
    rows = []
    for reading in readings:
        best = reading.best
        rivals = [
            float(other.scores[other.sentences.index(best)])
            for other in readings
            if other is not reading and best in other.sentences
        ]
        ordered = np.sort(np.append(reading.scores, 0.0))[::-1]
        rows.append(
            [
                *log_odds(np.array([ordered[0], ordered[1], max(rivals, default=0.0)])),
                reading.likeness.max(),
                reading.likeness[reading.sentences.index(best)],
                min(_n_found(parsed, evidence, best), MAX_FOUND),
                evidence[reading.item].status == "unsure",
            ]
        )
    return np.array(rows, dtype=float).reshape(len(rows), N_FEATURES)


def _n_found(parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...], index: int) -> int:
    """How many pieces a sentence certainly names."""
    sentence = parsed.sentences[index]
    found = (f for f in evidence if f.status not in ("missing", "unsure"))
    return sum(any(sentence.start < q.end and q.start < sentence.end for q in f.quotes) for f in found)


# ---------------------------------------------------------------- settling


class EvidenceReader:
    """Finds, or asks about, pieces of evidence that a draft brings in without their names."""

    def __init__(self, rubric: Rubric, bi: BiEncoder, cross: CrossEncoder):
        self.bi, self.cross = bi, cross
        self.pieces = encode_pieces(rubric, bi)

    def read(self, parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...]) -> list[PieceReadings]:
        """What is read for the pieces that the detectors did not find for certain."""
        return read_pieces(parsed, evidence, self.pieces, self.bi, self.cross)

    def settle(
        self, parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...], model: Linear
    ) -> tuple[EvidenceFinding, ...]:
        """The findings, with pieces that were missing or in doubt found or asked about where a sentence is read so."""
        readings = self.read(parsed, evidence)
        if not readings:
            return evidence
        likely = model.probabilities(piece_features(parsed, evidence, readings))[:, 1]
        out = list(evidence)
        for reading, p in zip(readings, likely, strict=True):
            out[reading.item] = _settled(parsed, evidence[reading.item], reading, float(p))
        return tuple(out)


def _settled(parsed: ParsedEssay, found: EvidenceFinding, reading: PieceReadings, likely: float) -> EvidenceFinding:
    if likely < ASKED_FROM:
        return found
    sentence = parsed.sentences[reading.best]
    quotes = (parsed.essay.quote(sentence.start, sentence.end),)
    if likely < FOUND_FROM and found.status == "unsure":
        return found
    status: EvidenceStatus = "used" if likely >= FOUND_FROM else "unsure"
    return EvidenceFinding(found.id, status, round(likely, 3), quotes, "description")
