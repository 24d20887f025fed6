"""Sentences of the expression language."""
