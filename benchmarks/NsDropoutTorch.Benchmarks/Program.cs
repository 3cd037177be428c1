using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NsDropoutTorch.Benchmarks;
using NsDropoutTorch.Training;

NativeDefaults.Apply();

// [quick [SUITE…]] [--out FILE] | smoke [SUITE…] | sweep [--out FILE] | first-step; anything else goes to BenchmarkDotNet (--filter '*').
switch (args)
{
    case [FirstStep.Argument]:
        FirstStep.Run();
        break;
    case [] or ["quick" or "smoke" or "sweep" or "--out", ..]:
        var output = args.Length > 1 && args[^2] == "--out" ? args[^1] : null;
        // sweep is the name of a suite too.
        var names = args.Skip(args is ["quick" or "smoke", ..] ? 1 : 0).SkipLast(output is null ? 0 : 2).ToList();
        Quick.Run(args is ["smoke", ..] ? Effort.Smoke : Effort.Quick, names, output);
        break;
    default:
        // In this process: BenchmarkDotNet's own build of a project would not know where TorchSharp comes from.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        break;
}
