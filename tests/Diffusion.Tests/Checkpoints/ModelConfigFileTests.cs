using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Tests.Diffusion.Checkpoints;

public sealed class ModelConfigFileTests
{
    [Fact]
    public void Parse_ConfigurationOfVelocityModel_ReadsWhatTensorsDoNotSay()
    {
        var config = ModelConfigFile.Parse(
            """
            model:
              target: ldm.models.diffusion.ddpm.LatentDiffusion
              params:
                parameterization: "v"
                scale_factor: 0.18215 # of latents
                cond_stage_config:
                  target: ldm.modules.encoders.modules.FrozenCLIPEmbedder
                  params:
                    layer: "hidden"
                    layer_idx: -2
            """
        );

        Assert.Equal(new ModelConfigFile(true, 0.18215, -2), config);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model: [")]
    [InlineData("parameterization: eps\nscale_factor: many\nlayer_idx: 3")]
    public void Parse_NothingOrNonsense_LeavesTheModelAsItIs(string yaml)
    {
        Assert.Equal(new ModelConfigFile(false, null, null), ModelConfigFile.Parse(yaml));
    }
}
