internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Listeners
internal import Primitives
internal import Store

/// The body of `POST {base_path}/workflows/runs`.
struct RunRequest {
    /// The workflow; nil for the default one.
    let workflowID: String?
    /// The run's input, not compared with what the workflow reads; null where the body names none.
    let input: JSONValue
    /// Whether the answer waits for the run's end; nil where the body does not say.
    let waitsForCompletion: Bool?
    /// Whether the answer is the output alone.
    let isOutputOnly: Bool
    /// The run's session and metadata; nil for neither.
    let labels: RunLabels?
    /// Where the result is sent; nil for nowhere.
    let callback: ResultCallback?
    /// Whether it asks for something that has no effect here.
    let asksForSubscription: Bool

    private static let known = [
        "workflow_id", "input", "wait_for_completion", "output_only", "session_id", "metadata",
        "subscribe_task", "callback_url", "callback_headers",
    ]

    /// Reads the body.
    ///
    /// - Throws: 400 when it is not what its type says, 415 for another type than JSON or a form, 422 when a member is
    ///   of another type, is unknown, or two contradict.
    static func read(_ request: borrowing Request, _ body: RawSpan) throws(Problem) -> RunRequest {
        guard case .other(let contentType) = RequestBody(request, body: body) else {
            return try RunRequest(BodyMap.read(body), isForm: false)
        }
        let kind = MediaKind(contentType: contentType)
        if kind == .form, BodyValue.looksLikeJSON(body.copied, kind) {
            let type = HeaderParameters(contentType).value
            throw RequestBody.Mistake(kind: .form, mediaType: type).problem
        }
        guard [.json, .form, .multipart].contains(kind),
            case .object(let form) = try BodyValue.of(body.copied, contentType)
        else {
            throw Problem(
                status: 415,
                code: .mediaTypeUnsupported,
                detail: "The controller takes JSON and forms only."
            )
        }
        if kind == .json { return try RunRequest(form, isForm: false) }
        return try RunRequest(FormMap.unfolded(form), isForm: true)
    }

    private init(_ object: JSONObject, isForm: Bool) throws(Problem) {
        if let unknown = object.members.first(where: { !Self.known.contains($0.name) }) {
            throw BodyMap.invalid(
                "Unknown member `\(unknown.name.prefix(64))`; known are \(Self.known.joined(separator: ", "))."
            )
        }
        workflowID = try BodyMap.text(object, "workflow_id")
        input = object["input"] ?? .null
        callback = try ResultCallback(object)
        waitsForCompletion = try BodyMap.flag(object, "wait_for_completion", isForm: isForm)
        isOutputOnly = try BodyMap.flag(object, "output_only", isForm: isForm) ?? false
        labels = RunLabels(
            sessionID: try BodyMap.text(object, "session_id"),
            metadata: object["metadata"] ?? .null,
            callback: callback
        )
        asksForSubscription =
            object["subscribe_task"].map { !$0.isNull && $0 != .bool(false) } ?? false
        if isOutputOnly, waitsForCompletion == false {
            throw BodyMap.invalid("`output_only` needs `wait_for_completion`.")
        }
        if callback != nil, waitsForCompletion == true {
            throw BodyMap.invalid("`callback_url` needs `wait_for_completion` to be false.")
        }
        if callback != nil, isOutputOnly {
            throw BodyMap.invalid("`callback_url` and `output_only` exclude each other.")
        }
    }
}
