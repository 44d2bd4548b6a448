namespace NodeHost.Security;

/// <summary>The file of API keys cannot be used.</summary>
internal sealed class ApiKeyException(string message) : Exception(message);
