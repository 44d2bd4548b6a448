using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>The vocabulary that samplers share; scalars are float32, as the reference's sigma tensors are.</summary>
/// <remarks>After https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
internal static class SamplerMath
{
    /// <summary>
    /// <c>x + value * factor</c>, rounded twice as the reference does. A fused product would be nearer to the truth, but
    /// from a level of thousands down to ones the roundings are what remains of the latent.
    /// </summary>
    public static Tensor AddScaled(this Tensor x, Tensor value, double factor) => x + (value * factor);

    /// <summary>The denoised prediction as the derivative of Karras et al.'s differential equation.</summary>
    public static Tensor ToDerivative(Tensor x, float sigma, Tensor denoised) => (x - denoised) / sigma;

    /// <summary>Noise level to step down to, and the noise to add, for an ancestral step between two levels.</summary>
    public static (float Down, float Up) AncestralStep(float from, float to, double eta = 1)
    {
        if (eta == 0)
        {
            return (to, 0);
        }
        var full = MathF.Sqrt(to * to * ((from * from) - (to * to)) / (from * from));
        // Python's min: from pure noise the quotient is not a number, and the step goes down to 0.
        var wanted = (float)eta * full;
        var up = wanted < to ? wanted : to;
        return (MathF.Sqrt((to * to) - (up * up)), up);
    }

    /// <summary>
    /// The ancestral step of a rectified flow: level to step down to, the factor that restores the mix, and the noise to
    /// add.
    /// </summary>
    public static (float Down, float Scale, float Renoise) FlowAncestralStep(float from, float to, double eta)
    {
        var down = to * (1 + (((to / from) - 1) * (float)eta));
        var (alphaNext, alphaDown) = (1 - to, 1 - down);
        var renoise = MathF.Sqrt((to * to) - (down * down * (alphaNext * alphaNext) / (alphaDown * alphaDown)));
        return (down, alphaNext / alphaDown, renoise);
    }

    /// <summary>The level half way between two in the logarithm.</summary>
    public static float LogMidpoint(float from, float to)
    {
        var (start, end) = (MathF.Log(from), MathF.Log(to));
        return MathF.Exp(start + (0.5f * (end - start)));
    }

    /// <summary><c>exp(x) - 1</c> without cancellation.</summary>
    public static float Expm1(float x)
    {
        // Kahan's form, in double and rounded once.
        var exponential = Math.Exp(x);
        if (exponential == 1)
        {
            return x;
        }
        var difference = exponential - 1;
        return (float)(difference == -1 ? -1 : difference * x / Math.Log(exponential));
    }
}
