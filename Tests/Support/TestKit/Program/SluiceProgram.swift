internal import Glibc

/// Where the programs are that were built together with the running tests.
package enum SluiceProgram {
    /// The path of the built `sluice`, in the folder of the program that runs now.
    ///
    /// - Throws: ``KitError/missing(_:)`` where it was not built.
    package static func path() throws(KitError) -> String {
        try path(of: "sluice")
    }

    /// The path of another program that was built with it.
    ///
    /// - Throws: ``KitError/missing(_:)`` where it was not built.
    package static func path(of product: String) throws(KitError) -> String {
        let path = "\(buildFolder)/\(product)"
        if !Files.exists(path) { throw .missing("\(path) (build the product \(product) first)") }
        return path
    }

    /// Starts `sluice` with arguments; see ``ChildProgram/init(_:_:environment:directory:onLine:)``.
    package static func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        directory: String? = nil,
        onLine: (@Sendable (ChildProgram.Line) -> Void)? = nil
    ) throws(KitError) -> ChildProgram {
        try ChildProgram(
            path(),
            arguments,
            environment: environment,
            directory: directory,
            onLine: onLine
        )
    }

    /// The folder of the running executable: the test bundle's, or the demo's.
    private static var buildFolder: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(
            decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        return executable.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/")
    }
}
