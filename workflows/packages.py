"""A ticket type as one folder or zip: its manifest, process, decisions, forms and texts."""

import contextlib
import hashlib
import io
import json
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import bpmn
from workflows.constructs import is_too_large
from workflows.documents import (
    MAX_BYTES,
    MAX_NODES,
    MAX_TABLE_BYTES,
    MAX_TABLE_NODES,
    DocumentError,
    local,
    read_xml,
)
from workflows.findings import Finding
from workflows.manifest import FILE, Manifest, ManifestError, read_manifest
from workflows.normalise import normalise_tree
from workflows.package_files import (
    MAX_FILES,
    MAX_RATIO,
    MAX_TOTAL,
    MAX_ZIP,
    RATIO_FREE,
    check_file,
    check_names,
    is_ignored,
)

if TYPE_CHECKING:
    from workflows import sla

# 1980-01-01, the first time that a zip can say: the same package is the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


# What the zip reader raises on damage, on an unknown compression and on a password.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


class PackageError(ValueError):
    """Something that is no package; `findings` say why, each with the file."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(f"{one.document}: {one.code}" for one in findings))
        self.findings = findings


@dataclass(frozen=True)
class Package:
    """A ticket type: the manifest and every file by its path, in the order of the paths."""

    manifest: Manifest
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def key(self) -> str:
        """The identity of the ticket type."""
        return self.manifest.key

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over every path and its bytes; equal for equal packages, folder or zip."""
        digest = hashlib.sha256()
        for path, data in self.files.items():
            name = path.encode()
            digest.update(b"%d:%d:" % (len(name), len(data)))
            digest.update(name)
            digest.update(data)
        return digest.hexdigest()

    @property
    def process(self) -> bytes:
        """The bytes of the main process; empty when the file is missing (the checks say so)."""
        return self.files.get(self.manifest.process, b"")

    @cached_property
    def documents(self) -> Mapping[str, bpmn.Document]:
        """The readable BPMN files by path, as they run: every element has its id."""
        found = {}
        for path, root in xml_roots(self.files, self.bpmn_paths()):
            if isinstance(root, DocumentError) or is_too_large(*bpmn.size(root)):
                continue  # the checks say it, with the place
            drawn = bpmn.has_diagram(root)
            with contextlib.suppress(DocumentError):
                normalise_tree(root, path)
                found[path] = replace(bpmn.from_root(root), has_diagram=drawn)
        return found

    @cached_property
    def processes(self) -> Mapping[str, tuple[str, bytes]]:
        """The processes that can be called, by id: path and bytes of the file they stand in."""
        found: dict[str, tuple[str, bytes]] = {}
        for path, document in self.documents.items():
            for process in document.processes:
                if process.elements:
                    found.setdefault(process.id, (path, self.files[path]))
        return found

    @cached_property
    def main_process(self) -> str | None:
        """The id of the process that a ticket runs; None when it cannot be told (a finding)."""
        document = self.documents.get(self.manifest.process)
        return None if document is None else main_process(document, self.key)

    @cached_property
    def forms(self) -> Mapping[str, dict[str, Any]]:
        """The readable form documents by the name of their file."""
        found = {}
        for path, data in self.files.items():
            if kind_of(path) == "form":
                document = read_json(data)
                if isinstance(document, dict):
                    found[PurePosixPath(path).stem] = document
        return found

    @cached_property
    def decisions(self) -> Mapping[str, tuple[str, bytes]]:
        """The decisions by id: path and bytes of the file they stand in."""
        found: dict[str, tuple[str, bytes]] = {}
        paths = [path for path in self.files if kind_of(path) == "decision"]
        for path, root in xml_roots(self.files, paths):
            if not isinstance(root, DocumentError):
                for identity in decision_ids(root):
                    found.setdefault(identity, (path, self.files[path]))
        return found

    @cached_property
    def sla(self) -> "sla.Document":
        """The service levels; without a file of them there are no policies."""
        from workflows import sla  # expressions are loaded by who needs them

        data = self.files.get(sla.FILE)
        return sla.Document() if data is None else sla.read_sla(data, form_keys(self.forms))

    def bpmn_paths(self) -> list[str]:
        """The BPMN files, the main one first."""
        main = self.manifest.process
        others = [path for path in self.files if kind_of(path) == "process" and path != main]
        return [*([main] if main in self.files else []), *others]


def from_files(files: Mapping[str, bytes]) -> Package:
    """The package of these files by path; raises PackageError with every reason found."""
    kept = {path: files[path] for path in sorted(files) if not is_ignored(path)}
    findings = check_names(kept)
    if not findings:
        findings = [one for path, data in kept.items() for one in check_file(path, data)]
    if not findings and FILE not in kept:
        findings = [Finding("error", FILE, "manifest-missing")]
    if findings:
        raise PackageError(findings)
    try:
        return Package(read_manifest(kept[FILE]), kept)
    except ManifestError as error:
        raise PackageError(error.findings) from None


def read_folder(path: str | os.PathLike[str]) -> Package:
    """The package in a folder; raises PackageError. Links are refused, never followed."""
    root = Path(path)
    if not root.is_dir():
        raise PackageError([Finding("error", FILE, "folder-missing", params={"path": root.name})])
    files: dict[str, bytes] = {}
    total = 0
    for folder, folders, names in os.walk(root, followlinks=False):
        here = Path(folder)
        inside = here.relative_to(root)
        folders[:] = sorted(name for name in folders if not is_ignored(f"{name}/"))
        for name in [*folders, *sorted(names)]:
            file, shown = here / name, (inside / name).as_posix()
            if is_ignored(shown):
                continue
            if file.is_symlink() or not (file.is_file() or file.is_dir()):
                raise _error(shown, "package-link")
            if file.is_dir():
                continue
            total += file.stat().st_size
            if total > MAX_TOTAL or len(files) >= MAX_FILES:
                raise _error(shown, "package-too-large", limit=MAX_TOTAL, files=MAX_FILES)
            files[shown] = file.read_bytes()
    return from_files(files)


