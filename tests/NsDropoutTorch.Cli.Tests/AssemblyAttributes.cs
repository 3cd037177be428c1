// Tests set environment variables and the number of threads of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
