"""A package under another key: what makes it itself is replaced, all else stays as written."""

import re
from collections.abc import Mapping

from workflows.manifest import FILE as MANIFEST
from workflows.toml_writing import write

_CALLED = re.compile(r'(calledElement\s*=\s*["\'])([a-z][a-z0-9_]*)(?=:)')


def copied(
    files: Mapping[str, bytes], key: str, number: str, name: Mapping[str, str]
) -> dict[str, bytes]:
    """The files of a package as those of a type with this key, number pattern and name.

    Calls of its own processes by the package's key call those of the copy.
    """
    manifest = files[MANIFEST].decode()
    before = _key_of(manifest)
    identity = {"key": key, "number": number, "name": dict(name)}
    for word, value in identity.items():
        manifest = _assigned(manifest, word, write({word: value}).strip())
    found = dict(files) | {MANIFEST: manifest.encode()}
    for path, data in files.items():
        if path.endswith(".bpmn"):
            found[path] = _CALLED.sub(
                lambda call: call[1] + (key if call[2] == before else call[2]), data.decode()
            ).encode()
    return found


def _key_of(manifest: str) -> str:
    import tomllib

    return str(tomllib.loads(manifest)["key"])


def _assigned(manifest: str, word: str, line: str) -> str:
    """With a line in place of the one at the top level that assigns the word, else before all."""
    top, table, rest = manifest.partition("\n[")
    pattern = re.compile(rf"^{word}\s*=.*$", re.MULTILINE)
    top, done = pattern.subn(lambda _: line, top, count=1)
    if not done:
        top = f"{line}\n{top}"
    return top + table + rest
