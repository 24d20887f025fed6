"""The parts of the interface, in one list."""

from api.resources import (
    conversation,
    departments,
    deployments,
    drafts,
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
    departments.blueprint,
    deployments.blueprint,
    drafts.blueprint,
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
