internal import Glibc

/// A new empty folder that is removed with everything in it at the end of its life.
package final class TemporaryDirectory: Sendable {
    /// The folder's path, without a slash at the end.
    package let path: String

    /// Makes the folder below `TMPDIR`, or `/tmp` where that is not set.
    package init() throws(KitError) {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/sluice-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw .system(call: "mkdtemp in \(parent)", errno: errno)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The path of a file in the folder.
    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    deinit { Files.removeTree(path) }
}
