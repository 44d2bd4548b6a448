using System.Globalization;
using Microsoft.Data.Sqlite;
using NodeHost.Queue;

namespace NodeHost.Storage.Sqlite;

/// <summary>Lists of jobs in any state. Pages walk over an index and read only the rows they show.</summary>
internal static class JobListing
{
    private const string Columns = """
        j.prompt_id, j.state, j.number_json, j.create_time, j.start_time, j.end_time, j.attempts, o.error,
        j.outputs_count, j.previewable_outputs_count, o.preview_output, j.workflow_id
        """;

    private static readonly JobState[] All = Enum.GetValues<JobState>();

    public static JobPage Jobs(this SqliteSession session, JobQuery query)
    {
        var states = query.States.Count == 0 ? All : [.. query.States.Distinct()];
        var total = Total(session, states, query.WorkflowId);
        var key = query.ByDuration ? "duration" : "create_time";
        var direction = query.Ascending ? "ASC" : "DESC";
        var filter = query.WorkflowId is null ? "" : " AND workflow_id = ?3";
        // Each part comes sorted out of an index, so that the union only merges.
        var parts = string.Join(
            " UNION ALL ",
            states.Select(state =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SELECT id, {key} AS sort FROM jobs WHERE state = {(int)state}{filter}"
                )
            )
        );
        object?[] values = [query.Limit ?? -1, query.Offset, query.WorkflowId];
        var jobs = session.Query(
            $"""
            SELECT {Columns} FROM (SELECT id, sort FROM ({parts}) ORDER BY sort {direction}, id {direction} LIMIT ?1 OFFSET ?2) page
            JOIN jobs j ON j.id = page.id LEFT JOIN outcomes o ON o.id = page.id
            ORDER BY page.sort {direction}, page.id {direction}
            """,
            Summary,
            query.WorkflowId is null ? values.AsSpan(0, 2) : values
        );
        return new(jobs, total, query.Offset + jobs.Count < total);
    }

    public static JobDetails? Job(this SqliteSession session, string promptId) =>
        session.Find(
            $"""
            SELECT {Columns}, b.prompt, b.extra_data, o.outputs, o.status
            FROM jobs j JOIN bodies b ON b.id = j.id LEFT JOIN outcomes o ON o.id = j.id WHERE j.prompt_id = ?1
            """,
            reader => new JobDetails(
                Summary(reader),
                reader.Json(12),
                reader.Json(13),
                Memory(reader, 14),
                Memory(reader, 15)
            ),
            promptId
        );

    private static long Total(SqliteSession session, IEnumerable<JobState> states, string? workflowId) =>
        workflowId is null
            ? states.Sum(state => session.Number("SELECT jobs FROM totals WHERE state = ?1", (int)state) ?? 0)
            : states.Sum(state =>
                session.Number(
                    "SELECT COUNT(*) FROM jobs WHERE workflow_id = ?1 AND state = ?2",
                    workflowId,
                    (int)state
                ) ?? 0
            );

    private static JobSummary Summary(SqliteDataReader reader) =>
        new()
        {
            PromptId = reader.GetString(0),
            State = (JobState)reader.GetInt32(1),
            Number = reader.GetString(2),
            CreateTime = reader.GetInt64(3),
            StartTime = reader.NumberOrNull(4),
            EndTime = reader.NumberOrNull(5),
            Attempts = reader.GetInt32(6),
            Error = Memory(reader, 7),
            OutputsCount = reader.GetInt32(8),
            PreviewableOutputsCount = reader.GetInt32(9),
            PreviewOutput = Memory(reader, 10),
            WorkflowId = reader.TextOrNull(11),
        };

    private static ReadOnlyMemory<byte>? Memory(SqliteDataReader reader, int column) =>
        reader.JsonOrNull(column) is { } json ? new ReadOnlyMemory<byte>(json) : null;
}
