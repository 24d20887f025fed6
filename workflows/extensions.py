"""What the properties of a step say, as typed values: form, people, status, buttons, access."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.bpmn import Element

ACCESS_LEVELS = ("edit", "read", "hide")

# Properties that any element may have.
COMMON = frozenset({"status", "description", "todo"})
# Those of work for a person.
WORK = COMMON | {"form", "groups", "users", "assignee", "actions", "access", "due", "skills"}
APPROVAL = frozenset(
    {
        "approval",
        "approvers",
        "reject",
        "when_empty",
        "when_repeated",
        "when_initiator",
        "return_to",
        "resubmit",
        "opinion",
        "weights",
        "time_limit",
        "on_timeout",
        "cc",
        "signature",
        "when_left",
        "withdraw",
    }
)
# How somebody is chosen for a step, and who gets it when nobody may.
ROUTING = frozenset(
    {
        "routing",
        "strategy",
        "routing_weights",
        "place",
        "language",
        "fallback",
        "fallback_after",
    }
)
SERVICE = COMMON | {"operation", "result", "retries"}
DECISION = COMMON | {"decision", "result"}
EVENT = COMMON | {"correlation", "payload", "variable"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as written: a literal, or FEEL when the text starts with `=`."""

    text: str

    @property
    def is_expression(self) -> bool:
        """Whether it has to be evaluated."""
        return self.text.startswith("=")

    @property
    def expression(self) -> str:
        """The FEEL text without the leading `=`."""
        return self.text.removeprefix("=").strip()

    def items(self) -> tuple[str, ...]:
        """The parts of a literal list `a, b`; an expression has none before it is evaluated."""
        return () if self.is_expression else split(self.text)


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a step; `label` holds the texts that the step itself gives, by language."""

    key: str
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one element's properties say. Left out is None or empty."""

    form: str | None = None
    groups: Setting | None = None
    users: Setting | None = None
    assignee: Setting | None = None
    status: Setting | None = None
    actions: tuple[Action, ...] = ()
    access: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    due: Setting | None = None
    skills: Setting | None = None
    operation: str | None = None
    parameters: Mapping[str, Setting] = field(default_factory=dict)
    result: str | None = None
    decision: str | None = None
    correlation: Setting | None = None
    payload: Setting | None = None
    variable: str | None = None
    retries: str | None = None
    given: Mapping[str, Setting] = field(default_factory=dict)
    taken: Mapping[str, Setting] = field(default_factory=dict)
    approval: Mapping[str, Setting] = field(default_factory=dict)
    routing: Mapping[str, Setting] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_approval(self) -> bool:
        """Whether people decide here (approval seats) instead of one person working."""
        return "approval" in self.approval

    @property
    def names_nobody(self) -> bool:
        """Whether the step is open to any agent."""
        return self.groups is None and self.users is None and self.assignee is None


def split(text: str) -> tuple[str, ...]:
    """The parts of `a, b,c` without blanks and without empty ones, in order, once each."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def settings_of(element: Element) -> Settings:
    """The settings of an element; what is not known is in `other`, for the checks to name."""
    return settings(element.kind, element.properties)


def settings(kind: str, properties: Mapping[str, str]) -> Settings:
    """The settings in these properties of an element of this kind.

    On a service task every property that is not a setting is a parameter of its operation. On a
    call activity `in.NAME` gives the called process a variable and `out.NAME` takes one back.
    """
    if not properties:
        return _NOTHING
    values = {name: text.strip() for name, text in properties.items()}
    takes_parameters = kind == "serviceTask"
    names: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    approval: dict[str, Setting] = {}
    routing: dict[str, Setting] = {}
    parameters: dict[str, Setting] = {}
    given: dict[str, Setting] = {}
    taken: dict[str, Setting] = {}
    other: dict[str, str] = {}
    for name, text in values.items():
        head, _, rest = name.partition(".")
        if head == "name" and rest:
            names[rest] = text
        elif head == "todo":
            continue  # a question that the checks show
        elif name == "description":
            descriptions[""] = text
        elif head == "description" and rest:
            descriptions[rest] = text
        elif head == "action" and rest.count(".") == 1:
            key, _, language = rest.partition(".")
            labels.setdefault(key, {})[language] = text
        elif name in APPROVAL:
            approval[name] = Setting(text)
        elif takes_parameters and name not in SERVICE:
            parameters[name] = Setting(text)
        elif name in ROUTING and text:
            routing[name] = Setting(text)
        elif kind == "callActivity" and head in ("in", "out") and rest:
            (given if head == "in" else taken)[rest] = Setting(text)
        elif name not in _KNOWN:
            other[name] = text
    return Settings(
        form=values.get("form") or None,
        groups=_setting(values, "groups"),
        users=_setting(values, "users"),
        assignee=_setting(values, "assignee"),
        status=_setting(values, "status"),
        actions=tuple(Action(key, labels.get(key, {})) for key in split(values.get("actions", ""))),
        access=_access(values.get("access", "")),
        names=names,
        descriptions=descriptions,
        due=_setting(values, "due"),
        skills=_setting(values, "skills"),
        operation=values.get("operation") or None,
        parameters=parameters,
        result=values.get("result") or None,
        decision=values.get("decision") or None,
        correlation=None if takes_parameters else _setting(values, "correlation"),
        payload=None if takes_parameters else _setting(values, "payload"),
        variable=values.get("variable") or None,
        retries=values.get("retries") or None,
        given=given,
        taken=taken,
        approval=approval,
        routing=routing,
        other=other,
    )


_KNOWN = WORK | ROUTING | SERVICE | DECISION | EVENT
_NOTHING = Settings()


def _setting(values: Mapping[str, str], name: str) -> Setting | None:
    text = values.get(name, "")
    return Setting(text) if text else None


def _access(text: str) -> dict[str, str]:
    """`title:read, amount:hide` as field → level; a part without a level has an empty one."""
    found: dict[str, str] = {}
    for part in split(text):
        key, _, level = part.rpartition(":")
        found[key.strip() if key else level] = level.strip() if key else ""
    return found
