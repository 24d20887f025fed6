"""People as tickets need them: whether they are there, and what they are called."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from engine.access.models import User
from engine.db import Base
from engine.errors import InvalidInput

_user = Base.metadata.tables[User.__tablename__]
_active = select(_user.c.active).where(_user.c.username == bindparam("username"))
_names = select(_user.c.username, _user.c.names).where(
    _user.c.username.in_(bindparam("usernames", expanding=True))
)


def require_active(connection: Connection, username: str, pointer: str) -> None:
    """Raises InvalidInput at a place of the input when nobody of that name is there."""
    if not connection.scalar(_active, {"username": username}):
        raise InvalidInput.at(pointer, "unknown-user", username=username)


def names(
    connection: Connection, usernames: Iterable[str | None], language: str
) -> Mapping[str, str]:
    """What people are called in a language, by username; one statement, none for nobody."""
    wanted = sorted({name for name in usernames if name})
    if not wanted:
        return {}
    return {
        row.username: row.names.get(language) or next(iter(row.names.values()), row.username)
        for row in connection.execute(_names, {"usernames": wanted})
    }
