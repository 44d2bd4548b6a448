namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>A PID controller of the step length of an adaptive solver.</summary>
/// <remarks>After PIDStepSizeController of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
internal sealed class StepSizeController(double initialStep, double order, double acceptSafety)
{
    private const double Epsilon = 1e-8;

    private readonly double[] _inverseErrors = new double[3];
    private bool _started;

    public double Proportional { get; init; }

    public double Integral { get; init; } = 1;

    public double Derivative { get; init; }

    public double StepSize { get; private set; } = initialStep;

    /// <summary>Sets the next step's length from a step's error; whether that step is accepted.</summary>
    public bool Propose(double error)
    {
        var inverse = 1 / (error + Epsilon);
        if (!_started)
        {
            Array.Fill(_inverseErrors, inverse);
            _started = true;
        }
        _inverseErrors[0] = inverse;
        var factor =
            Math.Pow(_inverseErrors[0], (Proportional + Integral + Derivative) / order)
            * Math.Pow(_inverseErrors[1], -(Proportional + (2 * Derivative)) / order)
            * Math.Pow(_inverseErrors[2], Derivative / order);
        factor = 1 + Math.Atan(factor - 1);
        var accepted = factor >= acceptSafety;
        if (accepted)
        {
            _inverseErrors[2] = _inverseErrors[1];
            _inverseErrors[1] = _inverseErrors[0];
        }
        StepSize *= factor;
        return accepted;
    }
}
