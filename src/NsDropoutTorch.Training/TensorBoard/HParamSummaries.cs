using System.Globalization;
using Google.Protobuf;
using Tensorboard;
using Setting = Google.Protobuf.WellKnownTypes.Value;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>The three summaries that the tab HPARAMS reads. Their content is messages that TorchSharp has no types for, so they are written field by field.</summary>
/// <remarks>TensorBoard, <c>plugins/hparams/plugin_data.proto</c> and <c>api.proto</c>; the numbers are those of their fields.</remarks>
internal static class HParamSummaries
{
    private enum Kind
    {
        Text = 1,
        Truth = 2,
        Number = 3,
    }

    private enum Status
    {
        Success = 1,
        Failure = 2,
    }

    /// <summary>The values themselves.</summary>
    /// <exception cref="ArgumentException">One is neither a text nor a truth value nor a number.</exception>
    public static IReadOnlyDictionary<string, object> Checked(IReadOnlyDictionary<string, object> values)
    {
        foreach (var (name, value) in values)
            KindOf(name, value);
        return values;
    }

    /// <summary>Which hyperparameters and metrics there are.</summary>
    public static Summary.Types.Value Experiment(IReadOnlyDictionary<string, object> values, IReadOnlyList<string> metrics) => Of("experiment", 2, Message(experiment =>
    {
        foreach (var (name, value) in values)
        {
            Put(experiment, 4, Message(info =>
            {
                Put(info, 1, Text(name));
                Put(info, 4, (int)KindOf(name, value));
            }));
        }

        foreach (var metric in metrics)
            Put(experiment, 5, Message(info => Put(info, 1, Message(name => Put(name, 2, Text(metric))))));
    }));

    /// <summary>The values of this run.</summary>
    public static Summary.Types.Value SessionStart(IReadOnlyDictionary<string, object> values, double seconds) => Of("session_start_info", 3, Message(session =>
    {
        foreach (var (name, value) in values)
        {
            Put(session, 1, Message(entry =>
            {
                Put(entry, 1, Text(name));
                Put(entry, 2, SettingOf(name, value).ToByteString());
            }));
        }

        Put(session, 5, seconds);
    }));

    /// <summary>How this run ended.</summary>
    public static Summary.Types.Value SessionEnd(bool succeeded, double seconds) => Of("session_end_info", 4, Message(session =>
    {
        Put(session, 1, (int)(succeeded ? Status.Success : Status.Failure));
        Put(session, 2, seconds);
    }));

    // All is in the metadata; readers want a tensor nevertheless, so there is one without elements.
    private static Summary.Types.Value Of(string name, int field, ByteString content) => new()
    {
        Tag = $"_hparams_/{name}",
        Metadata = new() { PluginData = new() { PluginName = "hparams", Content = Message(data => Put(data, field, content)) }, DataClass = DataClass.Tensor },
        Tensor = new() { Dtype = DataType.DtFloat, TensorShape = new() { Dim = { new TensorShapeProto.Types.Dim { Size = 0 } } } },
    };

    private static Kind KindOf(string name, object value) => value switch
    {
        string => Kind.Text,
        bool => Kind.Truth,
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => Kind.Number,
        _ => throw Require.Broken($"a hyperparameter must be a text, a truth value or a number, but got {value.GetType().Name} for '{name}'; give its text."),
    };

    private static Setting SettingOf(string name, object value) => KindOf(name, value) switch
    {
        Kind.Text => Setting.ForString((string)value),
        Kind.Truth => Setting.ForBool((bool)value),
        _ => Setting.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    };

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return ByteString.CopyFrom(bytes.ToArray());
    }

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);

    private static void Put(CodedOutputStream output, int field, ByteString bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(bytes);
    }

    private static void Put(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static void Put(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }
}
