using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();
            private bool _areComponentsRegistered;
            private bool _registering;

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_internal_buffers.ContainsKey(name)) throw new InvalidOperationException($"Tensor {name} is already registered.");
                _internal_buffers.Add(name, (tensor, persistent));
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_internal_params.ContainsKey(name)) throw new InvalidOperationException($"Parameter {name} is already registered.");
                _internal_params.Add(name, param);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    _internal_submodules.Discard(name);
                    return;
                }

                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (name.Length == 0) throw new ArgumentException("module name can't be empty string \"\"");
                if (_internal_submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                RequireOutside(submodule);
                _internal_submodules.Add(name, submodule);
            }

            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;
                if (_registering) throw new InvalidOperationException($"Module {GetName()} must not contain itself.");
                _registering = true;
                try
                {
                    foreach (var field in FieldsOf(GetType())) Register(field.ComponentName(), field);
                    _areComponentsRegistered = true;
                }
                finally
                {
                    _registering = false;
                }
            }

            protected void ConditionallyRegisterParameter(string name, Tensor? value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Discard(name);
                else _internal_params[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Discard(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.clear();

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            /// <summary>A module inside itself would never end: every walk over modules is recursive.</summary>
            private protected void RequireOutside(Module submodule)
            {
                if (ReferenceEquals(submodule, this) || submodule.modules().Any(module => ReferenceEquals(module, this)))
                    throw new InvalidOperationException($"Module {GetName()} must not contain itself.");
            }

            /// <summary>Sets a built-in module's parameter and its registration, and disposes the one it replaces.</summary>
            private protected void Assign(ref Parameter? field, Parameter? value, string name)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = (Parameter?)value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, field);
            }

            /// <summary>Sets a built-in module's buffer and its registration, and disposes the one it replaces.</summary>
            private protected void Assign(ref Tensor? field, Tensor? value, string name)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = value?.DetachFromDisposeScope();
                ConditionallyRegisterBuffer(name, field);
            }

            private void Register(string name, FieldInfo field)
            {
                if (_internal_submodules.ContainsKey(name) || _internal_params.ContainsKey(name) || _internal_buffers.ContainsKey(name)) return;
                switch (field.GetValue(this))
                {
                    case Module module:
                        register_module(name, module);
                        break;
                    case Parameter parameter:
                        register_parameter(name, parameter);
                        break;
                    case Tensor tensor:
                        register_buffer(name, tensor);
                        break;
                }
            }

            /// <summary>The fields of a type and its bases, each name once. Their order is the order of the state dictionary.</summary>
            private static IEnumerable<FieldInfo> FieldsOf(Type? type)
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (; type is not null && type != typeof(object); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                    {
                        if (seen.Add(field.Name)) yield return field;
                    }
                }
            }
        }
    }
}
