package import Documents
internal import Expressions
internal import HTTPEngine
package import JSONWire
internal import Listeners
internal import Primitives
internal import Workflows

/// Tries expressions on a sample request, in the scope of a listener's endpoint; taken for an answer, the sample is what
/// `response`, `result` and `http` name in a component.
package struct ExpressionTrial {
    /// A request that was never sent.
    package struct Sample {
        /// The body's bytes; empty for none.
        package var body: [UInt8] = []
        /// What the body is; nil is JSON.
        package var contentType: String?
        /// The header fields.
        package var headers: [(name: String, value: String)] = []
        /// The query parameters.
        package var query: [(name: String, value: String)] = []
        /// The method.
        package var method = "POST"
        /// The path.
        package var path = "/"
        /// The HTTP status, where it is taken for an answer.
        package var status = 200

        /// An empty POST of /.
        package init() {}
    }

    /// Why a sample cannot be read, as a sentence.
    package struct Unreadable: Error {
        /// What is wrong with its body.
        package let message: String
    }

    private let body: JSONValue
    private let facts: RequestFacts
    private let head: AnswerHead
    private let environment: [String: String]

    /// Reads a sample.
    ///
    /// - Parameters:
    ///   - sample: The request.
    ///   - environment: What `${env.NAME}` yields.
    /// - Throws: ``Unreadable`` for a body that is not what its type says.
    package init(_ sample: Sample, environment: [String: String]) throws(Unreadable) {
        do throws(Problem) {
            body = try BodyValue.whole(sample.body, contentType: sample.contentType)
        } catch {
            throw Unreadable(message: error.detail)
        }
        var headers = sample.headers
        if let type = sample.contentType { headers.append(("Content-Type", type)) }
        facts = RequestFacts(
            method: sample.method,
            path: sample.path,
            query: sample.query,
            headers: headers,
            time: .now()
        )
        head = AnswerHead(status: sample.status, fields: headers, keepsAll: true)
        self.environment = environment
    }

    /// The value of an expression, or of a map with expressions.
    ///
    /// - Parameters:
    ///   - node: What is written.
    ///   - item: What names the item, or with a list the items, each of which gives a value; nil for none.
    ///   - diagnostics: Takes what is wrong, also what only shows on this sample.
    /// - Returns: The value; nil where something is wrong.
    package func value(of node: Node, item: Node?, diagnostics: Diagnostics) -> JSONValue? {
        guard let template = compile(node, diagnostics) else { return nil }
        guard let item else { return value(template, item: body, diagnostics) }
        guard let naming = compile(item, diagnostics),
            let found = value(naming, item: body, diagnostics)
        else { return nil }
        guard case .array(let items) = found else {
            return value(template, item: found, diagnostics)
        }
        var values: [JSONValue] = []
        for item in items {
            guard let value = value(template, item: item, diagnostics) else { return nil }
            values.append(value)
        }
        return .array(values)
    }

    private static let sources = SourceSet.listener.union(
        SourceSet(of: [.response, .result, .http])
    )

    private func compile(_ node: Node, _ diagnostics: Diagnostics) -> Template? {
        Template.compile(
            node,
            context: CompileContext(sources: Self.sources, environment: environment),
            diagnostics: diagnostics
        )
    }

    private func value(
        _ template: Template,
        item: JSONValue,
        _ diagnostics: Diagnostics
    ) -> JSONValue? {
        let scope = SampleScope(
            request: ListenerScope(
                body: .value(body),
                item: .value(item),
                facts: facts,
                gateways: GatewayValues()
            ),
            body: body,
            head: head
        )
        do throws(EvaluationError) {
            return try template.evaluate(scope)
        } catch {
            diagnostics.error(error.message, at: error.position)
            return nil
        }
    }
}

/// A sample as the request that it is, and as an answer.
private struct SampleScope: Scope {
    let request: ListenerScope
    let body: JSONValue
    let head: AnswerHead

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        switch reference.source {
        case .response, .result: body.select(reference.steps)
        case .http: head.select(reference.steps)
        default: try request.resolve(reference)
        }
    }
}
