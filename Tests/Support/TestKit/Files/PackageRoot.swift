/// Where the package's own files are.
package enum PackageRoot {
    /// The folder that holds `Package.swift`, without a slash at the end.
    package static let path: String = {
        // This file is Tests/Support/TestKit/Files/PackageRoot.swift.
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(5)
        return parts.joined(separator: "/")
    }()

    /// The path of a file of the package, given relative to its root.
    package static func path(_ relative: String) -> String {
        "\(path)/\(relative)"
    }
}
