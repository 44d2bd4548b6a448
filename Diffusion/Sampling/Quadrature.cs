namespace NodeHost.Diffusion.Sampling;

/// <summary>Definite integrals of smooth functions by composite Gauss-Legendre quadrature.</summary>
internal static class Quadrature
{
    private const int Panels = 16;

    private static readonly double[] Nodes = [0, 0.5384693101056831, 0.9061798459386640];
    private static readonly double[] Weights = [0.5688888888888889, 0.4786286704993665, 0.2369268850561891];

    public static double Integrate(Func<double, double> function, double start, double end)
    {
        var half = (end - start) / Panels / 2;
        var sum = 0.0;
        for (var panel = 0; panel < Panels; panel++)
        {
            var centre = start + (half * ((2 * panel) + 1));
            sum += Weights[0] * function(centre);
            for (var node = 1; node < Nodes.Length; node++)
            {
                var offset = half * Nodes[node];
                sum += Weights[node] * (function(centre - offset) + function(centre + offset));
            }
        }
        return sum * half;
    }
}
