namespace TorchSharp.Utils;

/// <summary>Gives a field of a module another name in the state dictionary than its own.</summary>
[AttributeUsage(AttributeTargets.All)]
public class ComponentNameAttribute : Attribute
{
    public string Name { get; set; } = "";
}
