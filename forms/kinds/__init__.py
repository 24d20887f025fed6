"""The kinds of fields, a family a module."""
