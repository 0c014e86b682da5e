"""Stronger readers that a user may have: a model in a local folder, or a language model behind an address."""

from analyser.readers.choosing import Reading, prepare_readers
from analyser.readers.opinions import Opinion, SecondReader, settle

__all__ = ["Opinion", "Reading", "SecondReader", "prepare_readers", "settle"]
