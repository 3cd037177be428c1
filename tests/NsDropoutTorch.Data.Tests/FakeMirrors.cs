using System.Collections.Concurrent;

namespace NsDropoutTorch.Data.Tests;

/// <summary>Answers requests as a test says, and remembers them; no network takes part.</summary>
internal sealed class FakeMirrors(Func<Uri, HttpResponseMessage> answer) : HttpMessageHandler
{
    public ConcurrentQueue<Uri> Requests { get; } = new();

    public static HttpResponseMessage Content(byte[] bytes) => new() { Content = new ByteArrayContent(bytes) };

    public static HttpResponseMessage Content(Stream stream) => new() { Content = new StreamContent(stream) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!);
        return Task.FromResult(answer(request.RequestUri!));
    }
}
