// Tests seed torch's global generator and count live tensors of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
