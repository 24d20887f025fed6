"""Full-text search that finds two-character Chinese words on both databases.

Neither database cuts Chinese into words. So this module does it for them: runs of Chinese become
overlapping pairs and their last character, everything else words in lower case; a single character
is looked for as the beginning of a pair. The result is one
text of blank-separated words, indexed by FTS5 on SQLite and by a GIN index on PostgreSQL.
"""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, literal_column, select, text

from engine.rows import Sender
from engine.tickets.locking import ticket

MAX_WORDS = 4000
MAX_QUERY_WORDS = 16
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_TOKEN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>(?:(?![{_HAN}_])\w)+)")

_WRITE = text(
    "INSERT INTO ticket_search (ticket_id, words) VALUES (:ticket, :words)"
    " ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words"
)
_ADD = text("UPDATE ticket_search SET words = words || ' ' || :words WHERE ticket_id = :ticket")


def words(*texts: object) -> list[str]:
    """The words to index, in order, once each, at most MAX_WORDS.

    Texts may be strings, numbers, lists and objects; of lists and objects the leaves count.
    """
    found: dict[str, None] = {}
    for value in _leaves(texts):
        for match in _TOKEN.finditer(unicodedata.normalize("NFKC", value).casefold()):
            run = match["han"]
            if run is None:
                found[match["word"][:64]] = None
            else:
                found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
                found[run[-1]] = None  # every other character begins a pair
            if len(found) >= MAX_WORDS:
                return list(found)[:MAX_WORDS]
    return list(found)


def index(sender: Sender, ticket_id: int, *texts: object) -> None:
    """Makes a ticket findable by these texts and no others."""
    sender.execute(_WRITE, {"ticket": ticket_id, "words": " ".join(words(*texts))})


def add(sender: Sender, ticket_id: int, *texts: object) -> None:
    """Makes a ticket findable by these texts too."""
    sender.execute(_ADD, {"ticket": ticket_id, "words": " ".join(words(*texts))})


def matching(dialect: str, query: str) -> ColumnElement[bool] | None:
    """The tickets that have every word of a query, the last one as a beginning; None: no word."""
    wanted = _wanted(query)
    if not wanted:
        return None
    if dialect == "sqlite":
        terms = " ".join(f'"{word}"' + ("*" if last else "") for word, last in wanted)
    else:
        terms = " & ".join(f"'{word}'" + (":*" if last else "") for word, last in wanted)
    return _matching(dialect, terms)


def _matching(dialect: str, terms: str) -> ColumnElement[bool]:
    """The tickets that a query in the dialect's own language finds by its full-text index."""
    if dialect == "sqlite":
        found = text("SELECT rowid FROM ticket_fts WHERE ticket_fts MATCH :terms").bindparams(
            terms=terms
        )
        return ticket.c.id.in_(found.columns(literal_column("rowid")).scalar_subquery())
    return ticket.c.id.in_(
        select(literal_column("ticket_id"))
        .select_from(text("ticket_search"))
        .where(
            text(
                "array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:terms AS tsquery)"
            ).bindparams(bindparam("terms", terms))
        )
    )


def matching_any(dialect: str, wanted: Iterable[str]) -> ColumnElement[bool] | None:
    """The tickets that have at least one of these words, as `words` cuts them; None: no word."""
    found = list(wanted)
    if not found:
        return None
    joint = " OR " if dialect == "sqlite" else " | "
    quote = '"' if dialect == "sqlite" else "'"
    return _matching(dialect, joint.join(f"{quote}{word}{quote}" for word in found))


def _wanted(query: str) -> list[tuple[str, bool]]:
    """The words to look for, and whether a longer word would do as well."""
    found: list[tuple[str, bool]] = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", query[:200]).casefold()):
        run = match["han"]
        if run is None:
            found.append((match["word"], True))
        elif len(run) == 1:
            found.append((run, True))
        else:
            found += [(run[i : i + 2], False) for i in range(len(run) - 1)]
    return found[:MAX_QUERY_WORDS]


def _leaves(value: object) -> Iterable[str]:
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, bool) or current is None:
            continue
        elif isinstance(current, int | float):
            yield str(current)
        elif isinstance(current, dict):
            stack.extend(reversed(list(current.values())))
        elif isinstance(current, list | tuple):
            stack.extend(reversed(current))
