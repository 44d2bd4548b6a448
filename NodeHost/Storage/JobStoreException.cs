namespace NodeHost.Storage;

/// <summary>The store cannot be opened, read or written; the message names the file and what helps.</summary>
internal sealed class JobStoreException(string message, Exception? cause = null) : Exception(message, cause);
