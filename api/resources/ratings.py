"""Ratings of tickets that are done, with a sign-in and by signed links."""

from typing import Any

from flask import Response, current_app, request

from api import auth, limits
from api.auth import actor
from api.http import instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import ratings as schemas
from engine.db import db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.paging import cut, seek
from engine.tickets import rating, rating_links
from engine.tickets.rating import Rated
from engine.tickets.rating_links import Link

blueprint = Blueprint("ratings", description="How requesters rate what was done")

_BAD_LINK = "No such link: made up, or too old"


@blueprint.route("/tickets/<number>/rating", methods=["GET"])
@blueprint.response(200, schemas.RatingSchema)
def read_rating(number: str) -> Response:
    """The rating of a ticket, and whether the caller may give one."""
    return json_response(_shown(rating.of(actor(), number)))


@blueprint.route("/tickets/<number>/rating", methods=["POST"])
@blueprint.arguments(schemas.NewRatingSchema)
@blueprint.response(201, schemas.RatingSchema)
def rate(given: dict[str, Any], number: str) -> Response:
    """Rates one's own ticket, once, when it is done."""
    who = actor()
    rating.rate(who, number, given["score"], given["comment"])
    return json_response(_shown(rating.of(who, number)), 201)


@blueprint.route("/tickets/<number>/rating-link", methods=["GET"])
@blueprint.response(200, schemas.RatingLinkSchema)
def read_rating_link(number: str) -> Response:
    """A link for the requester, who rates the ticket by it without a sign-in."""
    link = rating.link(actor(), number)
    base = current_app.config["BANJIE"].public_url or request.host_url.rstrip("/")
    address = f"{base}/rate/{rating_links.sign(_secret(), link)}"
    return json_response({"url": address, "expires_at": instant(link.until)})


@blueprint.route("/rating-links/<token>", methods=["GET"])
@blueprint.response(200, schemas.LinkedRatingSchema)
@blueprint.alt_response(404, description=_BAD_LINK)
@blueprint.alt_response(429, description="Too many links from this address that do not exist")
@auth.public
def read_linked(token: str) -> Response:
    """What a link is about."""
    return json_response(_linked(_opened(token)))


@blueprint.route("/rating-links/<token>", methods=["POST"])
@blueprint.arguments(schemas.NewRatingSchema)
@blueprint.response(201, schemas.LinkedRatingSchema)
@blueprint.alt_response(404, description=_BAD_LINK)
@blueprint.alt_response(429, description="Too many links from this address that do not exist")
@auth.public
def rate_by_link(given: dict[str, Any], token: str) -> Response:
    """Rates the ticket of a link, once."""
    opened = _opened(token)
    rating.rate_by_link(opened, given["score"], given["comment"])
    return json_response(_linked(opened), 201)


@blueprint.route("/ratings", methods=["GET"])
@blueprint.arguments(schemas.RatingQuery, location="query")
@blueprint.response(200, schemas.RatingList)
def list_ratings(args: dict[str, Any]) -> Response:
    """The ratings of the tickets that a manager may see, newest first, and their average."""
    rows, together = rating.given(
        actor(),
        type_key=args.get("type"),
        score=args.get("score"),
        since=args.get("since"),
        before=args.get("before"),
    )
    part = window(args)
    table = rating.rating
    connection = db.session.connection()
    found = connection.execute(seek(rows, [table.c.at, table.c.ticket_id], part, descending=True))
    page = cut(found.all(), part, lambda row: (row.at, row.ticket_id))
    sums = connection.execute(together).one()
    average = None if sums.average is None else round(float(sums.average), 2)
    return json_response({**listing(page.map(_given)), "count": sums.count, "average": average})


def _opened(token: str) -> Link:
    limits.may_try(limits.SIGNED_LINK)
    try:
        return rating_links.read(_secret(), token)
    except NotFound:
        limits.attempts(limits.SIGNED_LINK).count(request.remote_addr or "")
        raise


def _shown(rated: Rated) -> dict[str, Any]:
    found = rated.rating
    return {
        "score": found.score if found else None,
        "comment": found.comment if found else None,
        "at": instant(found.at) if found else None,
        "may_rate": rated.may_rate,
    }


def _linked(opened: Link) -> dict[str, Any]:
    rated = rating.by_link(opened)
    row = rated.ticket
    type_name = catalogue.version(row.version_id).name(language())
    return {**_shown(rated), "title": row.title, "type_name": type_name}


def _given(row: Any) -> dict[str, Any]:
    return {
        "ticket": row.number,
        "type": row.type,
        "title": row.title,
        "requester": row.requester,
        "score": row.score,
        "comment": row.comment,
        "by_link": row.by_link,
        "at": instant(row.at),
    }


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret
