"""forecasts of clocks"""

import sqlalchemy as sa
from alembic import op

from engine.db import Json, UTCDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "sla_forecast",
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("curves", Json, nullable=False),
        sa.Column("calibration", Json, nullable=False),
        sa.PrimaryKeyConstraint("type"),
    )
