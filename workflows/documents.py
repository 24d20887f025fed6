"""Safe reading of XML documents: bounded in size, depth, count and time, without DTD or network."""

import codecs
import re
import time
from functools import lru_cache
from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DIAGRAM = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)

MAX_BYTES = 3_000_000
MAX_NODES = 100_000
# Decision tables are long: ten thousand rules of ten columns, with an id for every cell.
MAX_TABLE_BYTES = 8_000_000
MAX_TABLE_NODES = 300_000
MAX_DEPTH = 100
MAX_TEXT = 200_000  # characters in one text or attribute value
MAX_SECONDS = 2.0  # of this thread's own work: a busy machine does not refuse a good file
_CHUNK = 8_192

_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]{0,400}\?>")
_DECLARED = re.compile(rb"\A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.-]{0,40})[\"']")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Only encodings of documents: Python also has codecs that compress, escape or run slowly.
_TEXT_CODECS = re.compile(
    r"\A(utf[-_]?(8|16|32)([-_]?(le|be))?|us[-_]?ascii|ascii|gbk|gb[-_]?2312|gb[-_]?18030|cp936|"
    r"hz|big5([-_]?hkscs)?|shift[-_]?jis|euc[-_]?(jp|kr)|iso[-_]8859[-_]\d{1,2}|latin[-_]?1|"
    r"windows[-_]?\d{3,4}|cp\d{3,4}|koi8[-_][ru])\Z",
    re.IGNORECASE,
)


class DocumentError(ValueError):
    """A document that cannot be read; `code` has a sentence, `params` fill its blanks."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


def decode(data: bytes) -> tuple[str, str, bool]:
    """The text of a document, its encoding, and whether that encoding had to be guessed.

    The encoding is the byte order mark's, the declared one, or UTF-8. Files that claim (or default
    to) UTF-8 and hold GBK bytes are common on Chinese Windows; they are read as GB18030 and marked
    guessed.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise DocumentError("xml-too-large", limit=MAX_TABLE_BYTES)
    encoding = _encoding(data)
    try:
        return data.decode(encoding), encoding, False
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and not data.startswith(codecs.BOM_UTF8):
            try:
                return data.decode("gb18030"), "gb18030", True
            except UnicodeDecodeError:
                pass
        raise DocumentError("bad-encoding", encoding=encoding, position=error.start) from None
    except (LookupError, ValueError):
        raise DocumentError("bad-encoding", encoding=encoding, position=0) from None


def as_text(data: bytes) -> str:
    """The document as text without its XML declaration, as a browser wants it."""
    return _DECLARATION.sub("", decode(data)[0].removeprefix("\ufeff"), count=1)


def read_xml(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_nodes: int = MAX_NODES,
    max_depth: int = MAX_DEPTH,
    max_seconds: float = MAX_SECONDS,
) -> etree._Element:
    """The root element of a document.

    Raises DocumentError: xml-too-large, bad-encoding, xml-dtd-refused, xml-too-deep,
    xml-too-many-nodes, xml-text-too-long, xml-too-slow or xml-not-well-formed (line and reason).
    """
    if len(data) > max_bytes:
        raise DocumentError("xml-too-large", limit=max_bytes)
    text = as_text(data)
    if not text.strip():
        raise DocumentError("xml-not-well-formed", line=1, reason="empty document")
    # The text is given to the parser as UTF-8: what libxml2 knows of encodings differs by build.
    source = text.encode("utf-8", "surrogatepass")
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    guard = _Guard(max_nodes, max_depth, time.thread_time() + max_seconds)
    try:
        for start in range(0, len(source), _CHUNK):
            parser.feed(source[start : start + _CHUNK])
            guard.look(parser)
        root = parser.close()
        guard.look(parser)
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error, parser, max_depth) from None
    if not isinstance(root, etree._Element):
        raise DocumentError("xml-not-well-formed", line=1, reason="no element")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is not an element."""
    return _split(element.tag)[1]


def namespace(element: etree._Element) -> str:
    """The namespace of an element; empty when it has none."""
    return _split(element.tag)[0]


@lru_cache(maxsize=1_024)
def _split(tag: object) -> tuple[str, str]:
    """Namespace and name of a tag: asked for every element, many times."""
    if not isinstance(tag, str):
        return "", ""
    space, _, name = tag.rpartition("}")
    return space.removeprefix("{"), name


def write_xml(root: etree._Element) -> bytes:
    """The document as UTF-8 bytes with a declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


class _Guard:
    """Watches a parser between two chunks, so that a bound stops it while it reads."""

    def __init__(self, max_nodes: int, max_depth: int, deadline: float) -> None:
        self._max_nodes, self._max_depth, self._deadline = max_nodes, max_depth, deadline
        self._nodes = self._depth = 0

    def look(self, parser: "etree.XMLPullParser") -> None:
        for event, element in parser.read_events():
            if event == "end" or not isinstance(element, etree._Element):
                self._depth -= 1
                continue
            if not self._nodes and element.getroottree().docinfo.internalDTD is not None:
                raise DocumentError("xml-dtd-refused")
            self._nodes += 1 + len(element.attrib)
            self._depth += 1
            if self._nodes > self._max_nodes:
                raise DocumentError("xml-too-many-nodes", limit=self._max_nodes)
            if self._depth > self._max_depth:
                raise DocumentError("xml-too-deep", limit=self._max_depth)
            if any(len(value) > MAX_TEXT for value in element.attrib.values()):
                raise DocumentError("xml-text-too-long", limit=MAX_TEXT)
        if time.thread_time() > self._deadline:
            raise DocumentError("xml-too-slow")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if data[:4] == b"<\0?\0":
        return "utf-16-le"
    if data[:4] == b"\0<\0?":
        return "utf-16-be"
    declared = _DECLARED.match(data[:400])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if not _TEXT_CODECS.match(name):
        raise DocumentError("bad-encoding", encoding=name, position=0)
    if name.replace("_", "-") in {"gbk", "gb2312", "gb-2312", "cp936"}:
        return "gb18030"  # what writes GBK today writes its superset
    return name.replace("_", "-") if name != "utf8" else "utf-8"


def _syntax_error(
    error: etree.XMLSyntaxError, parser: "etree.XMLPullParser", max_depth: int
) -> DocumentError:
    # At the end of the input the parser only says that there is nothing; the log knows why.
    logged = next((entry for entry in parser.error_log), None)
    reason = (logged.message if logged else error.msg or "").strip()
    if "Excessive depth" in reason:
        return DocumentError("xml-too-deep", limit=max_depth)
    if "amplification" in reason or "entity loop" in reason:
        return DocumentError("xml-dtd-refused")
    if "XML_PARSE_HUGE" in reason:
        return DocumentError("xml-text-too-long", limit=MAX_TEXT)
    line = logged.line if logged else max(1, error.position[0] if error.position else 1)
    return DocumentError("xml-not-well-formed", line=line, reason=reason[:200])
