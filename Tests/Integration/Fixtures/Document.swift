import TestKit

/// A document whose `yaml` fences are configurations.
struct Document {
    /// The texts between the fences, in order of appearance.
    let blocks: [String]

    /// Reads a document of the suite's data.
    init(_ name: String) throws {
        let text = try Files.text(PackageRoot.path("Tests/Integration/Data/\(name)"))
        var found: [String] = []
        var open: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = open {
                if line.hasPrefix("```") {
                    found.append(lines.map { $0 + "\n" }.joined())
                    open = nil
                } else {
                    open = lines + [line]
                }
            } else if line == "```yaml" {
                open = []
            }
        }
        blocks = found
    }

    /// The newest edition.
    static let newest = "system-integration.md"
    /// The edition before it.
    static let earlier = "system-integration-earlier.md"
}
