namespace NodeHost.Diffusion.Models;

/// <summary>Part of a model that looks at a sampling run before its first step, to warn of settings or to refuse them.</summary>
public interface IRunWatcher
{
    void BeforeRun(ForwardRunInfo run);
}
