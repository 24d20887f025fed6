"""Imports every table, so that migrations see them all."""

from engine import history, idempotency
from engine.access import models as access
from engine.approvals import models as approvals
from engine.assets import models as assets
from engine.assignment import models as assignment
from engine.deployments import models as deployments
from engine.directory import models as directory
from engine.jobs import models as jobs
from engine.notify import models as notify
from engine.processes import models as processes
from engine.records import models as records
from engine.sla import clock_models as sla_clocks
from engine.sla import forecasts as sla_forecasts
from engine.sla import models as sla
from engine.tickets import models as tickets
from engine.tickets import rating_models as ratings
from engine.tickets import workspace_models as workspace
from engine.tickets.migrating import models as migrations

__all__ = [
    "access",
    "approvals",
    "assets",
    "assignment",
    "deployments",
    "directory",
    "history",
    "idempotency",
    "jobs",
    "migrations",
    "notify",
    "processes",
    "ratings",
    "records",
    "sla",
    "sla_clocks",
    "sla_forecasts",
    "tickets",
    "workspace",
]
