"""Trying a ticket type out: the same application on a throw-away database, in a process of its own.

`sandbox` is what happens inside that process, `worker` its loop, `host` starts and bounds it;
`trials` are the interactive ones, `examples` those that a package brings along.
"""
