internal import HTTPEngine
internal import HTTPWire

/// One operation of the API: where it is, and all that the OpenAPI document tells of it.
struct ControllerOperation: Sendable {
    /// A parameter of an operation.
    struct Parameter: Sendable {
        /// Where it stands: `path`, `query` or `header`.
        let place: String
        /// Its name.
        let name: String
        /// What it is for.
        let about: String
        /// Its JSON Schema.
        var schema = #"{"type":"string"}"#
    }

    /// An answer that is no problem.
    struct Answer: Sendable {
        /// The status.
        let status: Int
        /// When it is given.
        let about: String
        /// The name of the body's schema; nil for one that has none.
        var schema: String?
        /// The body's media type.
        var mediaType = "application/json"
    }

    /// What the handler knows it by.
    let call: ControllerCall
    /// The method.
    let method: Method
    /// The path below the controller's base path.
    let path: String
    /// What is done for it.
    let action: ControllerAction
    /// What it does, in a few words.
    let summary: String
    /// What it takes beside the body.
    var parameters: [Parameter] = []
    /// The name of the body's schema; nil for none.
    var body: String?
    /// Its answers; problems come on top.
    let answers: [Answer]
}
