from pathlib import Path

import pytest
from class_sample import RUBRIC, write_files


@pytest.fixture
def rubric_path(tmp_path: Path) -> Path:
    return write_files(tmp_path / "ilse-aldo", {"rubric.yaml": RUBRIC}) / "rubric.yaml"
