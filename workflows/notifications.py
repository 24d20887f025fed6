"""Who is told of what: `notifications.toml` and `templates/*.md` of a package, read and judged."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from workflows import feel
from workflows.findings import Finding
from workflows.manifest_reader import Reader, TomlError, read_toml
from workflows.texts import LANGUAGES, sentence

FILE = "notifications.toml"
MAX_RULES = 100
MAX_TEMPLATE = 50_000  # characters
MAX_SUBJECT = 200

# Whom a rule may name, beside "group:…" and "user:…".
PLACES = ("assignee", "candidates", "requester", "watchers", "manager", "lead", "fact")
PRINCIPALS = ("group", "user")
# What expressions may speak of beside the answers of the package.
NAMES = frozenset(
    {"ticket", "fact", "reader", "url", "rating_url", "type_name", "status_name"}
    | {"number", "title", "priority", "status", "category", "requester", "assignee", "group"}
)
KINDS = frozenset(
    {"ticket_created", "title_changed", "priority_changed", "values_changed", "status_changed"}
    | {"comment_added", "attachment_added", "watcher_added", "watcher_removed"}
    | {"link_added", "link_removed", "task_opened", "task_completed", "task_cancelled"}
    | {"task_claimed", "task_released", "task_assigned", "timer_fired", "message_received"}
    | {"message_sent", "message_unclaimed", "signal_sent", "signal_received"}
    | {"escalation_sent", "service_called", "decision_evaluated"}
    | {"process_incident_opened", "process_incident_resolved", "fallback_used", "task_routed"}
    | {"ticket_assigned", "ticket_acknowledged", "person_mentioned", "work_logged"}
    | {"merged_into", "merged_from"}
)
_MORE_KINDS = re.compile(r"(approval|seat|round|sla|clock|assignment|deputy)_[a-z_]{1,40}\Z")
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TEMPLATE = re.compile(r"([a-z][a-z0-9_]{0,62})\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})\.md\Z")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of who hears what: on which fact, if what holds, who, over what, in which words.

    `once`: a person hears it once a ticket, however often it happens. `own`: also of one's own act.
    """

    key: str
    on: str
    to: tuple[str, ...]
    by: tuple[str, ...] = ("inbox",)
    when: str | None = None
    template: str | None = None
    once: bool = False
    own: bool = False


