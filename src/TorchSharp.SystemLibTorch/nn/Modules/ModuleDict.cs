using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by name, in order. They are registered when the dictionary itself is.</summary>
public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)>
    where T : nn.Module
{
    private readonly OrderedDict<string, T> _items = new();
    private bool _registered;

    public ModuleDict()
        : base("ModuleDict")
    {
    }

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => _items.Keys;

    public ICollection<T> Values => _items.Values;

    public (string, T) this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public T this[string key]
    {
        get => _items[key];
        set => _items[key] = value;
    }

    public IEnumerable<string> keys() => _items.keys();

    public IEnumerable<T> values() => _items.values();

    public IEnumerator<(string, T)> items() => _items.items();

    public void Add(string key, T value) => _items.Add(key, value);

    public void Add((string, T) item) => _items.Add(item);

    public void Add(KeyValuePair<string, T> item) => _items.Add(item);

    public void Insert(int index, (string, T) item) => _items.Insert(index, item);

    public bool Remove(string key) => _items.Remove(key);

    public bool Remove((string, T) item) => _items.Remove(item);

    public bool Remove(KeyValuePair<string, T> item) => _items.Remove(item);

    public void RemoveAt(int index) => _items.RemoveAt(index);

    public void Clear() => _items.Clear();

    public void clear() => _items.clear();

    public bool ContainsKey(string key) => _items.ContainsKey(key);

    public bool Contains((string, T) item) => _items.Contains(item);

    public bool Contains(KeyValuePair<string, T> item) => _items.Contains(item);

    public int IndexOf((string, T) item) => _items.IndexOf(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

    public void CopyTo((string, T)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<(string, T)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, T>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override void RegisterComponents()
    {
        if (_registered) return;
        foreach (var (name, module) in _items) register_module(name, module);
        _registered = true;
    }
}
