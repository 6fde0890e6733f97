import TestKit

/// One Swift file of the package.
struct SourceFile {
    /// Its path relative to the package's root: `Sources/Loops/EventLoop.swift`.
    let path: String
    /// What it says.
    let text: SwiftText

    /// A file with a path and a content; also one that does not exist, to try a rule on.
    init(_ path: String, _ content: String) {
        self.path = path
        text = SwiftText(content)
    }

    /// The room it belongs to: `Loops` for `Sources/Loops/EventLoop.swift`.
    var room: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// The folder that holds it.
    var folder: String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }
}
