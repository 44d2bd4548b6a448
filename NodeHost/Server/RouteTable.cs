using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace NodeHost.Server;

/// <summary>Where route groups put their routes: each exists bare and under <c>/api</c>, and what answers GET answers HEAD.</summary>
/// <remarks>
/// A group is a static class with one method, in a file of its own, and is named once in <see cref="NodeServer"/>:
/// <code>
/// internal static class EmbeddingRoutes
/// {
///     public static void Map(RouteTable routes, ServerServices services)
///     {
///         routes.Get("/embeddings", context => Reply.Json(context, Names(services)));
///         routes.Post("/embeddings/{name}", async context =>
///         {
///             var body = await JsonBody.ReadAsync(context);       // any content type; 400 and 413 by themselves
///             var name = (string)context.GetRouteValue("name")!;
///             throw new RequestException(409, "already_there", $"'{name}' is there already");
///         });
///     }
/// }
/// </code>
/// </remarks>
internal sealed class RouteTable(IEndpointRouteBuilder endpoints)
{
    private readonly List<(string Method, string Pattern)> _routes = [];

    /// <summary>Every route once, without its doubles.</summary>
    public IReadOnlyList<(string Method, string Pattern)> Routes => _routes;

    public void Get(string pattern, RequestDelegate handler, bool underApi = true) =>
        Map(["GET", "HEAD"], pattern, handler, underApi);

    public void Post(string pattern, RequestDelegate handler, bool underApi = true) =>
        Map(["POST"], pattern, handler, underApi);

    public void Put(string pattern, RequestDelegate handler, bool underApi = true) =>
        Map(["PUT"], pattern, handler, underApi);

    public void Patch(string pattern, RequestDelegate handler, bool underApi = true) =>
        Map(["PATCH"], pattern, handler, underApi);

    public void Delete(string pattern, RequestDelegate handler, bool underApi = true) =>
        Map(["DELETE"], pattern, handler, underApi);

    private void Map(string[] methods, string pattern, RequestDelegate handler, bool underApi)
    {
        _routes.Add((methods[0], pattern));
        endpoints.MapMethods(pattern, methods, handler);
        if (underApi)
        {
            endpoints.MapMethods("/api" + pattern, methods, handler);
        }
    }
}
