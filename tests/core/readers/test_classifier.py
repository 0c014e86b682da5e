"""A model of the user's own: its outputs' names, and tiny models with random weights where torch is installed."""

import json
from importlib.util import find_spec

import numpy as np
import pytest
from click.testing import CliRunner
from stand_ins import Letters

from analyser.alignment.aligner import Judged, Thresholds, TopModel, TrainedAligner
from analyser.alignment.features import FEATURES, Candidates
from analyser.alignment.windows import find_windows
from analyser.cli import main
from analyser.errors import TrainedModelError, UsageError
from analyser.readers import Reading, choosing, prepare_readers
from analyser.readers.classifier import ClassifierOpinion, find_labels, load_classifier
from analyser.records import POINT_LABELS, Block, Essay, Match
from analyser.rubrics import load_rubric
from analyser.text.parsing import parse_essay

COVERED, PARTIAL, CONTRADICTED, MISSING = range(4)
NAMES = [
    (("contradiction", "entailment", "neutral"), (CONTRADICTED, COVERED, MISSING)),
    (("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), (COVERED, MISSING, CONTRADICTED)),
    (("entailment", "not_entailment"), (COVERED, MISSING)),
    (("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), (COVERED, CONTRADICTED, MISSING)),
    (POINT_LABELS, (COVERED, PARTIAL, CONTRADICTED, MISSING)),
    (("LABEL_0",), None),
]


@pytest.mark.parametrize(("names", "labels"), NAMES)
def test_labels_are_told_from_their_names(names, labels):
    assert find_labels(dict(enumerate(names)), "m") == labels


@pytest.mark.parametrize("names", [("LABEL_0", "LABEL_1", "LABEL_2"), ("neutral", "contradiction"), ("toxic", "fine")])
def test_unknown_labels(names):
    with pytest.raises(TrainedModelError, match="E392"):
        find_labels(dict(enumerate(names)), "m")


class Says:
    """Stands for a model: the same row for every pair."""

    name = "says"

    def __init__(self, *row):
        self.row = row

    def score(self, pairs):
        return np.array([self.row] * len(pairs)).reshape(len(pairs), 4)


RUBRIC = """\
id: bread
question: How far are bread and cake alike?
sides: {a: {name: Bread}, b: {name: Cake}}
judgement: {statement: says how far}
points:
  - {id: S1, kind: similarity, statement: both are baked in a hot oven}
  - {id: D1, kind: difference, statement: "bread is eaten daily, whereas cake is for feasts"}
"""
TEXT = "Bread is baked in an oven. Cake is baked in one too. We eat bread every day. Cake we eat only at feasts."


@pytest.fixture
def place(tmp_path, untrained):
    (tmp_path / "rubric.yaml").write_text(RUBRIC)
    (tmp_path / "draft.txt").write_text(TEXT)
    return tmp_path


@pytest.mark.parametrize(("row", "label"), [((0.95, 0, 0, 0.05), "covered"), ((0.8, 0, 0, 0.2), None)])
@pytest.mark.parametrize("n_windows", [0, 3])
def test_a_model_without_calibration_speaks_only_when_sure(place, row, label, n_windows):
    rubric = load_rubric(place)
    parsed = parse_essay(Essay("e", "e", TEXT, (Block(0, len(TEXT), "paragraph"),)), rubric)
    match = Match("S1", "similarity", "unsure", 0.5, dict.fromkeys(POINT_LABELS, 0.25))
    judged = Judged(match, Candidates(find_windows(parsed)[:n_windows], np.full((n_windows, 4), 0.25)))
    opinions, notices = ClassifierOpinion(Says(*row)).read(parsed, rubric, [(rubric.points[0], judged)])
    assert [o.label for o in opinions.values()] == ([label] if label and n_windows else [])
    assert all(o.quote.text in TEXT for o in opinions.values())
    assert notices == ()


def test_what_to_install_is_said(monkeypatch):
    monkeypatch.setattr("analyser.readers.classifier.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"E390.*pip install \"essay-analyser\[stronger\]\""):
        load_classifier("anything")


def run(place, *options):
    args = ["feedback", place / "draft.txt", "-r", place, "-f", "json", *options]
    return CliRunner().invoke(main, [str(a) for a in args])


def test_two_second_readers_are_one_too_many(place, monkeypatch):
    monkeypatch.setattr("analyser.readers.classifier.load_classifier", lambda source: Says(1, 0, 0, 0))
    result = run(place, "--matcher", "m", "--second-opinion", "http://localhost:1", "--model", "x")
    assert result.stderr.startswith("analyser: E395")


# ---------------------------------------------------------------- calibrated


def stand_in(rubric, **_):
    n = len(FEATURES)
    top = TopModel(np.zeros(n), np.ones(n), np.zeros((4, n + 1)), Thresholds(0.7, 0.6, 0.9))
    return TrainedAligner(rubric, Letters(), Says(0.25, 0.25, 0.25, 0.25), top, "stand-in")


@pytest.fixture
def model(place, monkeypatch):
    """A folder of a model that has been calibrated: the more it says covered, the more covered."""
    monkeypatch.setattr(choosing, "load_aligner", stand_in)
    monkeypatch.setattr("analyser.readers.classifier.load_classifier", lambda source: Says(0.9, 0.05, 0, 0.05))
    folder = place / "model"
    folder.mkdir()
    n = len(FEATURES)
    weights = np.zeros((4, n + 1))
    weights[COVERED, FEATURES.index("cross_covered_max")] = 5
    data = {
        "features": FEATURES,
        "mean": [0.0] * n,
        "scale": [1.0] * n,
        "weights": weights.tolist(),
        "thresholds": {"covered": 0.7, "missing": 0.6, "contradicted": 0.9},
        "matcher": choosing.matcher_name(stand_in(load_rubric(place))),
    }
    (folder / choosing.CALIBRATION).write_text(json.dumps(data))
    return folder


def test_a_calibrated_model_takes_the_cross_encoder_s_place(place, model):
    aligner, second, notices = prepare_readers(load_rubric(place), Reading(str(model)))
    assert (second, notices) == (None, ())
    assert aligner.name == "stand-in with says"
    record = json.loads(run(place, "--matcher", model).stdout)
    assert {point["status"] for point in record["points"]} == {"covered"}
    assert record["models"]["matcher"] == "stand-in with says"


def test_it_reads_the_bare_statements(place, model, monkeypatch):
    seen = []
    monkeypatch.setattr(Says, "score", lambda self, pairs: seen.extend(pairs) or np.full((len(pairs), 4), 0.25))
    run(place, "--matcher", model)
    assert {statement for _, statement in seen} == {p.statement for p in load_rubric(place).points}


def test_a_calibration_beside_other_weights_is_refused(place, model):
    path = model / choosing.CALIBRATION
    path.write_text(path.read_text().replace("stand-in", "older"))
    assert run(place, "--matcher", model).stderr.startswith("analyser: E393")


# ---------------------------------------------------------------- with torch


needs_torch = pytest.mark.skipif(
    not (find_spec("torch") and find_spec("transformers")), reason="needs the stronger extra"
)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Makes tiny models with random weights, by the names of their outputs."""

    def make(*names, scale=1.0):
        import torch
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

        folder = tmp_path_factory.mktemp("tiny")
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
        words += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
        (folder / "vocab.txt").write_text("\n".join(words))
        BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
            id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)},
        )  # fmt: skip
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight *= scale
        model.save_pretrained(folder)
        return folder

    return make


@needs_torch
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("names", [("contradiction", "entailment", "neutral"), ("relevance",), POINT_LABELS])
def test_a_tiny_model_scores_pairs(tiny, names):
    classifier = load_classifier(str(tiny(*names)))
    pairs = [("Bread is baked in an oven.", "both are baked"), ("x y " * 5000, "both"), ("", "z " * 5000)]
    scores = classifier.score(pairs)
    assert scores.shape == (3, 4)
    assert scores.sum(1) == pytest.approx(1)
    assert (scores == classifier.score(pairs)).all()
    assert (scores[1:2] == classifier.score(pairs[1:2])).all()  # the company of other pairs changes nothing
    assert classifier.score([]).shape == (0, 4)


@needs_torch
@pytest.mark.filterwarnings("default")
def test_the_command_with_a_tiny_model(tiny, place):
    result = run(place, "--matcher", tiny("contradiction", "entailment", "neutral"))
    assert result.exit_code == 0
    assert "second reader" in json.loads(result.stdout)["models"]


@needs_torch
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("what", ["nowhere", "empty", "damaged"])
def test_a_folder_without_a_model(tiny, place, what):
    folder = place / what
    if what == "empty":
        folder.mkdir()
    if what == "damaged":
        folder = tiny("entailment", "neutral")
        (folder / "model.safetensors").write_bytes(b"\x00" * 50)
    result = run(place, "--matcher", folder)
    assert result.exit_code == 2
    assert result.stderr.startswith("analyser: E391")
