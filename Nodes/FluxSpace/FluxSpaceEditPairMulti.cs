using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Moves a picture in several directions at once, inside attention: the edits of its slots add up exactly.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class FluxSpaceEditPairMulti : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceEditPairMulti";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle]
    public bool DoubleBlocksOnly { get; init; }

    [Toggle]
    public bool Verbose { get; init; }

    [Input(Name = "edit_cond_a_1")]
    public Conditioning? A1 { get; init; }

    [Input(Name = "edit_cond_b_1")]
    public Conditioning? B1 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01, Name = "scale_1", Optional = true)]
    public double Scale1 { get; init; } = 0.0;

    [Number(0.0, 1.0, Step = 0.01, Name = "mix_b_1", Optional = true)]
    public double MixB1 { get; init; } = 0.5;

    [Text(Name = "label_1", Optional = true)]
    public string Label1 { get; init; } = "";

    [Input(Name = "edit_cond_a_2")]
    public Conditioning? A2 { get; init; }

    [Input(Name = "edit_cond_b_2")]
    public Conditioning? B2 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01, Name = "scale_2", Optional = true)]
    public double Scale2 { get; init; } = 0.0;

    [Number(0.0, 1.0, Step = 0.01, Name = "mix_b_2", Optional = true)]
    public double MixB2 { get; init; } = 0.5;

    [Text(Name = "label_2", Optional = true)]
    public string Label2 { get; init; } = "";

    [Input(Name = "edit_cond_a_3")]
    public Conditioning? A3 { get; init; }

    [Input(Name = "edit_cond_b_3")]
    public Conditioning? B3 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01, Name = "scale_3", Optional = true)]
    public double Scale3 { get; init; } = 0.0;

    [Number(0.0, 1.0, Step = 0.01, Name = "mix_b_3", Optional = true)]
    public double MixB3 { get; init; } = 0.5;

    [Text(Name = "label_3", Optional = true)]
    public string Label3 { get; init; } = "";

    [Input(Name = "edit_cond_a_4")]
    public Conditioning? A4 { get; init; }

    [Input(Name = "edit_cond_b_4")]
    public Conditioning? B4 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01, Name = "scale_4", Optional = true)]
    public double Scale4 { get; init; } = 0.0;

    [Number(0.0, 1.0, Step = 0.01, Name = "mix_b_4", Optional = true)]
    public double MixB4 { get; init; } = 0.5;

    [Text(Name = "label_4", Optional = true)]
    public string Label4 { get; init; } = "";

    [Text(Optional = true)]
    public string MeasurePath { get; init; } = "";

    [Choice(EditNode.AllTokens, EditNode.ImageTokens, EditNode.TextTokens, Optional = true, ShowDefault = true)]
    public string Tokens { get; init; } = EditNode.AllTokens;

    public DiffusionModel Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        return EditNode.Apply(
            context,
            Model,
            new FluxSpaceEditor
            {
                Name = name,
                Slots = [.. Slots(context, name)],
                Window = new EditWindow(StartPercent, EndPercent),
                Sites = new EditSites(DoubleBlocksOnly),
                Tokens = EditNode.Tokens(Tokens),
                Verbose = Verbose,
                Measurement = EditNode.Target(context, name, MeasurePath),
            }
        );
    }

    private IEnumerable<EditSlot> Slots(NodeContext context, string name)
    {
        (Conditioning? A, Conditioning? B, double Scale, double MixB, string Label)[] slots =
        [
            (A1, B1, Scale1, MixB1, Label1),
            (A2, B2, Scale2, MixB2, Label2),
            (A3, B3, Scale3, MixB3, Label3),
            (A4, B4, Scale4, MixB4, Label4),
        ];
        foreach (var (index, slot) in slots.Index())
        {
            if (slot is { A: { } a, B: { } b })
            {
                yield return new EditSlot(index + 1, a, b, slot.Scale, slot.MixB);
            }
            else if (slot.Scale != 0)
            {
                context.Warn(
                    $"{name}: slot {index + 1} ({slot.Label}) has scale {slot.Scale} and lacks edit_cond_{(slot.A is null ? "a" : "b")}_{index + 1}; it is left out. Connect both prompts."
                );
            }
        }
    }
}
