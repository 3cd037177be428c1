// Seeds, grad mode, live-tensor counts and the number of threads belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
