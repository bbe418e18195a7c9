"""How Alembic runs our migrations: on the connection that `database.upgrade` opened."""

from alembic import context

from apps.service.tables import metadata


def run() -> None:
    """Run the migrations that Alembic has chosen."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads this file
    run()
