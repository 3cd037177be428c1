using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long seed() => Generator.Default.seed();

    public static long initial_seed() => Generator.Default.initial_seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    public unsafe class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device? device = null)
            : this(device ?? CPU, shared: false) => manual_seed((long)seed);

        private Generator(Device device, bool shared)
        {
            this.device = device;
            Handle = NativeMethods.nst_generator_new(device.Packed, shared ? 1 : 0);
            if (Handle == 0) NativeError.Throw();
        }

        ~Generator() => Dispose(disposing: false);

        public static Generator Default => DefaultOf(CPU);

        public nint Handle { get; private set; }

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            var value = (ulong)seed;
            NativeError.Check(NativeMethods.nst_generator_seed(Live, 1, &value));
            return this;
        }

        public long seed()
        {
            var fresh = DateTime.UtcNow.Ticks;
            manual_seed(fresh);
            return fresh;
        }

        public long initial_seed()
        {
            ulong value;
            NativeError.Check(NativeMethods.nst_generator_seed(Live, 0, &value));
            GC.KeepAlive(this);
            return (long)value;
        }

        public Tensor get_state()
        {
            nint state;
            NativeError.Check(NativeMethods.nst_generator_state(Live, 0, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            NativeError.Check(NativeMethods.nst_generator_state(Live, value.Handle, null));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            NativeMethods.nst_generator_release(Handle);
            Handle = 0;
        }

        internal static Generator DefaultOf(Device device) => new(device, shared: true);

        internal nint Live => Handle != 0 ? Handle : throw new ObjectDisposedException(nameof(Generator));
    }
}
