"""Workers and what they hold, the events of runs, and settings changed while serving."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds who works on a run, and the tables that workers share."""
    _extend_runs()
    op.create_table(
        "workers",
        sa.Column("worker", sa.String(32), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "run_events",
        sa.Column("run_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_run_events_written_at", "run_events", ["written_at"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def _extend_runs() -> None:
    for column in (
        sa.Column("worker", sa.String(32), nullable=False, server_default=""),
        sa.Column("resumptions", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_cancel_asked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request", sa.JSON(), nullable=True),
    ):
        op.add_column("runs", column)
    op.create_index("ix_runs_worker", "runs", ["worker"])
