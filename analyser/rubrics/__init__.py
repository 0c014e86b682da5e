"""Rubrics: what an answer to one comparison question may contain. The only reader of rubric files."""

from analyser.rubrics.reading import find_rubric, load_rubric, read_rubric, rubric_from_text

__all__ = ["find_rubric", "load_rubric", "read_rubric", "rubric_from_text"]
