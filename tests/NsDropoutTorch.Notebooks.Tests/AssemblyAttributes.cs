// Notebooks seed torch and write to the console, both of which are global.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
