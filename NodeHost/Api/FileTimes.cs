namespace NodeHost.Api;

/// <summary>Times of files as ComfyUI gives them: seconds since 1970, with what is less than one behind the point.</summary>
internal static class FileTimes
{
    public static double Seconds(DateTime time) => (time - DateTime.UnixEpoch).TotalSeconds;
}
