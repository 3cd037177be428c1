using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that remembers the order in which its keys came: a module's registries.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
    where TKey : notnull
{
    private readonly List<(TKey, TValue)> _items = [];
    private readonly Dictionary<TKey, TValue> _values = [];

    public bool IsReadOnly => false;

    public int Count => _items.Count;

    public ICollection<TKey> Keys => _items.ConvertAll(item => item.Item1);

    public ICollection<TValue> Values => _items.ConvertAll(item => item.Item2);

    public (TKey, TValue) this[int index]
    {
        get => _items[index];
        set
        {
            if (!_values.Comparer.Equals(_items[index].Item1, value.Item1))
            {
                _values.Add(value.Item1, value.Item2);
                _values.Remove(_items[index].Item1);
            }

            _values[value.Item1] = value.Item2;
            _items[index] = value;
        }
    }

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            if (!_values.ContainsKey(key)) Add(key, value);
            else this[Find(key)] = (key, value);
        }
    }

    public IEnumerable<TKey> keys() => Keys;

    public IEnumerable<TValue> values() => Values;

    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _items.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        _values.Add(item.Item1, item.Item2);
        _items.Insert(index, item);
    }

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public bool Contains((TKey, TValue) item) => _items.Contains(item);

    public bool Contains(KeyValuePair<TKey, TValue> item) => _values.ContainsKey(item.Key);

    public int IndexOf((TKey, TValue) item) => _items.IndexOf(item);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)_values).CopyTo(array, arrayIndex);

    public bool Remove(TKey key)
    {
        if (!_values.Remove(key)) throw new KeyNotFoundException($"The given key '{key}' was not present in the dictionary.");
        _items.RemoveAt(Find(key));
        return true;
    }

    public bool Remove((TKey, TValue) item) => _items.Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => _values.ContainsKey(item.Key) && Remove(item.Key);

    public void RemoveAt(int index)
    {
        if (index >= _items.Count) throw new IndexOutOfRangeException();
        _values.Remove(_items[index].Item1);
        _items.RemoveAt(index);
    }

    public void Clear()
    {
        _values.Clear();
        _items.Clear();
    }

    public void clear() => Clear();

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        _items.Select(item => KeyValuePair.Create(item.Item1, item.Item2)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Discard(TKey key)
    {
        if (ContainsKey(key)) Remove(key);
    }

    private int Find(TKey key) => _items.FindIndex(item => _values.Comparer.Equals(item.Item1, key));
}
