"""Where the clocks of running tickets get their rules from: version, calendars."""

from engine.deployments.catalogue import Loaded
from engine.sla import calendar_store
from engine.sla.calendars import Calendar
from engine.sla.rules import Book
from workflows.sla import FILE, Document, read_sla


def of(version: Loaded) -> Book:
    """The policies of a version, to be kept with it (`version.derived(of)`)."""
    data = version.package.files.get(FILE)
    if data is None:
        return Book(Document())
    names = {key for form in version.forms.values() for key in form.fields}
    return Book(read_sla(data, names))


def calendar(key: str) -> Calendar:
    """A calendar by its key, as it is now."""
    return calendar_store.calendar(key, settled=True)
