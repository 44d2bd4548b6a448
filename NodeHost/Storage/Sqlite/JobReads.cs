using System.Buffers;
using System.Text;
using Newtonsoft.Json;
using NodeHost.Queue;

namespace NodeHost.Storage.Sqlite;

/// <summary>Queue rows and history entries, put together from the pieces of the file without being parsed.</summary>
internal static class JobReads
{
    private const string EntryColumns =
        "j.number_json, j.prompt_id, b.prompt, b.extra_data, b.outputs, o.outputs, o.status, o.meta, j.position";

    private const string EntryTables = "jobs j JOIN bodies b ON b.id = j.id JOIN outcomes o ON o.id = j.id";

    public static ReadOnlyMemory<byte>? QueueRow(this SqliteSession session, long id) =>
        session.Find<ReadOnlyMemory<byte>?>(
            """
            SELECT j.number_json, j.prompt_id, b.prompt, b.extra_data, b.outputs
            FROM jobs j JOIN bodies b ON b.id = j.id WHERE j.id = ?1
            """,
            reader =>
            {
                var json = new ArrayBufferWriter<byte>();
                WriteRow(json, reader);
                return json.WrittenMemory;
            },
            id
        );

    public static StoredJob StoredJob(this SqliteSession session, long id) =>
        session.Find(
            """
            SELECT j.prompt_id, j.client_id, j.attempts, b.prompt, b.extra_data, b.outputs, b.secrets
            FROM jobs j JOIN bodies b ON b.id = j.id WHERE j.id = ?1
            """,
            reader => new StoredJob
            {
                Id = id,
                PromptId = reader.GetString(0),
                ClientId = reader.TextOrNull(1),
                Attempts = reader.GetInt32(2) + 1,
                Prompt = reader.Json(3),
                ExtraData = reader.Json(4),
                Outputs = reader.Json(5),
                Secrets = reader.JsonOrNull(6),
            },
            id
        ) ?? throw new JobStoreException($"Job {id} is in the queue and not in the store. Restart the server.");

    public static HistoryEntry? HistoryEntry(this SqliteSession session, string promptId) =>
        session.Find(
            $"SELECT {EntryColumns} FROM {EntryTables} WHERE j.prompt_id = ?1 AND j.state >= 2",
            reader => Entry(reader).Entry,
            promptId
        );

    /// <summary>Entries between two places of history, with their places.</summary>
    public static List<(HistoryEntry Entry, long Position)> HistoryPage(
        this SqliteSession session,
        long first,
        long last,
        int most
    ) =>
        session.Query(
            $"SELECT {EntryColumns} FROM {EntryTables} WHERE j.position BETWEEN ?1 AND ?2 ORDER BY j.position LIMIT ?3",
            Entry,
            first,
            last,
            most
        );

    /// <summary>The place of the entry that lies <paramref name="offset"/> after the oldest.</summary>
    public static long? PositionFromOldest(this SqliteSession session, int offset) =>
        session.Number(
            "SELECT position FROM jobs WHERE position IS NOT NULL ORDER BY position LIMIT 1 OFFSET ?1",
            offset
        );

    /// <summary>The place of the entry that lies <paramref name="offset"/> before the newest.</summary>
    public static long? PositionFromNewest(this SqliteSession session, int offset) =>
        session.Number(
            "SELECT position FROM jobs WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1 OFFSET ?1",
            offset
        );

    private static (HistoryEntry Entry, long Position) Entry(Microsoft.Data.Sqlite.SqliteDataReader reader)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        json.Write("{\"prompt\":"u8);
        WriteRow(json, reader);
        json.Write(",\"outputs\":"u8);
        json.Write(reader.Json(5));
        json.Write(",\"status\":"u8);
        json.Write(reader.Json(6));
        json.Write(",\"meta\":"u8);
        json.Write(reader.Json(7));
        json.Write("}"u8);
        return (new(reader.GetString(1), json.WrittenMemory), reader.GetInt64(8));
    }

    private static void WriteRow(ArrayBufferWriter<byte> json, Microsoft.Data.Sqlite.SqliteDataReader reader)
    {
        json.Write("["u8);
        Encoding.UTF8.GetBytes(reader.GetString(0), json);
        json.Write(","u8);
        Encoding.UTF8.GetBytes(JsonConvert.ToString(reader.GetString(1)), json);
        for (var column = 2; column < 5; column++)
        {
            json.Write(","u8);
            json.Write(reader.Json(column));
        }
        json.Write("]"u8);
    }
}
