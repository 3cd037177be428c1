using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. It holds native memory from its construction to <see cref="Dispose()"/>, or to its scope's end.</summary>
    public partial class Tensor : IDisposable
    {
        // Hardly any tensor has a name, and a training step makes a hundred wrappers: a field would be a fifth of each.
        private static readonly ConditionalWeakTable<Tensor, string> Names = [];
        private static long _totalCount;
        private static long _peakCount;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            Count();
            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        /// <summary>Takes the native tensor and the scope of another, which is left empty.</summary>
        internal Tensor(Tensor source)
        {
            _handle = source.Handle;
            Count();
            DisposeScope.Replace(source, this);
            source.DecoupleFromNativeHandle();
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public static long PeakCount => Interlocked.Read(ref _peakCount);

        public string? name
        {
            get => Names.TryGetValue(this, out var given) ? given : null;
            set
            {
                if (value is null) Names.Remove(this);
                else Names.AddOrUpdate(this, value);
            }
        }

        public bool IsInvalid => _handle == 0;

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            DisposeScopeManager.OfThread.CountDisposed(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Release();
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public nint DecoupleFromNativeHandle()
        {
            var handle = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref _totalCount);
            _handle = 0;
            return handle;
        }

        /// <summary>The end of the scope it is in: counted and released, the scope forgets it by itself.</summary>
        internal void DisposeFromScope()
        {
            if (_handle == 0) return;
            DisposeScopeManager.OfThread.CountDisposed(this);
            OwningDisposeScope = null;
            Release();
            GC.SuppressFinalize(this);
        }

        private static void Count()
        {
            var total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount) _peakCount = total;
        }

        private void Release()
        {
            var handle = _handle;
            _handle = 0;
            Interlocked.Decrement(ref _totalCount);
            NativeMethods.nst_tensor_release(handle);
        }
    }
}
