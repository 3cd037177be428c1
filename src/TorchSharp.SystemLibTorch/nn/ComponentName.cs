using System.Reflection;
using TorchSharp.Utils;

namespace TorchSharp.Utils
{
    /// <summary>Gives a field of a module another name in the state dictionary than its own.</summary>
    [AttributeUsage(AttributeTargets.All)]
    public class ComponentNameAttribute : Attribute
    {
        public string Name { get; set; } = "";
    }
}

namespace TorchSharp
{
    public static class FieldInfoExtensionMethods
    {
        public static string ComponentName(this FieldInfo field) => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
    }
}
