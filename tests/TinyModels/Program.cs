using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.TinyModels;

// Makes the small models of workflows/models (keys and shapes of a template, numbers of our own; make.sh has the commands) and
// the canvas twins of the workflows (canvas.sh).
switch (args)
{
    case ["weights", var template, var output, .. var changes]:
        Console.WriteLine(RandomWeights.Save(template, output, ShapeChanges.Parse(changes)));
        return 0;
    case ["sdxl-base", var output]:
        Console.WriteLine(TinySdxl.Save(TinySdxl.BaseShapes, output));
        return 0;
    case ["sdxl-refiner", var output]:
        Console.WriteLine(TinySdxl.Save(TinySdxl.RefinerShapes, output));
        return 0;
    case ["lora", var checkpoint, var output]:
        Console.WriteLine(RandomLora.Save(checkpoint, output));
        return 0;
    case ["tokenizer", var corpus, var output, var size]:
        var vocabulary = UnigramVocabulary.Count(
            File.ReadAllText(corpus),
            int.Parse(size, CultureInfo.InvariantCulture)
        );
        File.WriteAllText(output, vocabulary.ToTokenizerJson());
        Console.WriteLine($"{output}: {vocabulary.Pieces.Count} pieces");
        return 0;
    case ["upscaler", var output]:
        Console.WriteLine(TinyUpscaler.Save(output));
        return 0;
    case ["gguf", var model, var output, var architecture]:
        Console.WriteLine(GgufModel.Save(model, output, architecture));
        return 0;
    case ["canvas", var workflow, var output]:
        using (var services = NodePack.CreateServices(new FolderLayout()))
        {
            var drawn = CanvasDrawing.Draw(
                (JObject)PromptJson.Parse(File.ReadAllText(workflow)),
                NodePack.CreateCatalogue().ObjectInfo(services)
            );
            File.WriteAllText(output, PromptJson.Write(drawn, indented: true) + "\n");
        }
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: NodeHost.TinyModels weights TEMPLATE.safetensors OUT.safetensors [SIZE=SIZE | KEY=SIZE,SIZE...]...
                   NodeHost.TinyModels lora CHECKPOINT.safetensors OUT.safetensors
                   NodeHost.TinyModels sdxl-base OUT.safetensors
                   NodeHost.TinyModels sdxl-refiner OUT.safetensors
                   NodeHost.TinyModels tokenizer CORPUS.txt OUT.json SIZE
                   NodeHost.TinyModels upscaler OUT.safetensors
                   NodeHost.TinyModels gguf MODEL.safetensors OUT.gguf ARCHITECTURE
                   NodeHost.TinyModels canvas WORKFLOW.json OUT.json
            """
        );
        return 2;
}
