using System.Globalization;

namespace NsDropoutTorch.Benchmarks;

/// <summary>What the processors have done since the machine started, as Linux counts it, in ticks of 10 ms.</summary>
/// <param name="Elapsed">Ticks that passed.</param>
/// <param name="Busy">Ticks of all cores in which something ran.</param>
/// <param name="Own">Those of them that this process and the children it has waited for used.</param>
internal sealed record ProcessorTimes(double Elapsed, double Busy, double Own)
{
    private const int Idle = 3, IoWait = 4, Steal = 7;

    /// <summary>Reads the text of /proc/stat and of /proc/self/stat.</summary>
    /// <param name="stat">Times of all cores.</param>
    /// <param name="self">Times of this process.</param>
    /// <param name="isOurs">Whether this process may run on a core.</param>
    public static ProcessorTimes Parse(string stat, string self, Func<int, bool> isOurs)
    {
        // Columns after steal repeat time of guests, which user time has already.
        var cores = stat.Split('\n').Select(line => line.Split(' '))
            .Where(words => words[0].StartsWith("cpu", StringComparison.Ordinal) && words[0].Length > 3 && isOurs(int.Parse(words[0][3..], CultureInfo.InvariantCulture)))
            .Select(words => Numbers(words[1..(Steal + 2)])).ToList();
        // The name of the program stands in parentheses and may hold spaces; the state follows, and eleven words later its times.
        var times = Numbers(self[(self.LastIndexOf(')') + 2)..].Split(' ')[11..15]);
        return new(cores.Average(core => core.Sum()), cores.Sum(core => core.Sum() - core[Idle] - core[IoWait]), times.Sum());
    }

    /// <summary>Cores that other processes kept busy from <paramref name="earlier"/> to now, on average; NaN where no time passed.</summary>
    public double OthersSince(ProcessorTimes earlier) => Math.Max(0, Busy - earlier.Busy - (Own - earlier.Own)) / (Elapsed - earlier.Elapsed);

    private static double[] Numbers(string[] words) => [.. words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
