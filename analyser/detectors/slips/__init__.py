"""Slips: facts a draft has wrong, one module for each kind of tie between a fact and a piece of evidence."""
