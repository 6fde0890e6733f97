internal import HTTPWire

/// Comparison of a content type with what a route takes.
enum MediaType {
    /// Whether a content type is one of those: `type/subtype`, `+suffix` or `type/`.
    static func isAllowed(_ contentType: String, _ allowed: [String]) -> Bool {
        let bare = contentType.prefix { $0 != ";" }.lowercased()
        let type = bare.split(separator: " ", omittingEmptySubsequences: true).first ?? ""
        return allowed.contains { pattern in
            if pattern.hasPrefix("+") { return type.contains("/") && type.hasSuffix(pattern) }
            if pattern.hasSuffix("/") { return type.hasPrefix(pattern) }
            return type == pattern
        }
    }
}
