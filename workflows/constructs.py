"""What runs and what does not: one verdict for every BPMN construct, as data.

A verdict is RUNS, or the code of the finding that refuses the construct at deploy (its sentence is
in texts/); the codes in WARNED run, but not quite as drawn. The runtime decides what is true here:
a row changes when a test shows that it runs. What no row speaks of is refused as UNKNOWN.
"""

RUNS = "runs"
UNKNOWN = "element-not-supported"
WARNED = frozenset({"start-taken-as-plain"})

# Activities and gateways by element kind.
KINDS = {
    "task": RUNS,  # completes at once, as the standard says
    "userTask": RUNS,
    "manualTask": RUNS,
    "scriptTask": RUNS,  # lines of `name = FEEL`
    "serviceTask": RUNS,  # property `operation`, done by a job
    "sendTask": RUNS,  # throws its message
    "receiveTask": RUNS,
    "businessRuleTask": RUNS,  # property `decision`, our DMN evaluator
    "callActivity": RUNS,
    "subProcess": RUNS,
    "event subProcess": RUNS,
    "transaction": RUNS,
    "adHocSubProcess": RUNS,
    "exclusiveGateway": RUNS,
    "inclusiveGateway": RUNS,
    "parallelGateway": RUNS,
    "eventBasedGateway": RUNS,
    "complexGateway": RUNS,
}

# Events: (position, kind, interrupting). Interrupting matters for boundary events and for the start
# of an event sub-process; elsewhere it is True. Positions: start (of the process), sub-start (of a
# sub-process), event-sub-start, catch, throw, boundary, end. Kind "none" has no definition.
EVENTS = {
    ("start", "none", True): RUNS,
    # A ticket is started by a person, a channel or a call, whatever its start event waits for.
    ("start", "timer", True): "start-taken-as-plain",
    ("start", "message", True): "start-taken-as-plain",
    ("start", "signal", True): "start-taken-as-plain",
    ("start", "conditional", True): "start-taken-as-plain",
    ("sub-start", "none", True): RUNS,
    ("event-sub-start", "timer", True): RUNS,
    ("event-sub-start", "timer", False): RUNS,
    ("event-sub-start", "message", True): RUNS,
    ("event-sub-start", "message", False): RUNS,
    ("event-sub-start", "signal", True): RUNS,
    ("event-sub-start", "signal", False): RUNS,
    ("event-sub-start", "error", True): RUNS,
    ("event-sub-start", "escalation", True): RUNS,
    ("event-sub-start", "escalation", False): RUNS,
    ("event-sub-start", "conditional", True): RUNS,
    ("event-sub-start", "conditional", False): RUNS,
    ("event-sub-start", "compensate", True): RUNS,  # undoes the sub-process that it stands in
    ("catch", "timer", True): RUNS,
    ("catch", "message", True): RUNS,
    ("catch", "signal", True): RUNS,
    ("catch", "conditional", True): RUNS,
    ("catch", "link", True): RUNS,  # normalised into a sequence flow
    ("throw", "none", True): RUNS,
    ("throw", "message", True): RUNS,
    ("throw", "signal", True): RUNS,
    ("throw", "escalation", True): RUNS,
    ("throw", "link", True): RUNS,  # normalised into a sequence flow
    ("throw", "compensate", True): RUNS,
    ("boundary", "timer", True): RUNS,
    ("boundary", "timer", False): RUNS,
    ("boundary", "message", True): RUNS,
    ("boundary", "message", False): RUNS,
    ("boundary", "signal", True): RUNS,
    ("boundary", "signal", False): RUNS,
    ("boundary", "error", True): RUNS,
    ("boundary", "escalation", True): RUNS,
    ("boundary", "escalation", False): RUNS,
    ("boundary", "conditional", True): RUNS,
    ("boundary", "conditional", False): RUNS,
    ("boundary", "cancel", True): RUNS,  # on a transaction
    ("boundary", "compensate", True): RUNS,
    ("end", "none", True): RUNS,
    ("end", "terminate", True): RUNS,
    ("end", "message", True): RUNS,
    ("end", "error", True): RUNS,
    ("end", "escalation", True): RUNS,
    ("end", "signal", True): RUNS,  # normalised into a throw event and a plain end
    ("end", "cancel", True): RUNS,  # inside a transaction
    ("end", "compensate", True): RUNS,
}

# An event with several definitions: each has its row above, and none of these is among them.
ALONE = frozenset({"compensate", "cancel", "link", "terminate"})

# Loops by kind; "completion" is a multi-instance activity with a completion condition.
LOOPS = {
    "standard": RUNS,
    "parallel": RUNS,
    "sequential": RUNS,
    "completion": RUNS,
}

# Sizes that the runtime takes; a larger process is refused, never tried.
MAX_ELEMENTS = 2_000  # nodes of all processes of a package together
MAX_FLOWS = 4_000  # sequence flows of the same
MAX_PARTS = 40_000  # XML elements of any kind inside the same
MAX_EXPRESSIONS = 40_000  # characters of FEEL in the processes of a package
MAX_SUB_PROCESS_DEPTH = 20
MAX_CALL_DEPTH = 20


def is_too_large(nodes: int, flows: int, parts: int) -> bool:
    """Whether processes of so many nodes, flows and XML elements are refused."""
    return nodes > MAX_ELEMENTS or flows > MAX_FLOWS or parts > MAX_PARTS


def verdict_on_kind(kind: str) -> str:
    """RUNS or the refusal of an activity or a gateway."""
    return KINDS.get(kind, UNKNOWN)


def verdict_on_event(position: str, kind: str, interrupting: bool = True) -> str:
    """RUNS or the refusal of an event."""
    return EVENTS.get((position, kind, interrupting), UNKNOWN)


def verdict_on_loop(kind: str, completion: bool = False) -> str:
    """RUNS or the refusal of a loop."""
    verdict = LOOPS.get(kind, UNKNOWN)
    if verdict == RUNS and completion:
        return LOOPS["completion"]
    return verdict
