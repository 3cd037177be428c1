namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract class Module<T1, T2, TResult>
            : HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>,
                Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>,
              IModule<T1, T2, TResult>
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                foreach (var hook in module_pre_hooks.Values) hook(this);
                foreach (var hook in pre_hooks.Values)
                {
                    var modified = hook(this, input1, input2);
                    if (modified.HasValue) (input1, input2) = modified.Value;
                }

                var result = forward(input1, input2);
                foreach (var hook in post_hooks.Values)
                {
                    var modified = hook(this, input1, input2, result);
                    if (modified is not null) result = modified;
                }

                foreach (var hook in module_post_hooks.Values) hook(this);
                return result;
            }
        }
    }
}
