using System.Diagnostics;
using System.Runtime.InteropServices;
using NodeHost.Tensors;
using NodeHost.Tensors.Native;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Tensors;

/// <summary>Devices through c10's interface, and the parts that only a GPU has, as far as a machine without one can see.</summary>
[AssertNoLeakedTensors]
public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda:0")]
    [InlineData("cuda:3")]
    [InlineData("meta")]
    [InlineData("privateuseone:0")]
    public void Parse_AName_GivesTheDeviceOfThatName(string name) => Assert.Equal(name, Device.Parse(name).ToString());

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:999")]
    [InlineData("")]
    public void Parse_NoDevice_SaysWhatIsExpected(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Device.Parse(name));
        Assert.Contains("expected cpu, cuda or cuda:N", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BestDevice_WithoutAGpu_IsTheCpu()
    {
        var expected = TorchRuntime.CountDevices(Device.Cuda()) > 0 ? Device.Cuda() : Device.Cpu;
        Assert.Equal(expected, TorchRuntime.BestDevice);
        Assert.Equal(1, TorchRuntime.CountDevices(Device.Cpu));
    }

    [Fact]
    public void StreamAndSynchronize_OnEveryKindOfDevice_GoThroughOneInterface()
    {
        foreach (var device in new[] { Device.Cpu, TwinDevice.Device })
        {
            TorchRuntime.Synchronize(device);
            TorchRuntime.EmptyCache(device);
            Assert.Equal(0, TorchRuntime.GetStream(device));
            Assert.Null(TorchRuntime.GetMemory(device));
            Assert.Null(TorchRuntime.DescribeGpu(device));
        }
    }

    [Fact]
    public void Generator_OnADeviceWithoutOne_Throws() =>
        Assert.ThrowsAny<TensorException>(() => new Generator(1, TwinDevice.Device));

    [Fact]
    public void CudaDriver_WithOneGpu_TellsWhatItIsAndHas()
    {
        var driver = CudaDriver.Open(TwinDevice.LibraryPath)!;

        Assert.Equal(new GpuInfo("Twin GPU", new Version(9, 0), 132, 1980), driver.Describe(0));
        Assert.True(driver.Describe(0).HasBFloat16);
        Assert.Equal((72L << 30, 80L << 30), driver.GetMemory(0));
        var library = NativeLibrary.Load(TwinDevice.LibraryPath);
        var held = NativeLibrary.GetExport(library, "twin_held_contexts");
        Assert.Equal(0, Marshal.GetDelegateForFunctionPointer<Counter>(held)());
        var error = Assert.Throws<TensorException>(() => driver.GetMemory(1));
        Assert.Contains("CUDA_ERROR_INVALID_DEVICE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CudaDriver_WithoutOne_IsNull() => Assert.Null(CudaDriver.Open("libnodehost_no_such_driver.so"));

    /// <summary>The shim's CUDA part against libtorch's c10/cuda headers, which CPU packages carry too, and a stand-in for CUDA's.</summary>
    [Fact]
    public void CudaAllocator_AgainstLibtorchsHeaders_Compiles()
    {
        using var folder = new TemporaryFolder();
        var source = folder.File("check.cpp");
        File.WriteAllText(
            source,
            "#include \"cuda_allocator.h\"\n#ifndef NODEHOST_CUDA\n#error the CUDA part was left out\n#endif\n"
        );
        var (code, output) = Check(source, "-idirafter", Path.Combine(Repository.Root, "tests/Shared/Native/cuda"));

        Assert.True(code == 0, output);
    }

    private static (int Code, string Output) Check(params string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "Tensors/Native/build.sh");
        var start = new ProcessStartInfo("bash", [script, "--check", .. arguments]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate long Counter();
}
