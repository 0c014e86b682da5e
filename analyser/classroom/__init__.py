"""Marking a class: drafts in from any platform, feedback out for everybody, and the teacher's last word."""

from analyser.classroom.classes import Progress, analyse_class

__all__ = ["Progress", "analyse_class"]
