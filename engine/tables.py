"""Imports every table, so that migrations see them all."""

from engine import idempotency
from engine.access import models as access
from engine.deployments import models as deployments
from engine.directory import models as directory
from engine.jobs import models as jobs
from engine.processes import models as processes
from engine.tickets import models as tickets

__all__ = ["access", "deployments", "directory", "idempotency", "jobs", "processes", "tickets"]
