namespace NsDropoutTorch;

/// <summary>
/// A module that learns from the batch in training mode, and so is no <c>IRandomInTraining</c>, but whose masks may be drawn in eval mode, where it learns nothing.
/// Monte-Carlo prediction repeats these draws, and knows such modules by this interface alone.
/// </summary>
public interface IDrawsMasks
{
    /// <summary>Whether masks are drawn for each sample; false where they are chosen, and nothing is random.</summary>
    bool DrawsMasks { get; }

    /// <summary>Whether the rows of an input are its samples, so that copies of a sample in the same batch are draws of their own.</summary>
    bool DrawsForEachRow { get; }

    /// <summary>
    /// Whether masks are drawn in eval mode as in training: at the rates that the module has, without labels and without a change of its state. A setting that no file holds. Default: false.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is set to true where <see cref="DrawsMasks"/> is false; the setting stays as it was.</exception>
    bool DrawsInEval { get; set; }
}
