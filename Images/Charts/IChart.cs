namespace NodeHost.Images.Charts;

/// <summary>Something that draws itself into a part of a picture.</summary>
public interface IChart
{
    void Draw(ChartCanvas canvas, ChartArea area);
}
