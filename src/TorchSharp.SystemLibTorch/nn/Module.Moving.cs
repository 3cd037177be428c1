using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;

            /// <summary>Built-in modules look at their tensors at each move; others trust the device they remember.</summary>
            private protected virtual bool RemembersDevice => true;

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                _toEpilog(device.type == DeviceType.CUDA ? device : new Device(device.type), dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                RequireCuda(deviceType);
                if (RemembersDevice && deviceType == _deviceType && deviceIndex == _deviceIndex) return this;
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is null && device is null) throw new ArgumentNullException($"{nameof(dtype)} and {nameof(device)} are both null,");
                if (device is not null) RequireCuda(device.type);
                foreach (var child in children()) child.Move(dtype, device, non_blocking);
                MoveTensors(dtype, device);
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                var (type, place) = (dtype ?? buffer.dtype, device ?? buffer.device);
                if (!buffer.WillCopy(type, place)) return false;
                result = buffer.to(Converted(buffer, type), place, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var gradient = param.grad;
                var (type, place) = (dtype ?? param.dtype, device ?? param.device);
                if (!param.WillCopy(type, place) && gradient?.WillCopy(type, place) != true) return false;

                // Outside the graph: the moved parameter is a leaf of its own.
                using var mode = no_grad();
                type = Converted(param, type);
                p = new Parameter(param.to(type, place), param.requires_grad);
                p.DetachFromDisposeScope();
                if (gradient is null) return true;
                using var moved = gradient.to(type, place).requires_grad_(gradient.requires_grad);
                p.grad = moved;
                return true;
            }

            private static ScalarType Converted(Tensor tensor, ScalarType type) =>
                tensor.is_floating_point() || tensor.is_complex() ? type : tensor.dtype;

            private static void RequireFloatingPoint(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void RequireCuda(DeviceType type)
            {
                if (type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
            }

            private void Move(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (device is null) _to(dtype!.Value, non_blocking);
                else if (dtype is null) _to(device.type, device.index, non_blocking);
                else _to(device, dtype.Value, non_blocking);
            }

            /// <summary>Puts moved tensors where the old ones are kept: through a property of that name, else in registry and field.</summary>
            private void MoveTensors(ScalarType? dtype, Device? device)
            {
                var fields = FieldsOf(GetType()).ToDictionary(field => field.ComponentName(), StringComparer.Ordinal);
                var properties = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .ToDictionary(property => property.Name, StringComparer.Ordinal);
                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    if (properties.TryGetValue(name, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }

                    parameter.Dispose();
                    ConditionallyRegisterParameter(name, moved);
                    if (fields.TryGetValue(name, out var field)) field.SetValue(this, moved);
                }

                foreach (var (name, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    if (properties.TryGetValue(name, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }

                    ConditionallyRegisterBuffer(name, moved);
                    if (fields.TryGetValue(name, out var field)) field.SetValue(this, moved);
                }
            }
        }
    }
}
