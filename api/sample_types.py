"""The sample ticket types that come with the product, as folders to deploy or to begin from."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # starting the product does not pay for reading them
    from workflows.packages import Package


@cache
def all_of_them() -> tuple["Package", ...]:
    """Every sample, by key."""
    return tuple(_read())


def find(key: str) -> "Package | None":
    """One sample; None when there is none of that key."""
    return next((one for one in all_of_them() if one.manifest.key == key), None)


def _read() -> Iterator["Package"]:
    from workflows import packages

    with as_file(files("samples")) as folder:
        for each in sorted(folder.iterdir()):
            if (each / "package.toml").is_file():
                yield packages.read_folder(each)
