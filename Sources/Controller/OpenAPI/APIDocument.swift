internal import HTTPWire
internal import JSONWire
internal import Primitives

/// The OpenAPI 3.1 document of the API, made from the table of its operations.
struct APIDocument {
    private let basePath: String
    private let asksForToken: Bool

    /// Describes the API of a controller.
    init(_ settings: ControllerSettings) {
        basePath = settings.basePath
        asksForToken = settings.asksForToken
    }

    /// The document as JSON text.
    var bytes: [UInt8] {
        let info = """
            {"title":"Sluice","version":\(Self.quoted(Version.text)),\
            "description":"Starts runs of workflows, tells how they stand, answers and cancels them."}
            """
        let server = Self.quoted(basePath.isEmpty ? "/" : basePath)
        let text = """
            {"openapi":"3.1.0","info":\(info),"servers":[{"url":\(server)}],\
            "paths":\(paths),"components":\(components)}
            """
        return Array(text.utf8)
    }

    private var paths: String {
        var order: [String] = []
        var byPath: [String: [String]] = [:]
        for operation in ControllerRoutes.operations {
            if byPath[operation.path] == nil { order.append(operation.path) }
            byPath[operation.path, default: []].append(
                "\(Self.quoted(operation.method.name.lowercased())):\(described(operation))"
            )
        }
        let members = order.map { path in
            "\(Self.quoted(path)):{\((byPath[path] ?? []).joined(separator: ","))}"
        }
        return "{\(members.joined(separator: ","))}"
    }

    private func described(_ operation: ControllerOperation) -> String {
        var members = [
            #""operationId":"\#(operation.call)""#,
            #""summary":\#(Self.quoted(operation.summary))"#,
        ]
        if !operation.parameters.isEmpty {
            let list = operation.parameters.map(Self.described).joined(separator: ",")
            members.append(#""parameters":[\#(list)]"#)
        }
        if let body = operation.body {
            members.append(#""requestBody":\#(self.body(body, operation.call))"#)
        }
        let answers = operation.answers.map(Self.described)
        let problem = ##""default":{"$ref":"#/components/responses/Problem"}"##
        members.append(#""responses":{\#((answers + [problem]).joined(separator: ","))}"#)
        if asksForToken, !operation.call.isOpen {
            members.append(#""security":[{"bearer":[]},{"key":[]}]"#)
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func described(_ parameter: ControllerOperation.Parameter) -> String {
        """
        {"name":\(quoted(parameter.name)),"in":\(quoted(parameter.place)),\
        "required":\(parameter.place == "path"),"description":\(quoted(parameter.about)),\
        "schema":\(parameter.schema)}
        """
    }

    private static func described(_ answer: ControllerOperation.Answer) -> String {
        let about = #""description":\#(quoted(answer.about))"#
        guard let schema = answer.schema else { return #""\#(answer.status)":{\#(about)}"# }
        let content = "{\(quoted(answer.mediaType)):\(reference(schema))}"
        return #""\#(answer.status)":{\#(about),"content":\#(content)}"#
    }

    private func body(_ schema: String, _ call: ControllerCall) -> String {
        var types = ["application/json"]
        if asksForToken, call.takesForms {
            types += ["application/x-www-form-urlencoded", "multipart/form-data"]
        }
        let content = types.map { "\(Self.quoted($0)):\(Self.reference(schema))" }
        return #"{"content":{\#(content.joined(separator: ","))}}"#
    }

    private var components: String {
        var members = [
            #""schemas":\#(APISchemas.text)"#,
            #""responses":{"Problem":{"description":"A refusal (RFC 9457).","content":{"#
                + #""application/problem+json":\#(Self.reference("Problem"))}}}"#,
        ]
        if asksForToken {
            members.append(
                #""securitySchemes":{"bearer":{"type":"http","scheme":"bearer"},"#
                    + #""key":{"type":"apiKey","in":"header","name":"X-API-Key"}}"#
            )
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func reference(_ schema: String) -> String {
        ##"{"schema":{"$ref":"#/components/schemas/\##(schema)"}}"##
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).jsonText }
}
