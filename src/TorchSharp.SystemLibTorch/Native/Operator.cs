using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>Sees an operator's name and arguments before it is called.</summary>
internal delegate void OperatorObserver(string name, ReadOnlySpan<Argument> arguments);

/// <summary>An operator of libtorch by name and overload: <c>aten::mul.Tensor</c> is <c>new Operator("mul", "Tensor")</c>.</summary>
/// <remarks>
/// It is looked up at the first call. Arguments are given in the schema's order, keyword arguments included; those at the end
/// that are left out take the schema's defaults. Argument spans live on the caller's stack, which keeps their tensors alive.
/// </remarks>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int StackWords = 128;

    /// <summary>Told of every call, for tests that ask what runs; null otherwise.</summary>
    internal static OperatorObserver? Observer;

    private nint _handle;

    /// <summary>Calls for one tensor.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return new torch.Tensor(result.Tag == Tag.Tensor ? (nint)result.Bits : 0);
    }

    /// <summary>Calls an in-place operator on its first argument, which is given back.</summary>
    internal torch.Tensor InPlace(torch.Tensor self, params ReadOnlySpan<Argument> others)
    {
        var arguments = new ArgumentBuffer();
        arguments[0] = self;
        others.CopyTo(((Span<Argument>)arguments)[1..]);
        Discard(((ReadOnlySpan<Argument>)arguments)[..(others.Length + 1)]);
        return self;
    }

    /// <summary>Calls for what the operator does, and not for the tensor it gives back.</summary>
    internal void Discard(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        if (result.Tag == Tag.Tensor) NativeMethods.nst_tensor_release((nint)result.Bits);
    }

    /// <summary>Calls an operator that returns nothing.</summary>
    internal void Execute(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, null, 0);

    /// <summary>Calls for two tensors.</summary>
    internal (torch.Tensor First, torch.Tensor Second) Pair(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (new torch.Tensor((nint)results[0].Bits), new torch.Tensor((nint)results[1].Bits));
    }

    /// <summary>Calls for a list of tensors, or for all the tensors an operator returns.</summary>
    internal torch.Tensor[] Tensors(params ReadOnlySpan<Argument> arguments)
    {
        const int capacity = 8;
        var results = stackalloc NativeValue[capacity];
        var count = Invoke(arguments, results, capacity);
        if (count == 1 && results[0].Tag == Tag.TensorList) return TakeList(results[0]);
        var tensors = new torch.Tensor[count];
        for (var i = 0; i < count; i++) tensors[i] = new torch.Tensor((nint)results[i].Bits);
        return tensors;
    }

    /// <summary>Calls for a truth value.</summary>
    internal bool Truth(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result.Bits != 0;
    }

    /// <summary>Calls for a number (<c>_local_scalar_dense</c>).</summary>
    internal NativeValue Number(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result;
    }

    /// <summary>Wraps the handles of a native list, which is released.</summary>
    internal static torch.Tensor[] TakeList(NativeValue list)
    {
        var handles = (nint*)list.Bits;
        var tensors = new torch.Tensor[list.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(handles[i]);
        NativeMethods.nst_list_release((nint)handles);
        return tensors;
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        if (_handle == 0) Resolve();
        Observer?.Invoke(name, arguments);
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Reference is not null) words += argument.Words;
        }

        if (words > StackWords) return InvokeWithHeap(arguments, words, results, capacity);
        var scratch = stackalloc long[words];
        return InvokeWith(arguments, scratch, results, capacity);
    }

    // Apart, so that a long list (cat of a thousand tensors) costs no stack and the common call no try block.
    private int InvokeWithHeap(ReadOnlySpan<Argument> arguments, int words, NativeValue* results, int capacity)
    {
        var scratch = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            return InvokeWith(arguments, scratch, results, capacity);
        }
        finally
        {
            NativeMemory.Free(scratch);
        }
    }

    [SkipLocalsInit]
    private int InvokeWith(ReadOnlySpan<Argument> arguments, long* scratch, NativeValue* results, int capacity)
    {
        var values = stackalloc NativeValue[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
            if (argument.Reference is not null) scratch += LayOut(argument, ref values[i], scratch);
        }

        var count = NativeMethods.nst_operator_call(_handle, values, arguments.Length, results, capacity);
        if (count < 0) NativeError.Throw();
        return count;
    }

    private static int LayOut(in Argument argument, ref NativeValue value, long* scratch)
    {
        switch (argument.Reference)
        {
            case long[] integers:
                integers.CopyTo(new Span<long>(scratch, integers.Length));
                value.Length = integers.Length;
                break;
            case double[] reals:
                reals.CopyTo(new Span<double>(scratch, reals.Length));
                value.Length = reals.Length;
                break;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) scratch[i] = HandleOf(tensors[i], argument.Tag);
                value.Length = tensors.Length;
                break;
            case byte[] text:
                text.CopyTo(new Span<byte>(scratch, text.Length));
                value.Length = text.Length;
                break;
            default:
                return 0;
        }

        value.Bits = (long)scratch;
        return argument.Words;
    }

    private static long HandleOf(torch.Tensor? tensor, Tag tag) =>
        tensor is null && tag == Tag.OptionalTensorList ? 0 : tensor!.Handle;

    private void Resolve()
    {
        fixed (byte* qualified = Encoding.UTF8.GetBytes($"aten::{name}\0"), variant = Encoding.UTF8.GetBytes($"{overload}\0"))
        {
            var found = NativeMethods.nst_operator_find(qualified, variant);
            if (found == 0) NativeError.Throw();
            _handle = found;
        }
    }

    [InlineArray(16)]
    private struct ArgumentBuffer
    {
        private Argument _first;
    }
}
