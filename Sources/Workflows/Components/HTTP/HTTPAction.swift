internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// An HTTP request, compiled.
struct HTTPAction: Sendable {
    /// `base_url`, or the base of a managed server; nil where `path` is absolute.
    let base: Template?
    /// `path` or `endpoint`.
    let path: Template?
    let method: Template
    /// Component and action headers in one, names unique without regard to case.
    let headers: [(name: String, value: Template)]
    let params: Template?
    let body: Template?
    let server: String?
    /// How a response that is a stream of events becomes a value.
    var streamFormat: EventStream.Format?
    /// What the environment gave to the address; it is not told where it stands in a URL's path.
    var pathSecrets: [String] = []
}
