"""Where things are: shipped rubrics and trained models, inside an installed wheel or beside the package in a checkout,
and the user's own folder."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(kind: str) -> Path:
    """The folder of ``kind`` ("rubrics" or "models"); it may not exist in a broken install."""
    installed = PACKAGE / "_shipped" / kind
    return installed if installed.is_dir() else PACKAGE.parent / kind


def rubric_ids() -> list[str]:
    """Ids of the shipped rubrics, sorted."""
    root = folder("rubrics")
    return sorted(path.parent.name for path in root.glob("*/rubric.yaml")) if root.is_dir() else []


def rubric_path(rubric_id: str) -> Path:
    return folder("rubrics") / rubric_id / "rubric.yaml"


def trained_model(name: str) -> Path | None:
    """The folder ``models/<name>``, or None when it is not there."""
    path = folder("models") / name
    return path if path.is_dir() else None


def user_folder() -> Path:
    """The user's folder of the analyser, where the system keeps such things; it may not exist yet."""
    from click import get_app_dir

    return Path(get_app_dir("essay-analyser"))
