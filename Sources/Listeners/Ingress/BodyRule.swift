internal import HTTPWire

/// What the bodies of an endpoint are, whatever their media type says.
package struct BodyRule: Sendable, Hashable {
    /// The forms that a body can be said to have.
    package enum Form: String, Sendable, Hashable, CaseIterable {
        /// A JSON text.
        case json
        /// A form, as `application/x-www-form-urlencoded` has it.
        case form
        /// Text.
        case text
        /// Bytes: `{content_type, size, base64}`.
        case raw
    }

    /// The form.
    package let form: Form
    /// The field of a form whose text is the JSON that the body stands for, as Slack sends it; nil for none.
    package let field: String?

    /// Says what bodies are.
    package init(_ form: Form, field: String? = nil) {
        self.form = form
        self.field = field
    }

    /// The content type that a body is read by in place of its own, whose encoding it keeps.
    func contentType(insteadOf sent: String) -> String {
        let charset = HeaderParameters(sent)["charset"].map {
            "; charset=\(String(decoding: $0, as: UTF8.self))"
        }
        return switch form {
        case .json: "application/json" + (charset ?? "")
        case .form: "application/x-www-form-urlencoded" + (charset ?? "")
        case .text: "text/plain" + (charset ?? "")
        case .raw: sent.isEmpty ? "application/octet-stream" : sent
        }
    }
}
