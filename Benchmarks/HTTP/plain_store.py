"""The same rows in a plain SQLite file: what the disk and the engine cost, and nothing else."""

import sqlite3

TABLES = ["Case", "Account", "Contact", "User", "Group", "CaseComment"]


def copy(records, target):
    """Copies the tables that are asked, with their indexes and words, as SQLite orders texts."""
    database = sqlite3.connect(f"file:{target}", isolation_level=None, uri=True)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("ATTACH ? AS source", [f"file:{records}?mode=ro"])
    # Reading compares no texts, so it needs none of the orders that Steward defines.
    for table in TABLES:
        columns = database.execute(f'PRAGMA source.table_info("{table}")').fetchall()
        names = ", ".join(
            f'"{name}" {kind}' + (" PRIMARY KEY" if is_key else "")
            for _, name, kind, _, _, is_key in columns
        )
        database.execute(f'CREATE TABLE "{table}" ({names}) STRICT')
        database.execute(f'INSERT INTO "{table}" SELECT * FROM source."{table}"')
    quoted = ", ".join(f"'{table}'" for table in TABLES)
    statements = database.execute(
        f"SELECT sql FROM source.sqlite_master WHERE sql IS NOT NULL AND "
        f"((type = 'index' AND tbl_name IN ({quoted})) OR name = 'Case_Search')"
    ).fetchall()
    for (statement,) in statements:
        database.execute(statement)
    words = [row[1] for row in database.execute('PRAGMA table_info("Case_Search")')]
    names = ", ".join(f'"{word}"' for word in words)
    database.execute(
        f'INSERT INTO "Case_Search" (rowid, {names}) SELECT "Id", {names} FROM "Case"'
    )
    database.execute("ANALYZE main")
    database.execute("DETACH source")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def connect(path):
    database = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA cache_size=-16000")
    database.execute("PRAGMA busy_timeout=10000")
    return database


LIST = """
    SELECT c."Id", c."CaseNumber", c."Subject", c."Status", c."Priority", c."CreatedDate", p."Name"
    FROM "Case" c LEFT JOIN "Contact" p ON p."Id" = c."ContactId"
    WHERE c."OwnerId" = ?1 AND c."IsClosed" = 0 AND c."IsDeleted" = 0
    ORDER BY c."Priority", c."Id" LIMIT 50
"""

JOIN = """
    SELECT c."Id", c."CaseNumber", c."Subject", c."Status", c."Priority", c."CreatedDate",
        a."Name", p."Name", p."Email", u."Name", g."Name"
    FROM "Case" c LEFT JOIN "Account" a ON a."Id" = c."AccountId"
    LEFT JOIN "Contact" p ON p."Id" = c."ContactId" LEFT JOIN "User" u ON u."Id" = c."OwnerId"
    LEFT JOIN "Group" g ON g."Id" = c."OwnerId"
    WHERE c."IsDeleted" = 0 ORDER BY c."Id" DESC LIMIT 2000
"""

SEARCH = """
    SELECT c."Id", c."CaseNumber", c."Subject", c."Status" FROM "Case_Search" s
    JOIN "Case" c ON c."Id" = s.rowid
    WHERE "Case_Search" MATCH ?1 AND c."OwnerId" = ?2 AND c."IsDeleted" = 0
    ORDER BY s.rank LIMIT 50
"""

REPORT = """
    SELECT "Status", CAST(strftime('%m', "CreatedDate" / 1000, 'unixepoch') AS INTEGER) AS month,
        "OwnerId", COUNT(*)
    FROM "Case" WHERE "IsDeleted" = 0 GROUP BY "Status", month, "OwnerId"
"""

READ = 'SELECT * FROM "Case" WHERE "Id" = ?1 AND "OwnerId" = ?2 AND "IsDeleted" = 0'

CHANGE = """
    UPDATE "Case" SET "Status" = ?1, "LastModifiedDate" = ?2, "SystemModstamp" = ?2
    WHERE "Id" = ?3 AND "OwnerId" = ?4 AND "IsDeleted" = 0
"""

CREATE = """
    INSERT INTO "Case" ("Id", "OwnerId", "CaseNumber", "Subject", "Description", "Status",
        "Priority", "Origin", "ContactId", "IsDeleted", "IsEscalated", "IsClosed", "CreatedDate",
        "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp")
    VALUES (?1, ?2, ?3, ?4, ?5, 'New', ?6, 'Web', ?7, 0, 0, 0, ?8, ?2, ?8, ?2, ?8)
"""

CREATE_WORDS = """
    INSERT INTO "Case_Search" (rowid, "CaseNumber", "Subject", "Description")
    VALUES (?1, ?2, ?3, ?4)
"""
