namespace NsDropoutTorch.Tests.Oracle;

/// <summary>The formulas of the layers that read no labels, in loops over numbers, written from their papers and without tensors.</summary>
internal static class SlowSiblings
{
    /// <summary>y_no = Σ_i m_noi·w_oi·x_ni/(1−p) + b_o, the bias masked likewise where it has a mask; masks are asked for by sample.</summary>
    public static double[,] DropConnect(
        double[,] x, double[,] w, double[] b, Func<int, int, int, bool> weightKept, Func<int, int, bool>? biasKept, double p)
    {
        var y = new double[x.GetLength(0), b.Length];
        for (var n = 0; n < x.GetLength(0); n++)
        {
            for (var o = 0; o < b.Length; o++)
            {
                y[n, o] = biasKept is null ? b[o] : biasKept(n, o) ? b[o] / (1 - p) : 0;
                for (var i = 0; i < x.GetLength(1); i++)
                    y[n, o] += weightKept(n, o, i) ? w[o, i] * x[n, i] / (1 - p) : 0;
            }
        }

        return y;
    }

    /// <summary>Mean and variance of the above over masks, from the variance of a single scaled draw: (0²·p + (1/(1−p))²·(1−p)) − 1.</summary>
    public static (double[,] mean, double[,] variance) Moments(double[,] x, double[,] w, double[] b, double p, bool dropBias)
    {
        var ofOneDraw = ((1 / (1 - p)) * (1 / (1 - p)) * (1 - p)) - 1;
        var (mean, variance) = (new double[x.GetLength(0), b.Length], new double[x.GetLength(0), b.Length]);
        for (var n = 0; n < x.GetLength(0); n++)
        {
            for (var o = 0; o < b.Length; o++)
            {
                mean[n, o] = b[o];
                variance[n, o] = dropBias ? b[o] * b[o] * ofOneDraw : 0;
                for (var i = 0; i < x.GetLength(1); i++)
                {
                    var term = w[o, i] * x[n, i];
                    mean[n, o] += term;
                    variance[n, o] += term * term * ofOneDraw;
                }
            }
        }

        return (mean, variance);
    }

    /// <summary>The mean of max(u, 0) for a normal u, in closed form: μ·Φ(μ/σ) + σ·φ(μ/σ).</summary>
    public static double MeanOfRelu(double mean, double variance)
    {
        var deviation = Math.Sqrt(variance);
        var z = mean / deviation;
        return (mean * NormalCdf(z)) + (deviation * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The relaxed draw of Concrete dropout in the paper's form, with p itself and not its logit.</summary>
    public static double ConcreteMask(double p, double u, double t)
    {
        var dropped = 1 / (1 + Math.Exp(-(Math.Log(p) - Math.Log(1 - p) + Math.Log(u) - Math.Log(1 - u)) / t));
        return (1 - dropped) / (1 - p);
    }

    public static double Entropy(double p) => -(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p));

    /// <summary>KL of N(1, α) from the log-uniform prior without its constant, by the paper's polynomial, term by term.</summary>
    public static double Divergence(double alpha) =>
        -((0.5 * Math.Log(alpha)) + (1.16145124 * alpha) - (1.50204118 * Math.Pow(alpha, 2)) + (0.58629921 * Math.Pow(alpha, 3)));

    /// <summary>Every position from each seed on, b down and b to the right, is dropped.</summary>
    public static bool[,] BlockMask(bool[,] seeds, int b)
    {
        var (height, width) = (seeds.GetLength(0) + b - 1, seeds.GetLength(1) + b - 1);
        var kept = new bool[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                kept[row, column] = true;
                for (var down = 0; down < b; down++)
                {
                    for (var right = 0; right < b; right++)
                    {
                        var (r, c) = (row - down, column - right);
                        if (r >= 0 && c >= 0 && r < seeds.GetLength(0) && c < seeds.GetLength(1) && seeds[r, c])
                            kept[row, column] = false;
                    }
                }
            }
        }

        return kept;
    }

    /// <summary>The same of volumes: every position in the cube from each seed on is dropped.</summary>
    public static bool[,,] BlockMask(bool[,,] seeds, int b)
    {
        var kept = new bool[seeds.GetLength(0) + b - 1, seeds.GetLength(1) + b - 1, seeds.GetLength(2) + b - 1];
        foreach (var (z, y, x) in Places(kept)) kept[z, y, x] = true;
        foreach (var (z, y, x) in Places(seeds).Where(place => seeds[place.Z, place.Y, place.X]))
        {
            foreach (var (dz, dy, dx) in Places(new bool[b, b, b])) kept[z + dz, y + dy, x + dx] = false;
        }

        return kept;

        static IEnumerable<(int Z, int Y, int X)> Places(bool[,,] volume) =>
            from z in Enumerable.Range(0, volume.GetLength(0))
            from y in Enumerable.Range(0, volume.GetLength(1))
            from x in Enumerable.Range(0, volume.GetLength(2))
            select (z, y, x);
    }

    /// <summary>
    /// A convolution of an image [C, H, W] by kernels [out, C/groups, kh, kw], each weight masked and scaled by 1/(1−p): every output by itself, from the places that its kernel sees.
    /// </summary>
    public static double[] Convolution(
        Func<int, int, int, double> x, (int C, int H, int W) shape, Func<int, int, int, int, double> w, (int Out, int Kh, int Kw) kernels, double[]? b, Func<int, int, int, int, bool> kept, double p,
        (int Y, int X) stride, (int Y, int X) padding, (int Y, int X) dilation, int groups)
    {
        var height = ((shape.H + (2 * padding.Y) - (dilation.Y * (kernels.Kh - 1)) - 1) / stride.Y) + 1;
        var width = ((shape.W + (2 * padding.X) - (dilation.X * (kernels.Kw - 1)) - 1) / stride.X) + 1;
        var (perGroup, outPerGroup) = (shape.C / groups, kernels.Out / groups);
        var y = new double[kernels.Out * height * width];
        for (var i = 0; i < y.Length; i++)
        {
            var (o, row, column) = (i / (height * width), i / width % height, i % width);
            y[i] = b is null ? 0 : b[o];
            for (var j = 0; j < perGroup * kernels.Kh * kernels.Kw; j++)
            {
                var (c, u, v) = (j / (kernels.Kh * kernels.Kw), j / kernels.Kw % kernels.Kh, j % kernels.Kw);
                var (r, s) = ((row * stride.Y) + (u * dilation.Y) - padding.Y, (column * stride.X) + (v * dilation.X) - padding.X);
                if (r < 0 || s < 0 || r >= shape.H || s >= shape.W || !kept(o, c, u, v)) continue;
                y[i] += w(o, c, u, v) * x((o / outPerGroup * perGroup) + c, r, s) / (1 - p);
            }
        }

        return y;
    }

    /// <summary>In each row, true for the k = round(γ·in) entries of smallest magnitude.</summary>
    public static bool[][] Targets(double[][] magnitudes, double share) =>
    [
        .. magnitudes.Select(row =>
        {
            var k = (int)Math.Round(share * row.Length, MidpointRounding.ToEven);
            var chosen = Enumerable.Range(0, row.Length).OrderBy(i => row[i]).Take(k).ToHashSet();
            return Enumerable.Range(0, row.Length).Select(chosen.Contains).ToArray();
        }),
    ];

    // Φ by its series around 0 (Marsaglia 2004), exact to rounding for |z| below 6.
    private static double NormalCdf(double z)
    {
        var (term, sum) = (z, z);
        for (var i = 3; i < 300; i += 2)
        {
            term *= z * z / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }
}
