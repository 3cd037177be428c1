using System.Runtime.InteropServices;

namespace NsDropoutTorch.Training.Data;

/// <summary>A point of a pen's path: in a template x and y run from 0 to 1 (right, down), in an image they are pixels.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StrokePoint(double X, double Y);
