# Two commands do all the set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUBRIC ?= stalin-lenin-terror
DRAFT ?= rubrics/stalin-lenin-terror/draft.txt
ESSAYS ?= ../shared/essays
SCORE ?= ../shared/tools/score.py
DATA ?= ../shared/data
# all-MiniLM-L6-v2 in transformers format, and passages written for comparison questions, for `make train-pipeline`.
BASE ?=
WRITTEN ?= models/matcher/data ../shared/contrast
# Encoders that did not see some questions (named in their meta.json as held_out), for `make benchmark`.
CONTRAST_MODELS ?=

.PHONY: run test check lint types wheel quality bench benchmark train-pipeline clean

run: $(VENV)/.installed ## feedback on a shipped draft with a shipped rubric
	$(BIN)/analyser feedback $(DRAFT) --rubric $(RUBRIC)

test: $(VENV)/.dev ## the fast tests
	$(BIN)/python -m pytest -m "not quality"

check: lint types test wheel ## what CI runs

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

wheel: $(VENV)/.dev ## build the wheel, install it in a fresh environment and use it away from the checkout
	sh tests/wheel.sh $(BIN)/python

quality: $(VENV)/.dev ## figures on labelled drafts, one question left out
	$(BIN)/python -m pytest -m quality
	$(BIN)/python -m analyser.training.evaluate --essays $(ESSAYS) --score $(SCORE)

bench: $(VENV)/.installed ## seconds for a cold command and a second draft
	$(BIN)/python tests/bench.py

benchmark: $(VENV)/.train ## everything the matcher is measured on, with easy methods beside it; up to 20 minutes
	OMP_NUM_THREADS=1 $(BIN)/python -m analyser.training.benchmark --essays $(ESSAYS) --public $(DATA) \
		--contrast models/matcher/data $(addprefix --contrast-models ,$(CONTRAST_MODELS)) \
		--out docs/benchmark.json --markdown docs/benchmark.md

train-pipeline: $(VENV)/.train ## train models/en_essay from the public sets in DATA, with a teacher started from BASE
	$(BIN)/python -m analyser.training.pipeline --data $(DATA) --base $(BASE) --written $(WRITTEN) \
		--out models/en_essay

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[class,dev]"
	@touch $@

$(VENV)/.train: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[train]"
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
