"""Which customer a message comes from."""

from sqlalchemy import Connection, String, cast, select

from engine.db import Base
from engine.directory.models import Customer

_customer = Base.metadata.tables[Customer.__tablename__]


def customer_of_mail(connection: Connection, address: str) -> str | None:
    """The customer whose mail domain an address has."""
    domain = address.rpartition("@")[2].strip().lower()
    if not domain:
        return None
    statement = select(_customer.c.key, _customer.c.domains).where(
        # The text of the list narrows the rows down; the list itself decides.
        cast(_customer.c.domains, String).contains(f'"{domain}"', autoescape=True)
    )
    rows = connection.execute(statement.order_by(_customer.c.key))
    return next((row.key for row in rows if domain in row.domains), None)
