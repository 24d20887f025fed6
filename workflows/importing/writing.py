"""The files of a draft: manifest, processes, forms, decisions, and a README with what is to do."""

import json
from pathlib import PurePosixPath

from lxml import etree

from workflows.documents import SPIFF, write_xml
from workflows.importing.draft import Draft, label, slug
from workflows.importing.notes import Note
from workflows.package_files import MAX_TEXT_FILE

ORIGINAL = "imported/original.txt"
MAX_LISTED = 400
_GENERIC = ("process", "collaboration", "definitions", "sid_", "id_", "pid_", "proc_", "wfp_")


def key_of(draft: Draft) -> str:
    """A key for the ticket type, from the id of its process or from its name."""
    process = draft.run[0]
    named, identity = slug(process.get("name") or ""), slug(process.get("id") or "")
    ascii_name = (process.get("name") or "").isascii()
    generic = not identity or identity.startswith(_GENERIC)
    wanted = (named if ascii_name else "") if generic else identity
    wanted = (wanted or identity or named or "imported")[:30].strip("_")
    return wanted if wanted[:1].isalpha() else f"imported_{wanted}"[:40].strip("_")


def files(draft: Draft, key: str, original: str, notes: list[Note]) -> dict[str, bytes]:
    """The package by path."""
    found = {
        "package.toml": _manifest(draft, key),
        "process.bpmn": _process(draft),
        "README.md": _readme(draft, key, notes),
    }
    for name, form in draft.forms.items():
        text = json.dumps(form, ensure_ascii=False, indent=2) + "\n"
        found[f"forms/{name}.json"] = text.encode("utf-8", "replace")
    for path, data in draft.decisions.items():
        found[f"decisions/{slug(PurePosixPath(path).stem) or 'decision'}.dmn"] = data
    data = original.replace("\0", "").encode("utf-8", "replace")
    if len(data) <= MAX_TEXT_FILE:
        found[ORIGINAL] = data
    return found


def _process(draft: Draft) -> bytes:
    """The document, with our namespace declared once at the top and those of the file kept."""
    kept = {prefix for node in draft.root.iter() for prefix in node.nsmap if prefix}
    etree.cleanup_namespaces(
        draft.root, top_nsmap={"spiffworkflow": SPIFF}, keep_ns_prefixes=sorted(kept)
    )
    return write_xml(draft.root)


def _manifest(draft: Draft, key: str) -> bytes:
    process = draft.run[0]
    name = label(" ".join((process.get("name") or "").split()), key)
    lines = [f"key = {_toml(key)}", f"name = {_names(name)}"]
    if draft.intake is not None:
        lines.append(f"intake = {_toml(draft.intake)}")
    if draft.groups:
        lines += ["", "[groups]"]
        lines += [
            f"{_toml(group)} = {_names(label(name, group))}" for group, name in draft.groups.items()
        ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _names(names: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_toml(text)}" for key, text in names.items()) + " }"


def _toml(text: str) -> str:
    return json.dumps("".join(char for char in text if char.isprintable()), ensure_ascii=False)


_HEADINGS = {
    "question": {"zh-CN": "待办：请逐项回答", "en": "To do: please answer each"},
    "lost": {"zh-CN": "没有带过来的", "en": "Left out"},
    "translated": {"zh-CN": "已经转换的", "en": "Translated"},
}
_INTRODUCTION = {
    "zh-CN": "这个草稿由 BPMN 文件导入。每个问题也记在它的节点上（属性 `todo`、`todo.en`），"
    "检查草稿时会一直显示，回答之后删掉该属性即可。",
    "en": "This draft was imported from a BPMN file. Each question also stands on its element "
    "(properties `todo` and `todo.en`) and shows in every check until those are removed.",
}


def _readme(draft: Draft, key: str, notes: list[Note]) -> bytes:
    title = " ".join((draft.run[0].get("name") or key).split())[:200]
    lines = [f"# {title}", ""]
    for language in ("zh-CN", "en"):
        lines += [_INTRODUCTION[language], ""]
        for kind in ("question", "lost", "translated"):
            listed = [note for note in notes if note.kind == kind]
            if listed:
                lines += [f"## {_HEADINGS[kind][language]}", ""]
                lines += [_line(note, language) for note in listed[:MAX_LISTED]]
                lines.append("")
    return "\n".join(lines).encode("utf-8", "replace").replace(b"\0", b"")


def _line(note: Note, language: str) -> str:
    mark = "- [ ]" if note.kind == "question" else "-"
    text = " ".join(note.text(language).split())
    return f"{mark} `{note.element}` {text}" if note.element else f"{mark} {text}"
