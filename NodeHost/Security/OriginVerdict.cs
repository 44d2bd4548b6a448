namespace NodeHost.Security;

/// <summary>Where a request comes from, as far as browsers tell.</summary>
internal enum OriginVerdict
{
    /// <summary>From no browser's page, from a page of this server, or somebody opened a link to it.</summary>
    Own,

    /// <summary>From a page of another site, which <c>--enable-cors-header</c> names.</summary>
    Allowed,

    /// <summary>From a page of some other site, and <c>--enable-cors-header</c> allows all.</summary>
    AnySite,

    /// <summary>From a page of another site.</summary>
    Foreign,
}
