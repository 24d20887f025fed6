"""What may be known about departments."""

from sqlalchemy import func, or_, select

from engine.access.policy import Actor, require
from engine.db import db
from engine.directory.models import Department
from engine.errors import NotFound
from engine.paging import Page, Window, cut, seek


def departments(
    actor: Actor, window: Window, *, q: str | None = None, parent: str | None = None
) -> Page[Department]:
    """Departments by key."""
    require(actor, "see_people")
    statement = select(Department)
    if parent is not None:
        statement = statement.where(Department.parent == parent)
    if q:
        columns = [
            Department.key,
            Department.names["zh-CN"].as_string(),
            Department.names["en"].as_string(),
        ]
        wanted = q.lower()
        statement = statement.where(
            or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))
        )
    rows = db.session.scalars(seek(statement, [Department.key], window)).all()
    return cut(rows, window, lambda department: (department.key,))


def department(actor: Actor, key: str) -> Department:
    """One department."""
    require(actor, "see_people")
    found = db.session.get(Department, key)
    if found is None:
        raise NotFound(kind="department", id=key)
    return found
