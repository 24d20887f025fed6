"""The sentences of an import report."""
