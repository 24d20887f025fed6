"""What answers may refer to: people, groups, assets, tickets, files … that are there."""

from typing import Any

from sqlalchemy import Connection, exists, or_, select

from engine.access.models import Group, User
from engine.access.policy import Actor
from engine.assets.models import Asset
from engine.db import Base
from engine.directory.models import Department
from engine.tickets import rights
from engine.tickets.locking import ticket
from engine.tickets.models import StoredFile
from forms.compiler import FileFacts, References

_user = Base.metadata.tables[User.__tablename__]
_group = Base.metadata.tables[Group.__tablename__]
_department = Base.metadata.tables[Department.__tablename__]
_asset = Base.metadata.tables[Asset.__tablename__]
_file = Base.metadata.tables[StoredFile.__tablename__]


def of(connection: Connection, actor: Actor, row: Any) -> References:
    """Look-ups on this connection for answers to a ticket; `row.id` is None before it exists."""

    def there(*conditions: Any) -> bool:
        return bool(connection.scalar(select(exists().where(*conditions))))

    def file(file_id: str) -> FileFacts | None:
        mine = (_file.c.ticket_id.is_(None)) & (_file.c.uploaded_by == actor.username)
        found = connection.execute(
            select(_file.c.name, _file.c.size, _file.c.type).where(
                _file.c.id == file_id, or_(mine, _file.c.ticket_id == row.id)
            )
        ).first()
        return FileFacts(found.name, found.size, found.type) if found else None

    def taken(key: str, value: Any) -> bool:
        path = ticket.c["values"][key]
        typed = path.as_string() == value if isinstance(value, str) else path.as_float() == value
        return there(ticket.c.type == row.type, ticket.c.id != (row.id or 0), typed)

    return References(
        user=lambda name: there(_user.c.username == name, _user.c.active),
        group=lambda key: there(_group.c.key == key),
        department=lambda key: there(_department.c.key == key),
        asset=lambda number: there(_asset.c.number == number),
        ticket=lambda number: there(ticket.c.number == number, rights.visible(actor)),
        file=file,
        taken=taken,
    )
