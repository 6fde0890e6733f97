internal import Documents
package import Primitives

/// Where time zones come from: their rules lie in files, of which this room knows nothing.
package struct ZoneSource: Sendable {
    private let find: @Sendable (String) -> TimeZone?
    private let names: @Sendable () -> [String]

    /// No time zones but UTC.
    package static let none = ZoneSource(find: { _ in nil }, names: { [] })

    /// Tells of a source.
    ///
    /// - Parameters:
    ///   - find: The zone with a name that is safe to use as a path below a folder; nil where there is none.
    ///   - names: The names there are, for suggestions; empty where there are no zones at all.
    package init(
        find: @escaping @Sendable (String) -> TimeZone?,
        names: @escaping @Sendable () -> [String]
    ) {
        self.find = find
        self.names = names
    }

    /// The zone with a name such as `Europe/Berlin`; nil where there is none.
    func zone(_ name: String) -> TimeZone? {
        Self.isName(name) ? find(name) : nil
    }

    /// Whether any zone is there.
    var isEmpty: Bool { names().isEmpty }

    /// The name somebody meant: a near one, or one whose last part it is (`Berlin`).
    func suggestion(for name: String) -> String? {
        let names = names()
        let wanted = name.lowercased().map { $0 == " " ? "_" : $0 }
        let same = names.first {
            $0.lowercased().split(separator: "/").last.map(Array.init) == wanted
        }
        return same ?? NearestName.suggest(name, among: names)
    }

    /// Whether a text has the form of a zone's name; what has cannot lead out of the folder of zones.
    static func isName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 64 && parts.count <= 4
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, (65...90).contains(first & 0xDF) else {
                    return false
                }
                return part.utf8.allSatisfy { byte in
                    (65...90).contains(byte & 0xDF) || (48...57).contains(byte)
                        || "_+-".utf8.contains(byte)
                }
            }
    }
}
