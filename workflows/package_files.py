"""Which files a package may hold: safe paths, known kinds, bounded sizes, text that decodes."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from workflows.documents import MAX_BYTES, MAX_TABLE_BYTES
from workflows.findings import Finding

MAX_FILES = 500
MAX_TOTAL = 20_000_000
MAX_ZIP = 20_000_000
MAX_RATIO = 100
RATIO_FREE = 2_000_000  # below this, text that packs well is no bomb
MAX_TEXT_FILE = 2_000_000
MAX_TOML = 100_000
MAX_IMAGE = 1_000_000
MAX_PATH = 200
MAX_PARTS = 6

_XML = frozenset({".bpmn", ".dmn"})
_TEXT = frozenset({".json", ".md", ".txt", ".csv"})
# The first bytes of the pictures that may stand beside a README; SVG can hold code and is refused.
_IMAGES = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
_PLAIN_NAMES = frozenset({"README", "LICENSE", "LICENCE", "CHANGELOG", "NOTICE"})
_IGNORED_FOLDERS = frozenset({".git", ".hg", ".svn", "__MACOSX", "__pycache__", ".idea", ".vscode"})
_IGNORED_FILES = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"}
)
_RESERVED = re.compile(r"(?i)\A(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


def is_ignored(path: str) -> bool:
    """Whether a path is left out: what version control, editors and systems drop beside files."""
    parts = path.rstrip("/").split("/")
    folders = parts if path.endswith("/") else parts[:-1]
    if any(part in _IGNORED_FOLDERS for part in folders):
        return True
    return parts[-1] in _IGNORED_FILES or parts[-1].startswith("._") or parts[-1].endswith("~")


def check_names(paths: Iterable[str]) -> list[Finding]:
    """What is wrong with the paths: unsafe, colliding without regard to case, or too many."""
    listed = list(paths)
    if len(listed) > MAX_FILES:
        too_large = {"limit": MAX_TOTAL, "files": MAX_FILES}
        return [Finding("error", "", "package-too-large", params=too_large)]
    findings = []
    seen: dict[str, str] = {}
    for path in listed:
        if not is_safe(path):
            findings.append(Finding("error", path[:MAX_PATH], "path-unsafe"))
            continue
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            params = {"other": seen[folded]}
            findings.append(Finding("error", path, "path-twice", params=params))
        seen[folded] = path
    return findings


def is_safe(path: str) -> bool:
    """Whether a path stays inside the package on every system."""
    if not path or len(path) > MAX_PATH or _FORBIDDEN.search(path):
        return False
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    parts = path.split("/")
    return len(parts) <= MAX_PARTS and all(
        part not in ("", ".", "..")
        and part == part.strip(" ")
        and not part.endswith(".")
        and not _RESERVED.match(part)
        for part in parts
    )


def check_file(path: str, data: bytes) -> list[Finding]:
    """What is wrong with one file as a file: its kind, its size, text that does not decode."""
    pure = PurePosixPath(path)
    suffix = pure.suffix.lower()
    if suffix in _XML:
        return _bounded(path, data, MAX_TABLE_BYTES if suffix == ".dmn" else MAX_BYTES)
    if suffix in _IMAGES:
        if not data.startswith(_IMAGES[suffix]):
            return [Finding("error", path, "file-kind-refused", params={"kind": suffix})]
        return _bounded(path, data, MAX_IMAGE)
    if suffix == ".toml":
        return _bounded(path, data, MAX_TOML) or _decodes(path, data)
    if suffix in _TEXT or pure.name in _PLAIN_NAMES:
        findings = _bounded(path, data, MAX_TEXT_FILE)
        return findings or _decodes(path, data)
    return [Finding("error", path, "file-kind-refused", params={"kind": suffix or pure.name})]


def _bounded(path: str, data: bytes, limit: int) -> list[Finding]:
    if len(data) <= limit:
        return []
    return [Finding("error", path, "file-too-large", params={"limit": limit})]


def _decodes(path: str, data: bytes) -> list[Finding]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        position = {"position": error.start}
        return [Finding("error", path, "text-not-utf8", params=position)]
    if "\0" in text:
        params = {"position": text.index("\0")}
        return [Finding("error", path, "text-not-utf8", params=params)]
    return []
