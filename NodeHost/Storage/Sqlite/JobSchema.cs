using Microsoft.Data.Sqlite;

namespace NodeHost.Storage.Sqlite;

/// <summary>The tables, and the way from every older version to them.</summary>
/// <remarks>
/// <c>jobs</c> is narrow, so that lists and pages walk over few bytes; what is large lies beside it under the same id.
/// <c>totals</c> counts per state, so that nothing ever has to be counted.
/// </remarks>
internal static class JobSchema
{
    // Script i leads from version i to version i + 1. A script that was released is never changed.
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE jobs(
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                prompt_id TEXT NOT NULL UNIQUE,
                state INTEGER NOT NULL,
                position INTEGER,
                number REAL NOT NULL,
                number_json TEXT NOT NULL,
                client_id TEXT,
                create_time INTEGER NOT NULL,
                start_time INTEGER,
                end_time INTEGER,
                duration INTEGER NOT NULL DEFAULT 0,
                attempts INTEGER NOT NULL DEFAULT 0,
                workflow_id TEXT,
                outputs_count INTEGER NOT NULL DEFAULT 0,
                previewable_outputs_count INTEGER NOT NULL DEFAULT 0,
                bytes INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX jobs_position ON jobs(position) WHERE position IS NOT NULL;
            CREATE INDEX jobs_create_time ON jobs(state, create_time);
            CREATE INDEX jobs_duration ON jobs(state, duration);
            CREATE INDEX jobs_workflow ON jobs(workflow_id, state) WHERE workflow_id IS NOT NULL;
            CREATE TABLE bodies(id INTEGER PRIMARY KEY, prompt TEXT, extra_data TEXT, outputs TEXT, secrets TEXT);
            CREATE TABLE outcomes(
                id INTEGER PRIMARY KEY, outputs TEXT, status TEXT, meta TEXT, error TEXT, preview_output TEXT,
                cache_explanation TEXT
            );
            CREATE TABLE webhooks(id INTEGER PRIMARY KEY, webhook TEXT NOT NULL, is_owed INTEGER NOT NULL);
            CREATE INDEX webhooks_owed ON webhooks(id) WHERE is_owed;
            CREATE TABLE totals(state INTEGER PRIMARY KEY, jobs INTEGER NOT NULL, bytes INTEGER NOT NULL);
            INSERT INTO totals VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0);
            CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
                UPDATE totals SET jobs = jobs + 1, bytes = bytes + new.bytes WHERE state = new.state;
            END;
            CREATE TRIGGER jobs_changed AFTER UPDATE OF state, bytes ON jobs BEGIN
                UPDATE totals SET jobs = jobs - 1, bytes = bytes - old.bytes WHERE state = old.state;
                UPDATE totals SET jobs = jobs + 1, bytes = bytes + new.bytes WHERE state = new.state;
            END;
            CREATE TRIGGER jobs_removed AFTER DELETE ON jobs BEGIN
                UPDATE totals SET jobs = jobs - 1, bytes = bytes - old.bytes WHERE state = old.state;
                DELETE FROM bodies WHERE id = old.id;
                DELETE FROM outcomes WHERE id = old.id;
                DELETE FROM webhooks WHERE id = old.id;
            END;
            """,
    ];

    public static int Version => Migrations.Length;

    /// <summary>Brings a database up to date; each step is done wholly or not at all.</summary>
    public static void Migrate(SqliteConnection connection, string file)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), null);
        if (version > Version)
        {
            throw new JobStoreException(
                $"{file} has schema version {version}, this NodeHost knows versions up to {Version}. "
                    + "Start the newer NodeHost that wrote it, or move the file away to begin with an empty queue."
            );
        }
        for (; version < Version; version++)
        {
            Execute(connection, $"BEGIN IMMEDIATE; {Migrations[version]} PRAGMA user_version = {version + 1}; COMMIT;");
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
