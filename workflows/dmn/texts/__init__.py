"""Sentences of decision tables."""
