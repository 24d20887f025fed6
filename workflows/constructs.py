"""What runs and what does not: one verdict for every BPMN construct, as data.

A verdict is RUNS or the code of the finding that refuses the construct at deploy (its sentence is in
texts/). The runtime decides what is true here: a row changes when a test shows that it runs.
"""

RUNS = "runs"

# Activities and gateways by element kind.
KINDS = {
    "task": RUNS,  # completes at once, as the standard says
    "userTask": RUNS,
    "manualTask": RUNS,
    "scriptTask": RUNS,  # lines of `name = FEEL`
    "serviceTask": RUNS,  # property `operation`, done by a job
    "sendTask": RUNS,
    "receiveTask": RUNS,
    "businessRuleTask": RUNS,  # property `decision`, our DMN evaluator
    "callActivity": RUNS,
    "subProcess": RUNS,
    "event subProcess": "event-sub-process-not-supported",  # isInterrupting is never parsed
    "transaction": "transaction-not-supported",  # cancel and compensation do not run
    "adHocSubProcess": "ad-hoc-not-supported",  # crashes the library
    "exclusiveGateway": RUNS,
    "inclusiveGateway": RUNS,
    "parallelGateway": RUNS,
    "eventBasedGateway": RUNS,
    "complexGateway": "complex-gateway-not-supported",  # no class in the library
}

# Events: (position, kind, interrupting). Interrupting matters for boundary events and for the start of an
# event sub-process; elsewhere it is True. Positions: start (of the process), sub-start (of a sub-process),
# event-sub-start, catch, throw, boundary, end. Kind "none" is an event without a definition.
EVENTS = {
    ("start", "none", True): RUNS,
    ("start", "timer", True): "start-event-not-supported",  # a ticket is started by a person or a call
    ("start", "message", True): "start-event-not-supported",
    ("start", "signal", True): "start-event-not-supported",
    ("start", "conditional", True): "start-event-not-supported",
    ("sub-start", "none", True): RUNS,
    ("event-sub-start", "timer", True): "event-sub-process-not-supported",
    ("event-sub-start", "timer", False): "event-sub-process-not-supported",
    ("event-sub-start", "message", True): "event-sub-process-not-supported",
    ("event-sub-start", "message", False): "event-sub-process-not-supported",
    ("event-sub-start", "signal", True): "event-sub-process-not-supported",
    ("event-sub-start", "signal", False): "event-sub-process-not-supported",
    ("event-sub-start", "error", True): "event-sub-process-not-supported",
    ("event-sub-start", "escalation", True): "event-sub-process-not-supported",
    ("event-sub-start", "escalation", False): "event-sub-process-not-supported",
    ("event-sub-start", "conditional", True): "event-sub-process-not-supported",
    ("event-sub-start", "conditional", False): "event-sub-process-not-supported",
    ("event-sub-start", "compensate", True): "compensation-not-supported",
    ("catch", "timer", True): RUNS,
    ("catch", "message", True): RUNS,
    ("catch", "signal", True): RUNS,
    ("catch", "conditional", True): "conditional-event-not-supported",
    ("catch", "link", True): RUNS,  # normalised into a sequence flow
    ("throw", "none", True): RUNS,
    ("throw", "message", True): RUNS,
    ("throw", "signal", True): RUNS,
    ("throw", "escalation", True): RUNS,
    ("throw", "link", True): RUNS,  # normalised into a sequence flow
    ("throw", "compensate", True): "compensation-not-supported",
    ("boundary", "timer", True): RUNS,
    ("boundary", "timer", False): RUNS,
    ("boundary", "message", True): RUNS,
    ("boundary", "message", False): "boundary-message-fires-once",  # the library fires it once only
    ("boundary", "signal", True): RUNS,
    ("boundary", "signal", False): RUNS,
    ("boundary", "error", True): RUNS,
    ("boundary", "escalation", True): RUNS,
    ("boundary", "escalation", False): RUNS,
    ("boundary", "conditional", True): "conditional-event-not-supported",
    ("boundary", "conditional", False): "conditional-event-not-supported",
    ("boundary", "cancel", True): "transaction-not-supported",
    ("boundary", "compensate", True): "compensation-not-supported",
    ("end", "none", True): RUNS,
    ("end", "terminate", True): RUNS,
    ("end", "message", True): RUNS,
    ("end", "error", True): RUNS,
    ("end", "escalation", True): RUNS,
    ("end", "signal", True): RUNS,  # normalised into a throw event and a plain end
    ("end", "cancel", True): "transaction-not-supported",
    ("end", "compensate", True): "compensation-not-supported",
}

# Loops by kind; "completion" is a multi-instance activity with a completion condition.
LOOPS = {
    "standard": RUNS,
    "parallel": RUNS,
    "sequential": RUNS,
    "completion": "completion-condition-not-supported",  # sees the last child's data only
}

# Sizes that the runtime takes; a larger process is refused, never tried.
MAX_ELEMENTS = 2_000  # nodes of one process with its sub-processes
MAX_SUB_PROCESS_DEPTH = 20
MAX_CALL_DEPTH = 20

# What happens where no row says anything.
UNKNOWN = "element-not-supported"


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
