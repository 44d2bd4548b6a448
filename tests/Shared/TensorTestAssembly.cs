// Live tensors are counted for the whole process, so tests of one assembly run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
