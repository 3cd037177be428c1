// Seeds and counts of live tensors are global to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
