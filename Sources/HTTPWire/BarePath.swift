/// Paths compared as people read them.
package enum BarePath {
    /// A path without doubled and trailing slashes, its escapes decoded, those within escapes too.
    package static func of(_ path: String) -> String {
        var text = path
        for _ in 0..<2 {
            let bytes = Array(text.utf8)
            guard Percent.isValid(bytes.span) else { break }
            text = Percent.decode(bytes.span, plusIsSpace: false)
        }
        return text.split(separator: "/").joined(separator: "/")
    }
}
