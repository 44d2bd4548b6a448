using System.Diagnostics;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Tensors.Safetensors;

[AssertNoLeakedTensors]
public sealed class HostileSafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("hostile.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", 4, "not valid JSON")]
    [InlineData("{} x", 0, "not valid JSON")]
    [InlineData(" {}", 0, "must begin with '{'")]
    [InlineData("[]", 0, "must begin with '{'")]
    [InlineData("", 0, "must begin with '{'")]
    [InlineData("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "has dtype 'C64'")]
    [InlineData("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "has dtype 'Number'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1e1],\"data_offsets\":[0,4]}}", 4, "whole numbers")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
        4,
        "whole numbers"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
        0,
        "that overflows"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807,2],\"data_offsets\":[0,0]}}",
        0,
        "that overflows"
    )]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "takes 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "end lies before")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "must have dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "more than 2 numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "must have dtype")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        4,
        "two fields 'dtype'"
    )]
    [InlineData("{\"a\":7}", 0, "must be an object")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "truncated")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2, "1 bytes at the end")]
    [InlineData(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
        2,
        "1 bytes before the data of tensor 'a'"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
        3,
        "'a' and 'b' overlap"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
        2,
        "'a' stands twice"
    )]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "metadata 'a' must be a string")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "metadata 'a' stands twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "stands twice")]
    [InlineData("{\"\\ud800\":{}}", 0, "a key is not valid text")]
    public void Open_UnsoundHeader_SaysWhatIsWrong(string header, int dataLength, string expected)
    {
        File.WriteAllBytes(FilePath, RawSafetensors.Make(header, dataLength));

        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath));

        Assert.StartsWith(FilePath, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData(100_000_001UL, "at most 100000000")]
    [InlineData(ulong.MaxValue, "at most 100000000")]
    [InlineData(1000UL, "truncated")]
    public void Open_HeaderLengthThatLies_SaysSo(ulong announced, string expected)
    {
        File.WriteAllBytes(FilePath, RawSafetensors.Make("{}"u8.ToArray(), 0, announced));

        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath));

        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Open_InvalidUtf8_SaysSo()
    {
        File.WriteAllBytes(FilePath, RawSafetensors.Make([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}']));

        Assert.Contains("UTF-8", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath)).Message);
    }

    [Fact]
    public void Open_TwoThousandDamagedFiles_LoadsOrRefusesEachWithinBounds()
    {
        var refused = 0;
        var watch = Stopwatch.StartNew();
        for (var seed = 0; seed < 2000; seed++)
        {
            var bytes = new DamagedSafetensors(seed).Make();
            File.WriteAllBytes(FilePath, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var scope = new TensorScope();
                using var file = SafetensorsFile.Open(FilePath);
                foreach (var (key, entry) in file.Entries)
                {
                    Assert.Equal(entry.ElementCount, file.Load(key, DType.Float32).ElementCount);
                }
            }
            catch (SafetensorsException error)
            {
                refused++;
                Assert.True(
                    error.Message.Length < FilePath.Length + 2000,
                    $"seed {seed}: a message of {error.Message.Length} characters"
                );
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated < 200_000 + 40L * bytes.Length,
                $"seed {seed}: {allocated} bytes for a file of {bytes.Length}"
            );
        }

        Assert.InRange(refused, 1200, 1999);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"2000 files took {watch.Elapsed}");
    }
}
