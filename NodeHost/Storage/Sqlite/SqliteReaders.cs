using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace NodeHost.Storage.Sqlite;

/// <summary>Connections that read: as many as there are readers at once. They neither wait for the writer nor hold it up.</summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    public TResult Read<TResult>(Func<SqliteSession, TResult> read)
    {
        try
        {
            if (!_idle.TryTake(out var session))
            {
                session = file.Open(isWriter: false);
            }
            var isSound = false;
            try
            {
                var result = read(session);
                isSound = true;
                return result;
            }
            finally
            {
                if (isSound)
                {
                    _idle.Add(session);
                }
                else
                {
                    session.Dispose();
                }
            }
        }
        catch (SqliteException error)
        {
            throw file.Explain(error);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
