/// What endpoints of both types say of the requests they take.
package struct EndpointRules: Sendable {
    /// Whether it takes requests; one that is switched off answers 410.
    package let isEnabled: Bool
    /// What its bodies are, whatever their media type; nil for what that says.
    let body: BodyRule?
    /// The parts of its requests that are secrets.
    package let redacted: RedactedParts
    /// How often its requests are taken.
    package let rates: [RateRule]
}
