using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Waiting jobs as a binary heap by number, then by id. Its array is what ComfyUI shows as <c>queue_pending</c>.</summary>
internal sealed class PendingHeap
{
    private readonly List<JobKey> _jobs = [];
    private readonly Dictionary<string, JobKey> _byId = [];

    public int Count => _jobs.Count;

    /// <summary>In the order of the heap.</summary>
    public IReadOnlyList<JobKey> Jobs => _jobs;

    public JobKey? Find(string promptId) => _byId.GetValueOrDefault(promptId);

    public void Push(JobKey job)
    {
        _byId.Add(job.PromptId, job);
        _jobs.Add(job);
        Rise(_jobs.Count - 1);
    }

    public JobKey? Pop()
    {
        if (_jobs.Count == 0)
        {
            return null;
        }
        var first = _jobs[0];
        var last = _jobs[^1];
        _jobs.RemoveAt(_jobs.Count - 1);
        if (_jobs.Count > 0)
        {
            _jobs[0] = last;
            Sink(0);
        }
        _byId.Remove(first.PromptId);
        return first;
    }

    /// <summary>Takes a job out of the middle; the rest is made a heap anew, as ComfyUI does.</summary>
    public JobKey? Remove(string promptId)
    {
        if (!_byId.Remove(promptId, out var job))
        {
            return null;
        }
        _jobs.Remove(job);
        for (var index = (_jobs.Count / 2) - 1; index >= 0; index--)
        {
            Sink(index);
        }
        return job;
    }

    public IReadOnlyList<JobKey> Clear()
    {
        var jobs = _jobs.ToArray();
        _jobs.Clear();
        _byId.Clear();
        return jobs;
    }

    /// <summary>In the order in which they will run.</summary>
    public IReadOnlyList<JobKey> Sorted() => [.. _jobs.Order(Comparer<JobKey>.Create(Compare))];

    private static int Compare(JobKey left, JobKey right)
    {
        var byNumber = left.Number.CompareTo(right.Number);
        return byNumber != 0 ? byNumber : string.CompareOrdinal(left.PromptId, right.PromptId);
    }

    private void Rise(int index)
    {
        while (index > 0 && Compare(_jobs[index], _jobs[(index - 1) / 2]) < 0)
        {
            var parent = (index - 1) / 2;
            (_jobs[index], _jobs[parent]) = (_jobs[parent], _jobs[index]);
            index = parent;
        }
    }

    private void Sink(int index)
    {
        while (true)
        {
            var least = index;
            for (var child = (2 * index) + 1; child <= (2 * index) + 2 && child < _jobs.Count; child++)
            {
                if (Compare(_jobs[child], _jobs[least]) < 0)
                {
                    least = child;
                }
            }
            if (least == index)
            {
                return;
            }
            (_jobs[index], _jobs[least]) = (_jobs[least], _jobs[index]);
            index = least;
        }
    }
}
