using NodeHost.Queue;

namespace NodeHost.Storage.Sqlite;

/// <summary>What the writer does to jobs, each inside its transaction.</summary>
internal static class JobChanges
{
    private const int FirstFinal = (int)JobState.Completed;

    // A bite that takes a few milliseconds, so that others get their turn in between.
    private const int RowsPerBite = 200;

    public static AddResult Add(this SqliteSession session, NewJob job)
    {
        var bytes =
            job.Prompt.Length
            + job.ExtraData.Length
            + job.Outputs.Length
            + (job.Secrets?.Length ?? 0L)
            + job.PromptId.Length;
        var isAdded = session.Execute(
            """
            INSERT INTO jobs(prompt_id, state, number, number_json, client_id, create_time, workflow_id, bytes)
            VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(prompt_id) DO NOTHING
            """,
            job.PromptId,
            job.Number,
            job.NumberJson,
            job.ClientId,
            job.CreateTime,
            job.WorkflowId,
            bytes
        );
        if (isAdded == 0)
        {
            return new(0, (JobState)session.Number("SELECT state FROM jobs WHERE prompt_id = ?1", job.PromptId)!.Value);
        }
        var id = session.Number("SELECT last_insert_rowid()")!.Value;
        session.Execute(
            """
            INSERT INTO bodies(id, prompt, extra_data, outputs, secrets)
            VALUES (?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), CAST(?5 AS TEXT))
            """,
            id,
            job.Prompt,
            job.ExtraData,
            job.Outputs,
            job.Secrets
        );
        if (job.Webhook is { } webhook)
        {
            session.Execute("INSERT INTO webhooks(id, webhook, is_owed) VALUES (?1, CAST(?2 AS TEXT), 0)", id, webhook);
        }
        return new(id, null);
    }

    public static void Remove(this SqliteSession session, long id) =>
        session.Execute("DELETE FROM jobs WHERE id = ?1 AND state = 0", id);

    public static void Start(this SqliteSession session, long id, long time) =>
        session.Execute(
            "UPDATE jobs SET state = 1, attempts = attempts + 1, start_time = ?2 WHERE id = ?1 AND state = 0",
            id,
            time
        );

    public static void Requeue(this SqliteSession session, long id, bool countAttempt) =>
        session.Execute(
            "UPDATE jobs SET state = 0, start_time = NULL, attempts = max(0, attempts - ?2) WHERE id = ?1 AND state = 1",
            id,
            countAttempt ? 0 : 1
        );

    /// <summary>Does nothing when the job is in history already: a worker that is unsure may ask twice.</summary>
    public static void Finish(this SqliteSession session, long id, JobOutcome outcome, JobRetention retention)
    {
        var bytes =
            outcome.Outputs.Length
            + outcome.Status.Length
            + outcome.Meta.Length
            + (outcome.Error?.Length ?? 0L)
            + (outcome.PreviewOutput?.Length ?? 0L)
            + (outcome.CacheExplanation?.Length ?? 0L);
        var isFinished = session.Execute(
            """
            UPDATE jobs SET state = ?2, position = (SELECT COALESCE(MAX(position), 0) + 1 FROM jobs WHERE position IS NOT NULL),
                start_time = ?3, end_time = ?4, duration = ?4 - ?3, outputs_count = ?5, previewable_outputs_count = ?6,
                bytes = bytes + ?7
            WHERE id = ?1 AND state IN (0, 1)
            """,
            id,
            (int)outcome.State,
            outcome.StartTime,
            outcome.EndTime,
            outcome.OutputsCount,
            outcome.PreviewableOutputsCount,
            bytes
        );
        if (isFinished == 0)
        {
            return;
        }
        session.Execute(
            """
            INSERT INTO outcomes(id, outputs, status, meta, error, preview_output, cache_explanation)
            VALUES (?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), CAST(?5 AS TEXT), CAST(?6 AS TEXT),
                CAST(?7 AS TEXT))
            """,
            id,
            outcome.Outputs,
            outcome.Status,
            outcome.Meta,
            outcome.Error,
            outcome.PreviewOutput,
            outcome.CacheExplanation
        );
        session.Execute("UPDATE bodies SET secrets = NULL WHERE id = ?1 AND secrets IS NOT NULL", id);
        session.Execute("UPDATE webhooks SET is_owed = 1 WHERE id = ?1", id);
        session.Retain(retention, RowsPerBite);
    }

    /// <summary>Drops what is too much of history, oldest first and no more than a bite; the newest entry stays.</summary>
    public static void Retain(this SqliteSession session, JobRetention retention, int most)
    {
        for (var dropped = 0; dropped < most; dropped++)
        {
            var (entries, bytes) = session.Find(
                "SELECT SUM(jobs), SUM(bytes) FROM totals WHERE state >= 2",
                reader => (reader.GetInt64(0), reader.GetInt64(1))
            );
            if (entries <= 1 || (entries <= retention.Entries && bytes <= retention.Bytes))
            {
                return;
            }
            session.Execute(
                """
                DELETE FROM jobs WHERE id =
                    (SELECT id FROM jobs WHERE position IS NOT NULL ORDER BY position LIMIT 1)
                """
            );
        }
    }

    public static void DeleteHistory(this SqliteSession session, string promptId) =>
        session.Execute("DELETE FROM jobs WHERE prompt_id = ?1 AND state >= ?2", promptId, FirstFinal);

    /// <summary>Drops a bite of the history up to a place; false when there is none left.</summary>
    public static bool ClearHistory(this SqliteSession session, long last) =>
        session.Execute(
            """
            DELETE FROM jobs WHERE id IN
                (SELECT id FROM jobs WHERE position IS NOT NULL AND position <= ?1 ORDER BY position LIMIT ?2)
            """,
            last,
            RowsPerBite
        ) == RowsPerBite;
}
