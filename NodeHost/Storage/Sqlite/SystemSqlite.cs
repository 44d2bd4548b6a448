using System.Runtime.InteropServices;
using SQLitePCL;

namespace NodeHost.Storage.Sqlite;

/// <summary>The system's SQLite in place of the bundled one, where there is one.</summary>
/// <remarks>
/// libvips brings the system's SQLite into the process. The loader then binds calls inside the bundled library to the
/// system's functions of the same names, and a process with two halves of two SQLites dies at the first sum().
/// </remarks>
internal static class SystemSqlite
{
    private const string Bundled = "e_sqlite3";
    private const string Installed = "libsqlite3.so.0";

    static SystemSqlite() =>
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == Bundled && NativeLibrary.TryLoad(Installed, out var handle) ? handle : 0
        );

    /// <summary>To be called before anything of SQLite is.</summary>
    public static void Prefer() { }
}
