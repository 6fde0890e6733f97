internal import Glibc

/// Large public test inputs that lie beside the package and not in it: `../shared/data`.
///
/// A clean clone has none; a test that needs them says so and is counted as skipped.
package enum SharedData {
    /// The folder's path, without a slash at the end.
    package static let folder = PackageRoot.path("../shared/data")

    /// Whether the folder is there; for `.enabled(if:)`.
    package static var isThere: Bool { Files.exists(folder) }

    /// The path of a file or folder in it; nil, with a line `skipped: …` on standard error, where it is not there.
    package static func path(_ relative: String) -> String? {
        let path = "\(folder)/\(relative)"
        if Files.exists(path) { return path }
        skipped("\(relative) is not in ../shared/data")
        return nil
    }

    /// Says on standard error that a part of a test is left out, and why: `scripts/test` shows such lines.
    package static func skipped(_ reason: String) {
        let line = "skipped: \(reason)\n"
        unsafe _ = write(STDERR_FILENO, line, line.utf8.count)
    }
}
