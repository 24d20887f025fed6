"""What every command of the command line needs: an installation opened, refusals told plainly."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:  # a command loads what it needs when it runs, so that `--help` is quick
    from flask import Flask

    from workflows.findings import Finding


def language() -> str:
    """The language of whoever sits at the terminal."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "zh-CN" if spoken.lower().startswith("zh") else "en"


def fail(message: str) -> NoReturn:
    """Ends the command with a sentence and status 1."""
    raise click.ClickException(message)


@contextmanager
def installation(*, migrated: bool = True) -> Iterator["Flask"]:
    """The application of this installation with its context; what it refuses is told plainly."""
    from sqlalchemy.exc import DBAPIError

    from api import texts
    from api.app import create_app
    from api.config import ConfigError, load
    from engine import schema
    from engine.db import db
    from engine.errors import DefinitionInvalid, EngineError, InvalidInput

    try:
        app = create_app(load())
        with app.app_context():
            try:
                if migrated:
                    schema.upgrade()
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()
    except ConfigError as error:
        fail(str(error))
    except InvalidInput as error:
        for one in error.errors:
            click.echo(f"{one.pointer}: {texts.input_error(language(), one.code, one.params)}")
        fail(" ".join(texts.problem(language(), error.code, error.params)))
    except DefinitionInvalid as error:
        show(error.findings)
        fail(" ".join(texts.problem(language(), error.code, error.params)))
    except EngineError as error:
        fail(" ".join(texts.problem(language(), error.code, error.params)))
    except DBAPIError as error:
        fail(f"the database: {str(error.orig).strip()}")


def show(findings: "Iterable[Finding]") -> None:
    """Prints what checks say of a package, one remark a line."""
    from workflows.texts import sentence

    for one in findings:
        texts = [sentence(p, language(), one.code, one.params) for p in ("workflows", "forms")]
        text = next((text for text in texts if text != one.code), one.code)
        place = " ".join(part for part in (one.document, one.element, one.cell) if part)
        click.echo(f"{one.severity}: {place}: {text} [{one.code}]")
