from journal.database import Database


async def test_an_upgraded_database_has_the_right_version(db: Database) -> None:
    await db.check_version()
