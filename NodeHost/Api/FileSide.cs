using NodeHost.Api.Files;
using NodeHost.Api.Internal;
using NodeHost.Api.Models;
using NodeHost.Api.Users;
using NodeHost.Api.Web;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>All routes that are about files: pictures, models, users, pages.</summary>
internal static class FileSide
{
    public static void Map(RouteTable routes, ServerServices services, FrontEnd frontEnd)
    {
        ViewRoutes.Map(routes, services);
        UploadRoutes.Map(routes, services);
        ConvertRoutes.Map(routes, services);
        ModelRoutes.Map(routes, services);
        var users = new UserFolders(services.Options);
        UserRoutes.Map(routes, users);
        SettingsRoutes.Map(routes, users);
        UserDataRoutes.Map(routes, users);
        InternalRoutes.Map(routes, services);
        ExtensionRoutes.Map(routes, services, frontEnd);
        frontEnd.Map(routes);
    }
}
