namespace NodeHost.Cli;

/// <summary>The user asked for something that cannot be done; the message says what and how to mend it.</summary>
internal sealed class UsageException(string message) : Exception(message);
