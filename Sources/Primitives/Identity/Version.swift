/// The program's version.
package enum Version {
    /// Semantic version text.
    package static let text = "0.1.0"
}
