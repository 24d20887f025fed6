"""Ratings on the wire."""

from marshmallow import fields, validate

from api.schemas.base import Instant, ListQuery, Schema, Text, listing
from engine.tickets.rating import BEST, MAX_COMMENT

_SCORE = validate.Range(1, BEST)


class NewRatingSchema(Schema):
    """How it went, and why."""

    score = fields.Integer(required=True, strict=True, validate=_SCORE)
    comment = Text(load_default=None, allow_none=True, validate=validate.Length(max=MAX_COMMENT))


class RatingSchema(Schema):
    """The rating of a ticket; without a score there is none yet."""

    score = fields.Integer(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True, allow_none=True)
    may_rate = fields.Boolean(required=True)


class LinkedRatingSchema(RatingSchema):
    """What a link without a sign-in shows: which ticket it is about, and no more."""

    title = fields.String(required=True)
    type_name = fields.String(required=True)


class RatingLinkSchema(Schema):
    """A link by which a ticket is rated without a sign-in."""

    url = fields.String(required=True)
    expires_at = fields.DateTime(required=True)


class GivenRatingSchema(Schema):
    """A rating with its ticket."""

    ticket = fields.String(required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    requester = fields.String(required=True)
    score = fields.Integer(required=True)
    comment = fields.String(required=True, allow_none=True)
    by_link = fields.Boolean(required=True)
    at = fields.DateTime(required=True)


class RatingList(listing(GivenRatingSchema)):  # type: ignore[misc]  # made at run time
    """Ratings, with what they come to over all pages."""

    count = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)


class RatingQuery(ListQuery):
    """Which ratings; the newest come first."""

    type = fields.String(validate=validate.Length(1, 64))
    score = fields.Integer(validate=_SCORE)
    since = Instant()
    before = Instant()
