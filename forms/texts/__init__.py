"""Sentences for findings on forms and answers."""
