"""How Alembic runs a migration: on the connection that `journal.database` hands over."""

from typing import Any, cast

from alembic import context

from journal.tables import metadata


def _run() -> None:
    attributes = context.config.attributes
    applied: list[str] | None = attributes.get("applied")

    def note(*, step: Any, **_others: Any) -> None:
        if applied is not None:
            applied.extend(step.up_revision_ids)

    context.configure(
        connection=attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        on_version_apply=cast("Any", note),
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
