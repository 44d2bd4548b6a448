using Microsoft.Data.Sqlite;

namespace NodeHost.Storage.Sqlite;

/// <summary>Columns as this store keeps them: JSON is text in the file and UTF-8 here, without a detour over strings.</summary>
internal static class SqliteColumns
{
    public static byte[] Json(this SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static byte[]? JsonOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Json(column);

    public static string? TextOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? NumberOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
