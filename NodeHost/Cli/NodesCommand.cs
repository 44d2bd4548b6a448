using System.CommandLine;
using NodeHost.Graph.Catalogue;

namespace NodeHost.Cli;

/// <summary><c>nodes [--markdown]</c>: which nodes there are.</summary>
internal static class NodesCommand
{
    /// <summary>Writes <c>docs/nodes.md</c> anew; a test compares the file with what this prints.</summary>
    public const string WriteIndex = "./run nodes --markdown > docs/nodes.md";

    /// <param name="catalogue">The nodes.</param>
    public static Command Create(Func<NodeCatalogue> catalogue)
    {
        var markdown = new Option<bool>("--markdown") { Description = "As the tables of docs/nodes.md" };
        var command = new Command("nodes", "Lists the names of all nodes.") { markdown };
        command.SetAction(parsed =>
        {
            var nodes = catalogue();
            if (parsed.GetValue(markdown))
            {
                Console.Out.Write(NodeIndexWriter.Write(nodes, WriteIndex));
            }
            else
            {
                foreach (var name in nodes.ClassTypes)
                {
                    Console.Out.WriteLine(name);
                }
            }
            return ExitCode.Done;
        });
        return command;
    }
}
