using System.Collections;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Chains;

/// <summary>The hooks of some modules, which run only where a module is called.</summary>
internal sealed class Hooks
{
    private readonly ICollection[] registers;

    /// <exception cref="MissingFieldException">This version of TorchSharp holds hooks elsewhere.</exception>
    public Hooks(IEnumerable<nn.Module<Tensor, Tensor>> modules) => registers = [.. modules.SelectMany(Of)];

    /// <summary>Whether a module has a hook now.</summary>
    public bool Any => Array.Exists(registers, static register => register.Count > 0);

    private static ICollection[] Of(nn.Module<Tensor, Tensor> module) =>
        Fields<Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor, Tensor>>.Of(module);

    // Protected: a class that derives from the module may read them, but the layers concerned are sealed.
    private static class Fields<TBefore, TAfter>
    {
        public static ICollection[] Of(nn.HookableModule<TBefore, TAfter> module) => [Before(module), After(module), BeforeModule(module), AfterModule(module)];

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "pre_hooks")]
        private static extern ref Dictionary<string, TBefore> Before(nn.HookableModule<TBefore, TAfter> module);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "post_hooks")]
        private static extern ref Dictionary<string, TAfter> After(nn.HookableModule<TBefore, TAfter> module);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "module_pre_hooks")]
        private static extern ref Dictionary<string, Action<nn.Module>> BeforeModule(nn.HookableModule<TBefore, TAfter> module);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "module_post_hooks")]
        private static extern ref Dictionary<string, Action<nn.Module>> AfterModule(nn.HookableModule<TBefore, TAfter> module);
    }
}
