namespace NodeHost.Security;

/// <summary>What the holder of a key may do; each includes those before it.</summary>
internal enum ApiKeyRole
{
    /// <summary>Look: lists, pictures, queue, history, events.</summary>
    Read,

    /// <summary>Work: queue and cancel prompts, upload, save settings and workflows.</summary>
    Queue,

    /// <summary>Run the server: free memory, pause the queue, read its log, make users.</summary>
    Admin,
}
