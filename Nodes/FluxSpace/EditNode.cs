using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>What the editing nodes have in common: the checks before an edit, and its way into the model.</summary>
internal static class EditNode
{
    public const string Category = "fluxspace";
    public const string Module = "custom_nodes.fluxspace_ref";
    public const string AllTokens = "all";
    public const string ImageTokens = "image";
    public const string TextTokens = "text";

    /// <summary>The model with the edit. Slots of scale 0 do nothing; without any other, and without a measurement, it is the model itself.</summary>
    public static DiffusionModel Apply(NodeContext context, DiffusionModel model, FluxSpaceEditor editor)
    {
        var live = editor with { NodeId = context.NodeId, Slots = [.. editor.Slots.Where(slot => slot.Scale != 0)] };
        if (live.Slots.Count == 0 && live.Measurement is null)
        {
            return model;
        }
        RequireFlux(model, live);
        if (model.Wrapper is FluxSpaceEditor former)
        {
            context.Warn(
                $"{editor.Name}: the model already carries the edit of {former.Name}, which has no effect behind this node: "
                    + "a model has one place for an edit, and the last node takes it. "
                    + "To add edits up, put them into the slots of one FluxSpaceEditPairMulti."
            );
        }
        return live.ApplyTo(model);
    }

    // Other families are known by their weights before the first step, so that no step is wasted.
    private static void RequireFlux(DiffusionModel model, FluxSpaceEditor editor)
    {
        if (model.Source.Targets.Count == 0 || FluxBlockNames.Of(model.Source).Count > 0)
        {
            return;
        }
        if (editor.Sites.DoubleBlocksOnly)
        {
            throw new FluxSpaceException(
                $"{editor.Name}, input 'double_blocks_only': expected a model with double blocks, as Flux has, got {model.Source.Name}, which has 0. "
                    + "Switch it off, or load a Flux model."
            );
        }
        if (editor.Tokens == EditTokens.Text)
        {
            throw new FluxSpaceException(
                $"{editor.Name}, input 'tokens': expected a model whose attention joins text and image, as Flux's does, got {model.Source.Name}, "
                    + "in whose self-attention are 0 text tokens. Choose all, or load a Flux model."
            );
        }
        if (editor.Measurement is not null)
        {
            throw new FluxSpaceException(
                $"{editor.Name}: measurements hold layers of one width, as Flux has, and {model.Source.Name} has none of its blocks. "
                    + "Leave measure_path empty, or load a Flux model."
            );
        }
    }

    /// <summary>Name of a node in messages.</summary>
    public static string Name(NodeContext context, string wireName) => $"{wireName} #{context.NodeId}";

    /// <summary>What is read from a user's file or text; errors in it name the place it was given at.</summary>
    public static T Read<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FluxSpaceException or NumpyException or FormatException)
        {
            throw new FluxSpaceException($"{place}: {error.Message}", error);
        }
    }

    public static EditTokens Tokens(string choice) =>
        choice switch
        {
            ImageTokens => EditTokens.Image,
            TextTokens => EditTokens.Text,
            _ => EditTokens.All,
        };

    /// <summary>Where a measurement goes: below the output folder, as <c>.npz</c>; null for an empty path.</summary>
    public static string? OutputPath(NodeContext context, string name, string input, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return null;
        }
        if (path.EndsWith('/') || path.EndsWith('\\'))
        {
            throw new PathException(
                $"{name}, input '{input}': '{path}' names a folder. Give a file in it, such as {path}run.npz."
            );
        }
        var folder = context.Get<IFolderPaths>().OutputDirectory;
        var extended = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? path : $"{path}.npz";
        if (path.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase))
        {
            context.Warn(
                $"{name}, input '{input}': pickles are not written; the measurement goes to '{extended}', which numpy.load reads. "
                    + "Name a file that ends in .npz."
            );
        }
        return PathGuard.Resolve(folder, extended)
            ?? throw new PathException(
                $"{name}, input '{input}': '{path}' lies outside the output folder. Give a path relative to it, such as measurements/run.npz."
            );
    }

    /// <summary>Where the measurements of an edit go; null where none is wanted.</summary>
    public static MeasurementTarget? Target(NodeContext context, string name, string measurePath) =>
        OutputPath(context, name, "measure_path", measurePath) is { } path
            ? new MeasurementTarget { Path = path }
            : null;
}