def read_zip(data: bytes) -> Package:
    """The package in a zip; sizes are bounded before anything is unpacked. Raises PackageError."""
    return from_files(_without_top_folder(_unpack(data)))


def write_zip(package: Package) -> bytes:
    """The package as a zip: sorted, with one fixed time: equal packages are equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in package.files.items():
            entry = zipfile.ZipInfo(path, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()


def kind_of(path: str) -> str:
    """What a path holds: manifest, process, decision, form or other."""
    pure = PurePosixPath(path)
    if path == FILE:
        return "manifest"
    if pure.suffix == ".bpmn":
        return "process"
    if pure.suffix == ".dmn":
        return "decision"
    if pure.parent == PurePosixPath("forms") and pure.suffix == ".json":
        return "form"
    return "other"


def main_process(document: bpmn.Document, key: str) -> str | None:
    """The process of a file that a ticket runs: the executable one that no other one calls."""
    filled = [process for process in document.processes if process.elements]
    said = [process for process in filled if process.executable]
    if not said:
        said = [process for process in filled if process.executable is None] or filled
    called = {target for process in filled for target in process.calls()}
    free = [process for process in said if process.id not in called] or said
    if len(free) > 1:
        free = [process for process in free if process.id == key]
    return free[0].id if len(free) == 1 else None


def form_keys(forms: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The keys of the fields of all forms: the names of the answers."""
    found: set[str] = set()
    for form in forms.values():
        fields = form.get("fields")
        for item in fields if isinstance(fields, list) else ():
            if isinstance(item, dict) and isinstance(item.get("key"), str):
                found.add(item["key"])
    return frozenset(found)


def read_json(data: bytes) -> Any:
    """The value of a JSON document, or None when it is none."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def xml_roots(
    files: Mapping[str, bytes], paths: Iterable[str]
) -> Iterator[tuple[str, etree._Element | DocumentError]]:
    """The roots of XML files, or why one cannot be read; all together are bounded as one is."""
    left: int | None = None
    for path in paths:
        most = MAX_TABLE_BYTES if kind_of(path) == "decision" else MAX_BYTES
        if left is None:
            left = MAX_TABLE_NODES if kind_of(path) == "decision" else MAX_NODES
        try:
            root = read_xml(files[path], max_bytes=most, max_nodes=left)
        except DocumentError as error:
            if error.code == "xml-too-many-nodes":
                left = 0
            yield path, error
        else:
            left -= sum(1 for _ in root.iter())
            yield path, root


def decision_ids(root: etree._Element) -> list[str]:
    """The ids of the decisions in a DMN document."""
    return [str(node.get("id")) for node in root if local(node) == "decision" and node.get("id")]


def _unpack(data: bytes) -> dict[str, bytes]:
    if len(data) > MAX_ZIP:
        raise _error("", "package-too-large", limit=MAX_ZIP, files=MAX_FILES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            _check_entries(entries, len(data))
            return {_name(one): _read(archive, one) for one in entries}
    except PackageError:
        raise
    except (*_ZIP_ERRORS, ValueError):
        raise _error("", "zip-not-readable") from None


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_FILES:
        raise _error("", "package-too-large", limit=MAX_TOTAL, files=MAX_FILES)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise _error("", "package-too-large", limit=MAX_TOTAL, files=MAX_FILES)
    if total > RATIO_FREE and total > MAX_RATIO * packed:
        raise _error("", "zip-bomb", ratio=MAX_RATIO)
    seen: set[str] = set()
    for entry in entries:
        kind = (entry.external_attr >> 16) & 0o170000
        if entry.create_system == 3 and kind not in (0, 0o100000):
            raise _error(entry.filename, "package-link")
        # zipfile cuts a name at a NUL and turns backslashes on Windows; what was written counts.
        if "\0" in entry.orig_filename or "\\" in entry.orig_filename:
            raise _error(entry.filename, "path-unsafe")
        name = _name(entry)
        if name in seen:
            raise _error(name, "path-twice")
        seen.add(name)


def _name(entry: zipfile.ZipInfo) -> str:
    """The path of an entry; without the mark for UTF-8, names are GBK where they are not ASCII."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    written = entry.filename.encode("cp437", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return written.decode(encoding)
    return entry.filename


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise _error(entry.filename, "zip-bomb", ratio=MAX_RATIO)
    return data


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Zips of a folder hold that folder: leave it out when everything is inside one."""
    kept = {path: data for path, data in files.items() if not is_ignored(path)}
    tops = {path.partition("/")[0] for path in kept}
    if FILE in kept or len(tops) != 1 or not all("/" in path for path in kept):
        return kept
    top = f"{tops.pop()}/"
    return kept if top in ("../", "./", "/") else _stripped(kept.items(), top)


def _stripped(items: Iterable[tuple[str, bytes]], top: str) -> dict[str, bytes]:
    return {path.removeprefix(top): data for path, data in items}


def _error(document: str, code: str, **params: Any) -> PackageError:
    return PackageError([Finding("error", document[:200], code, params=params)])