@dataclass(frozen=True)
class Template:
    """A text of Markdown with holes; its first heading is the subject."""

    subject: str
    body: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that its holes speak of; FeelSyntaxError for one that is no expression."""
        texts = [text for _, text in holes(f"{self.subject}\n{self.body}")]
        return frozenset(name for text in texts for name in feel.compile(text, NAMES).names)


def read_rules(data: bytes) -> tuple[list[Rule], list[Finding]]:
    """The rules in the bytes of notifications.toml, and what is wrong with them."""
    try:
        document = read_toml(data)
    except TomlError as error:
        return [], [Finding("error", FILE, error.code, params=error.params)]
    reader = Reader(document, FILE)
    rules = []
    for index, table in enumerate(reader.array("rule")[: MAX_RULES + 1], 1):
        if index > MAX_RULES:
            reader.error("list-too-long", "rule", limit=MAX_RULES)
            break
        rule = _rule(table, f"rule[{index}]")
        if rule is not None:
            rules.append(rule)
    reader.finish()
    return rules, reader.findings


def _rule(table: Reader, place: str) -> Rule | None:
    on = table.identity("on", required=True)
    to, by = table.texts("to"), table.texts("by")
    rule = None
    for who in to or ():
        kind, colon, name = who.partition(":")
        if who not in PLACES and not (colon and kind in PRINCIPALS and name):
            table.error("recipient-unreadable", "to", who=who[:60], known=", ".join(PLACES))
    for channel in by or ():
        if not _CHANNEL.match(channel):
            table.error("channel-unreadable", "by", channel=channel[:60])
    if not to:
        table.error("recipients-missing", "to")
    elif on is not None:
        rule = Rule(
            key=table.identity("key") or place,
            on=on,
            to=tuple(to),
            by=tuple(dict.fromkeys(by)) if by else ("inbox",),
            when=table.text("when"),
            template=table.identity("template"),
            once=bool(table.flag("once")),
            own=bool(table.flag("own")),
        )
    table.finish()
    return rule


def read_template(text: str) -> Template:
    """A template; without a heading the subject is the first line."""
    lines = text.lstrip("\ufeff").strip().split("\n")
    subject = lines[0].lstrip("#").strip()
    return Template(subject, "\n".join(lines[1:]).strip())


def holes(text: str) -> Iterator[tuple[int, str]]:
    """The expressions in a text, each with its offset."""
    for found in _HOLE.finditer(text):
        yield found.start(1), found.group(1).strip()


def pieces(text: str) -> list[str]:
    """A text cut at its holes: plain text and expressions by turns."""
    return _HOLE.split(text)


def templates(files: Mapping[str, bytes]) -> dict[str, dict[str, Template]]:
    """The templates of a package: name -> language -> template."""
    found: dict[str, dict[str, Template]] = {}
    for path, data in files.items():
        named = _named(path)
        if named is not None:
            name, language = named
            found.setdefault(name, {})[language] = read_template(data.decode("utf-8-sig"))
    return found


def _named(path: str) -> tuple[str, str] | None:
    pure = PurePosixPath(path)
    match = _TEMPLATE.match(pure.name) if str(pure.parent) == "templates" else None
    return (match[1], match[2]) if match else None


def check(
    files: Mapping[str, bytes],
    fields: Collection[str],
    *,
    groups: Callable[[str], bool],
    users: Callable[[str], bool],
) -> Iterator[Finding]:
    """What is wrong with the rules and templates of a package.

    `fields` are the keys of its answers; `groups` and `users` say whether one is there.
    """
    names = NAMES | frozenset(fields)
    known = templates(files)
    rules, found = read_rules(files[FILE]) if FILE in files else ([], [])
    yield from found
    for rule in rules:
        yield from _check_rule(rule, names, known, {"group": groups, "user": users})
    for path, data in files.items():
        if path.startswith("templates/"):
            yield from _check_template(path, data, names)


def _check_rule(
    rule: Rule,
    names: frozenset[str],
    known: Mapping[str, Mapping[str, Template]],
    there: Mapping[str, Callable[[str], bool]],
) -> Iterator[Finding]:
    if rule.on not in KINDS and not _MORE_KINDS.match(rule.on):
        yield _finding("warning", FILE, "history-kind-unknown", rule.key, kind=rule.on)
    if rule.when is not None:
        yield from _check_expression(FILE, f"{rule.key}.when", rule.when, names)
    for who in rule.to:
        kind, colon, name = who.partition(":")
        if colon and not there[kind](name):
            yield _finding("error", FILE, f"{kind}-unknown", f"{rule.key}.to", name=name[:80])
    if rule.template is None:
        return
    written = known.get(rule.template)
    if written is None:
        yield _finding(
            "error", FILE, "template-missing", f"{rule.key}.template", template=rule.template
        )
    else:
        for language in LANGUAGES:
            if language not in written:
                yield _finding(
                    "warning",
                    FILE,
                    "template-language-missing",
                    f"{rule.key}.template",
                    template=rule.template,
                    language=language,
                )


def _check_template(path: str, data: bytes, names: frozenset[str]) -> Iterator[Finding]:
    if _named(path) is None:
        yield _finding("error", path, "template-name-unreadable", None)
        return
    text = data.decode("utf-8-sig")
    if len(text) > MAX_TEMPLATE:
        yield _finding("error", path, "template-too-long", None, limit=MAX_TEMPLATE)
        return
    if not read_template(text).subject:
        yield _finding("error", path, "template-empty", None)
    yield from check_text(path, text, names)


def check_text(path: str, text: str, names: frozenset[str]) -> Iterator[Finding]:
    """What is wrong with the holes of a template."""
    left = _HOLE.sub("", text)
    if "{{" in left or "}}" in left:
        yield _finding("error", path, "template-hole-open", None)
    for offset, expression in holes(text):
        line = text.count("\n", 0, offset) + 1
        yield from _check_expression(path, f"line {line}", expression, names)


def _check_expression(
    document: str, place: str, text: str, names: frozenset[str]
) -> Iterator[Finding]:
    """Looks at one expression as the process's are; here a name that nothing sets is an error."""
    for code, params, position in feel.check(text, names)[:1]:
        yield _finding(
            "error",
            document,
            "expression-unreadable",
            place,
            text=text[:120],
            place=place,
            position=position,
            reason=code,
            reason_zh=sentence("workflows.feel", "zh-CN", code, params),
            reason_en=sentence("workflows.feel", "en", code, params),
        )
        return
    compiled = feel.compile(text, names)
    for name in sorted(compiled.names - compiled.filter_names - names):
        yield _finding(
            "error", document, "notification-name-unknown", place, name=name[:80], place=place
        )


def _finding(
    severity: str, document: str, code: str, element: str | None, **params: object
) -> Finding:
    level = "error" if severity == "error" else "warning"
    return Finding(level, document, code, element, params=params)  # type: ignore[arg-type]
