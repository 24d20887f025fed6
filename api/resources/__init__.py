"""The parts of the interface, in one list."""

from api.resources import (
    conversation,
    decisions,
    departments,
    deployments,
    drafts,
    expressions,
    groups,
    incidents,
    processes,
    roles,
    session,
    tasks,
    ticket_types,
    tickets,
    tokens,
    users,
)

BLUEPRINTS = [
    conversation.blueprint,
    decisions.blueprint,
    departments.blueprint,
    deployments.blueprint,
    drafts.blueprint,
    expressions.blueprint,
    groups.blueprint,
    incidents.blueprint,
    processes.blueprint,
    roles.blueprint,
    session.blueprint,
    tasks.blueprint,
    ticket_types.blueprint,
    tickets.blueprint,
    tokens.blueprint,
    users.blueprint,
]
