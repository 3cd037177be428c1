namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>,
                Func<Module<T, TResult>, T, TResult, TResult>>,
              IModule<T, TResult>
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                foreach (var hook in module_pre_hooks.Values) hook(this);
                foreach (var hook in pre_hooks.Values)
                {
                    var modified = hook(this, input);
                    if (modified is not null) input = modified;
                }

                var result = forward(input);
                foreach (var hook in post_hooks.Values)
                {
                    var modified = hook(this, input, result);
                    if (modified is not null) result = modified;
                }

                foreach (var hook in module_post_hooks.Values) hook(this);
                return result;
            }
        }
    }
}
