namespace NodeHost.Graph.Contracts;

/// <summary>As <see cref="IValidatedNode"/>, for a check that has to wait.</summary>
public interface IAsyncValidatedNode
{
    Task<ValidationVerdict> ValidateAsync(ValidationContext context);
}
