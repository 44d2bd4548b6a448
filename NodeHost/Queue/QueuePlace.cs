namespace NodeHost.Queue;

/// <summary>Where a pending job is to be moved.</summary>
internal readonly record struct QueuePlace
{
    private QueuePlace(bool isFront, string? before) => (IsFront, Before) = (isFront, before);

    public static QueuePlace Front { get; } = new(true, null);

    public static QueuePlace Back { get; } = new(false, null);

    public bool IsFront { get; }

    /// <summary>The pending job that it is put before; null for front and back.</summary>
    public string? Before { get; }

    public static QueuePlace InFrontOf(string promptId) => new(false, promptId);
}
