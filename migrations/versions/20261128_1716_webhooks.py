"""webhooks: endpoints of the network's software, events recorded by triggers, and their deliveries"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a4c81e5d09f3"
down_revision = "5f83c1d06e2a"
branch_labels = None
depends_on = None

KINDS = (
    "offer", "lost", "details", "unplaced", "client_called", "no_agent", "sign_in", "number_code", "number_confirm",
    "number_changed", "test", "claimed_by_pin", "ceiling", "welcome", "held", "prepared", "client_booked",
    "booked_soon", "client_asks", "client_texted", "agent_reply", "client_voicemail", "bad_referral", "released",
    "handover_asked", "handover_answered", "follow_up", "join_asked", "joined", "unworked", "went_on", "not_worked",
    "assigned", "taken_back",
)  # fmt: skip
NEW = "webhook_down"
MOMENT = sa.DateTime(timezone=True)

UUID7 = """
CREATE FUNCTION webhook_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  -- UUIDv7 (RFC 9562): the time in milliseconds over a random UUID, then the version's bits.
  SELECT encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
  ), 52, 1), 53, 1), 'hex')::uuid
$$
"""
RECORD = """
CREATE FUNCTION webhook_record(event_type text, facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  event_id uuid := webhook_id();
BEGIN
  IF NOT EXISTS (SELECT FROM webhook_endpoint WHERE removed_at IS NULL) THEN
    RETURN;
  END IF;
  INSERT INTO webhook_event (id, type, data, at) VALUES (event_id, event_type, facts, clock_timestamp());
  INSERT INTO webhook_delivery (id, event_id, endpoint_id, status, attempts, due_at, created_at)
  SELECT webhook_id(), event_id, id, 'queued', 0, clock_timestamp(), clock_timestamp()
  FROM webhook_endpoint WHERE removed_at IS NULL AND split_part(event_type, '.', 1) = ANY (topics);
END $$
"""
OF_ROW = """
CREATE FUNCTION webhook_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
-- Arguments: the topic, the rest of the type ('' for the row's status), and the columns to tell.
DECLARE
  told jsonb;
  facts jsonb := '{}';
  name text;
BEGIN
  IF NOT EXISTS (SELECT FROM webhook_endpoint WHERE removed_at IS NULL) THEN
    RETURN NULL;
  END IF;
  told := to_jsonb(NEW);
  FOREACH name IN ARRAY TG_ARGV[2:] LOOP
    facts := facts || jsonb_build_object(CASE name WHEN 'id' THEN TG_ARGV[0] || '_id' ELSE name END, told -> name);
  END LOOP;
  IF told ? 'offer_id' AND NOT told ? 'referral_id' THEN
    facts := facts || (SELECT jsonb_build_object('referral_id', referral_id) FROM offer WHERE id = NEW.offer_id);
  END IF;
  PERFORM webhook_record(TG_ARGV[0] || '.' || CASE TG_ARGV[1] WHEN '' THEN told ->> 'status' ELSE TG_ARGV[1] END, facts);
  RETURN NULL;
END $$
"""
OF_CHANGE = """
CREATE FUNCTION webhook_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM webhook_record(
    NEW.noun || CASE WHEN coalesce(jsonb_typeof(NEW.before), 'null') = 'null' THEN '.added' ELSE '.changed' END,
    jsonb_build_object(NEW.noun || '_id', NEW.row_id, 'fields', (SELECT jsonb_agg(k) FROM jsonb_object_keys(NEW.after) k))
  );
  RETURN NULL;
END $$
"""
REFERRAL = ("id", "external_id", "client_id", "status")
OFFER = ("id", "referral_id", "agent_id", "status", "wave", "decline_reason")
CALL = ("id", "offer_id", "agent_id", "direction", "attempt", "status", "reason", "reached", "outcome")
CLAIM = ("id", "referral_id", "offer_id", "agent_id", "via")
BOOKING = ("id", "offer_id", "status", "due_at")
ROWS = (
    ("referral", "status", "referral", "", REFERRAL),
    ("offer", "status", "offer", "", OFFER),
    ("call", "status", "call", "", CALL),
    ("booking", "status", "booking", "", BOOKING),
)
"""Tables of which a new row, and each change of this column, is an event: topic, rest of the type, columns to tell."""
COLUMNS = (
    ("deal", "stage", "referral", "stage", ("referral_id", "stage")),
    ("call", "reached", "call", "reached", CALL),
    ("call", "outcome", "call", "outcome", CALL),
    ("claim", "ended_at", "claim", "ended", (*CLAIM, "ended_how")),
    ("booking", "due_at", "booking", "moved", BOOKING),
)
"""The same for the changes alone."""
MADE = (("claim", "claim", "started", CLAIM),)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.String(20)), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_secret_until", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("off_at", MOMENT, nullable=True),
        sa.Column("off_reason", sa.String(20), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("off_reason IN ('admin', 'failing', 'gone')", name=op.f("ck_webhook_endpoint_offreason")),
        sa.CheckConstraint(
            "(off_at IS NULL) = (off_reason IS NULL)", name=op.f("ck_webhook_endpoint_off_for_a_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(60), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_deliverystatus")
        ),
        sa.CheckConstraint(
            "(status IN ('queued', 'sending')) = (ended_at IS NULL)", name=op.f("ck_webhook_delivery_ended_when_over")
        ),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_webhook_delivery_{column}"), ondelete="RESTRICT")
            for column, to in (("event_id", "webhook_event.id"), ("endpoint_id", "webhook_endpoint.id"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("event_id", "endpoint_id", name=op.f("uq_webhook_delivery_event_id_endpoint_id")),
    )
    op.create_index("ix_webhook_delivery_endpoint", "webhook_delivery", ["endpoint_id", "id"])
    for name, column, status in (
        ("due", "due_at", "queued"),
        ("taken", "taken_at", "sending"),
        ("failed", "id", "failed"),
    ):
        op.create_index(
            f"ix_webhook_delivery_{name}",
            "webhook_delivery",
            ["endpoint_id", column],
            postgresql_where=sa.text(f"status = '{status}'"),
        )
    for function in (UUID7, RECORD, OF_ROW, OF_CHANGE):
        op.execute(function)
    for statement in _triggers():
        op.execute(statement)
    _allow_kinds((*KINDS, NEW))


def downgrade() -> None:
    for table, name in _names():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in (
        "webhook_of_change()", "webhook_of_row()", "webhook_record(text, jsonb)", "webhook_id()",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_event")
    op.drop_table("webhook_endpoint")
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind = '{NEW}')")
    op.execute(f"DELETE FROM notification WHERE kind = '{NEW}'")
    _allow_kinds(KINDS)


def _triggers() -> list[str]:
    made = [(table, topic, rest, told) for table, _, topic, rest, told in ROWS] + list(MADE)
    return [
        *(
            f"CREATE TRIGGER webhook_made AFTER INSERT ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION webhook_of_row({_quoted(topic, rest, *told)})"
            for table, topic, rest, told in made
        ),
        *(
            f"CREATE TRIGGER webhook_{column} AFTER UPDATE OF {column} ON {table} FOR EACH ROW"
            f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})"
            f" EXECUTE FUNCTION webhook_of_row({_quoted(topic, rest, *told)})"
            for table, column, topic, rest, told in ROWS + COLUMNS
        ),
        "CREATE TRIGGER webhook_made AFTER INSERT ON change FOR EACH ROW WHEN (NEW.noun IN ('agent', 'team'))"
        " EXECUTE FUNCTION webhook_of_change()",
    ]


def _names() -> list[tuple[str, str]]:
    made = [table for table, *_ in ROWS] + [table for table, *_ in MADE] + ["change"]
    return [(table, "webhook_made") for table in made] + [
        (table, f"webhook_{column}") for table, column, *_ in ROWS + COLUMNS
    ]


def _quoted(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notification_kind"), "notification", type_="check")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT ck_notification_kind CHECK (kind IN {kinds}) NOT VALID")
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute("ALTER TABLE notification VALIDATE CONSTRAINT ck_notification_kind")
        op.execute("SET statement_timeout = '60s'")
