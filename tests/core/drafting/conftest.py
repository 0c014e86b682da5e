"""What is drafted from a small model answer."""

import pytest
from model_answers import GUIDANCE

from analyser.drafting import DraftedRubric, draft_rubric


@pytest.fixture(scope="session")
def drafted(tmp_path_factory) -> DraftedRubric:
    path = tmp_path_factory.mktemp("drafting") / "answer.txt"
    path.write_text(GUIDANCE, encoding="utf8")
    return draft_rubric(path)
