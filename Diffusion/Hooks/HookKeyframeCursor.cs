using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Hooks;

/// <summary>Goes along the keyframes of a hook during one run.</summary>
/// <remarks>
/// A keyframe is due where its bound, in float32, is at or above the step's noise level. At a new level the cursor moves to
/// the last one due, unless the current one has not had its guaranteed steps; it stops at one that has steps guaranteed.
/// </remarks>
internal sealed class HookKeyframeCursor(HookKeyframes? keyframes, ModelSampling sampling, double firstSigma)
{
    private readonly IReadOnlyList<HookKeyframe> _keyframes = keyframes?.Keyframes ?? [];
    private int _current;
    private int _usedSteps;
    private double? _sigma;

    /// <summary>The strength at a noise level; levels come in the order of the run.</summary>
    public double StrengthAt(double sigma)
    {
        if (_keyframes.Count == 0)
        {
            return 1;
        }
        if (sigma != _sigma)
        {
            _sigma = sigma;
            Advance(sigma);
            _usedSteps++;
        }
        return _keyframes[_current].Strength;
    }

    private void Advance(double sigma)
    {
        if (_usedSteps < GuaranteedSteps(_keyframes[_current]))
        {
            return;
        }
        for (var next = _current + 1; next < _keyframes.Count && Bound(_keyframes[next]) >= (float)sigma; next++)
        {
            _current = next;
            _usedSteps = 0;
            if (GuaranteedSteps(_keyframes[next]) > 0)
            {
                return;
            }
        }
    }

    // A single step is not guaranteed to what was due before the run began.
    private int GuaranteedSteps(HookKeyframe keyframe) =>
        keyframe.GuaranteedSteps == 1 && Bound(keyframe) > (float)firstSigma ? 0 : keyframe.GuaranteedSteps;

    private float Bound(HookKeyframe keyframe) => (float)sampling.PercentToSigma(keyframe.StartPercent);
}
