"""Learning from corrections: the fit, the files, and that later runs use it."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import Letters

from analyser import shipped
from analyser.alignment import with_learned
from analyser.alignment.aligner import LexicalAligner, Thresholds, TopModel, TrainedAligner
from analyser.alignment.features import FEATURES
from analyser.alignment.learned import Learned, Offsets, learned_path, read_learned, write_learned
from analyser.cli import main
from analyser.errors import UsageError
from analyser.learning import forget, learn, learning
from analyser.learning.corrections import read_corrections
from analyser.learning.fitting import fit_offsets
from analyser.pipeline import analyse_essay
from analyser.readers import choosing
from analyser.records import POINT_LABELS
from analyser.rubrics import load_rubric

RUBRIC = """\
id: bread-cake
version: 1
question: How far are bread and cake alike?
sides: {a: {name: Bread}, b: {name: Cake}}
judgement: {statement: says how far}
points:
  - {id: S1, kind: similarity, statement: both are baked in a hot oven}
  - {id: D1, kind: difference, statement: "bread is eaten daily, whereas cake is for feasts"}
"""
DRAFT = "Bread is baked in an oven. Cake is baked in one too.\n\nWe eat bread every day. Cake we eat only at feasts.\n"


class Even:
    def score(self, pairs):
        return np.full((len(pairs), 4), 0.25)


def stand_in(rubric, folder=None, weight=0.0, **_):
    n = len(FEATURES)
    top = TopModel(np.zeros(n), np.ones(n), np.full((4, n + 1), weight), Thresholds(0.7, 0.6, 0.9))
    return TrainedAligner(rubric, Letters(), Even(), top, "stand-in")


@pytest.fixture
def place(tmp_path, monkeypatch, untrained):
    """A folder with a rubric, four drafts and a trained matcher that finds all labels equally likely."""
    (tmp_path / "rubric.yaml").write_text(RUBRIC)
    for n in range(4):
        (tmp_path / f"{n}.txt").write_text(DRAFT * (n + 1))
    for module in (learning, choosing):
        monkeypatch.setattr(module, "load_aligner", stand_in)
    return tmp_path


def corrections(place, n=4, label="covered", name="right.csv"):
    rows = [f"{i}.txt,{point},{label}" for i in range(n) for point in ("S1", "D1")]
    (place / name).write_text("\n".join(["essay,point,label", *rows]) + "\n")
    return place / name


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


# ---------------------------------------------------------------- the fit


def test_without_corrections_nothing_is_learnt():
    offsets = fit_offsets(np.zeros((0, 4)), np.zeros(0, dtype=int))
    assert offsets == Offsets(1.0, (0.0, 0.0, 0.0, 0.0))


ROWS = st.lists(
    st.tuples(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), st.integers(0, 3)), min_size=1, max_size=30
)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_what_is_learnt_fits_better_and_stays_near(rows):
    general = np.array([row[0] for row in rows])
    general /= general.sum(1, keepdims=True)
    labels = np.array([row[1] for row in rows])
    offsets = fit_offsets(general, labels)
    assert offsets == fit_offsets(general, labels)
    adjusted = offsets.adjust(general)
    assert adjusted.sum(1) == pytest.approx(1)
    own = np.arange(len(labels)), labels
    assert np.log(adjusted[own]).sum() >= np.log(general[own]).sum() - 1e-3  # 1e-3: what rounding costs
    assert max(abs(x) for x in offsets.labels) < 2


def test_more_corrections_move_it_further():
    general = np.full((1, 4), 0.25)
    few, many = (fit_offsets(np.repeat(general, n, 0), np.full(n, 3)).labels[3] for n in (3, 60))
    assert 0 < few < many


# ---------------------------------------------------------------- corrections


BAD = [
    ("", "E380"),
    ("essay,point\n0.txt,S1\n", "E380"),
    ("essay,point,label\n0.txt,S1\n", "E380"),
    ("essay,point,label\n0.txt,S9,covered\n", "E381"),
    ("essay,point,label\n0.txt,S1,unsure\n", "E381"),
    ("essay,point,label\n0.txt,S1,covered\n0.txt,S1,missing\n", "E382"),
    ("essay,point,label\n" + "0.txt,S1,covered\n" * 3, "E383"),
    ('{"essay": "0.txt", "point": "S1"}\n', "E380"),
    ("[1, 2]\n", "E380"),
    ('{"essay": "0.txt"\n', "E380"),
    ("essay,point,label\nnot-there.txt,S1,covered\n", "E101"),
]


@pytest.mark.parametrize(("text", "code"), BAD)
def test_corrections_that_cannot_be_used(place, text, code):
    path = place / "c.csv"
    path.write_text(text)
    before = sorted(os.listdir(place))
    result = run("learn", path, "-r", place)
    assert result.exit_code in (2, 3)
    assert result.stderr.startswith(f"analyser: {code}:")
    assert sorted(os.listdir(place)) == before


@pytest.mark.parametrize("args", [(), ("c.csv", "--forget")])
def test_either_corrections_or_forget(place, args):
    assert run("learn", *args, "-r", place).stderr.startswith("analyser: E380")


FORMS = [
    "essay,point,label\n0.txt,S1,Covered\n0.txt,D1,missing\n",
    "\ufeffessay;point;label\r\n0.txt;S1; covered\r\n;;\r\n0.txt;D1;missing\r\n",
    "student\tLabel\tpoint\tessay\nann\tcovered\tS1\t0.txt\nann\tmissing\tD1\t0.txt\n",
    '{"essay": "0.txt", "point": "S1", "label": "covered", "why": "a\u2028b"}\n\n'
    '{"point": "D1", "label": "MISSING", "essay": "0.txt"}\n',
]


@pytest.mark.parametrize("text", FORMS)
def test_forms_of_corrections(place, text):
    path = place / "c.txt"
    path.write_text(text, encoding="utf8")
    read = read_corrections(path, load_rubric(place))
    assert [dict(draft.label_by_point) for draft in read.drafts] == [{"S1": 0, "D1": 3}]


def test_a_marked_class_is_learnt_from(place):
    rubric = load_rubric(place)
    output = place / "class"
    output.mkdir()
    from analyser.report.json import to_record

    lines, given = [], []
    for n in range(4):
        record = to_record(analyse_essay(place / f"{n}.txt", rubric))
        record["marking"] = {"student": f"Student {n}", "key": f"k{n}", "draft": f"d{n}"}
        lines.append(json.dumps(record))
        for item, status in (("S1", "covered"), ("judgement", "stated"), ("D1", "")):
            one = {"schema": "analyser.correction/1", "student": f"k{n}", "draft": f"d{n}", "id": item}
            given.append(json.dumps(one | {"status": status, "comment": "x"}))
    given.append(given[0].replace('"d0"', '"replaced since"'))
    (output / "records.jsonl").write_text("\n".join(lines) + "\n")
    (output / "corrections.jsonl").write_text("\n".join(given) + "\n")
    for source in (output, output / "corrections.jsonl"):
        read = read_corrections(source, rubric)
        assert [dict(draft.label_by_point) for draft in read.drafts] == [{"S1": 0}] * 4
        assert read.n_aside == 5
    assert run("learn", output, "-r", place).exit_code == 0


# ---------------------------------------------------------------- kept, used, forgotten


def test_later_runs_use_what_was_learnt(place):
    general = analyse_essay(place / "0.txt", place)
    assert [notice.code for notice in general.essay.notices] == ["N201"]
    result = run("learn", corrections(place), "-r", place, "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["drafts"], said["points"]) == (4, 8)
    assert said["log_loss_after"] < said["log_loss_before"]
    again = analyse_essay(place / "0.txt", place)
    assert again.matches[0].probabilities["covered"] > general.matches[0].probabilities["covered"]
    assert [notice.code for notice in again.essay.notices] == ["N201", "N203"]
    assert "4 corrected drafts" in again.trained_models["matcher"]
    shown = run("feedback", place / "0.txt", "-r", place)
    assert "4 corrected drafts" in shown.stdout
    assert "bread" not in (place / "bread-cake.learned.json").read_text().lower()
    assert run("learn", "--forget", "-r", place).exit_code == 0
    assert analyse_essay(place / "0.txt", place) == general
    assert run("learn", "--forget", "-r", place).stderr.startswith("analyser: E387")


def test_learning_again_gives_the_same_file(place):
    path = learn(corrections(place), place).path
    first = path.read_bytes()
    learn(corrections(place), place)
    assert path.read_bytes() == first
    assert learn(corrections(place, 3, "missing"), place).learned.n_drafts == 3
    assert path.read_bytes() != first


def test_another_rubric_or_matcher_does_not_use_it(place):
    learn(corrections(place), place)
    other = stand_in(load_rubric(place))
    other.top.weights[0, 0] = 0.5
    unchanged, notice = with_learned(other)
    assert unchanged.learned is None
    assert notice.code == "N204"
    (place / "rubric.yaml").write_text(RUBRIC.replace("hot oven", "cold oven"))
    _, notice = with_learned(stand_in(load_rubric(place)))
    assert notice.code == "N204"


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "analyser.learned/1", "offsets": {"scale": 1, "labels": [1]}}'])
def test_a_damaged_file_is_said_so(place, text):
    (place / "bread-cake.learned.json").write_text(text)
    result = run("feedback", place / "0.txt", "-r", place)
    assert result.exit_code == 2
    assert result.stderr.startswith("analyser: E386")
    assert run("learn", "--forget", "-r", place).exit_code == 0


def test_where_it_is_kept(place, monkeypatch):
    monkeypatch.setattr(shipped, "user_folder", lambda: place / "mine")
    for rubric_id in shipped.rubric_ids():
        assert learned_path(load_rubric(rubric_id)).is_relative_to(place / "mine")
    assert learned_path(load_rubric(place)) == place / "bread-cake.learned.json"


def test_a_failed_write_leaves_the_old_file(place, monkeypatch):
    path = place / "x.learned.json"
    old = Learned(Offsets(1.0, (0.0,) * 4), 3, 9, "a")
    write_learned(old, path)
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(UsageError, match="E385"):
        write_learned(Learned(Offsets(2.0, (0.0,) * 4), 9, 9, "b"), path)
    assert read_learned(path) == old
    assert not [name for name in os.listdir(place) if name.startswith(".")]


def test_nothing_is_learnt_without_the_trained_matcher(place, monkeypatch):
    monkeypatch.setattr(learning, "load_aligner", LexicalAligner)
    with pytest.raises(UsageError, match="E384"):
        learn(corrections(place), place)
    with pytest.raises(UsageError, match="E388"):
        forget(replace(load_rubric(place), folder=""))


def test_labels_are_the_record_s():
    assert POINT_LABELS == ("covered", "partial", "contradicted", "missing")
