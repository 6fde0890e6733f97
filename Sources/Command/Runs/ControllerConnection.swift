internal import Configuration
internal import Controller
internal import Documents
internal import JSONWire
internal import Outbound
internal import Platform
internal import Primitives

/// The controller that a command asks: where it is, and the token that opens it.
struct ControllerConnection {
    /// The options that name it.
    static let options: [Arguments.Option] = [
        .init(
            names: ["--url"],
            value: "URL",
            help:
                "the controller, base path included; default: the configuration's, else \(fallback)"
        ),
        .init(
            names: ["--token"],
            value: "TOKEN",
            help: "the controller's token; SLUICE_TOKEN is safer: other users see command lines"
        ),
        ConfigurationLoading.options[0],
        .init(names: ["--json"], value: nil, help: "print the controller's answer as JSON"),
    ]

    /// What is asked where nothing says otherwise.
    static let fallback = "http://127.0.0.1:8080"

    /// The URL without a slash at its end.
    let url: String
    private let token: String?
    private let client: WebClient

    /// Finds the controller that a command line means.
    ///
    /// - Throws: ``WebClient/Failure`` for a URL that is none.
    init(_ arguments: Arguments) throws(WebClient.Failure) {
        var url = arguments.last("--url") ?? Self.configured(arguments) ?? Self.fallback
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw WebClient.Failure(
                message: "--url wants a URL that begins with http:// or https://, not `\(url)`"
            )
        }
        self.url = url
        token = arguments.last("--token") ?? ProcessState.environment()["SLUICE_TOKEN"]
        client = try WebClient()
    }

    /// Asks for something below the controller's URL.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: Path and query, with a slash at the front.
    ///   - body: The JSON to send; nil for none.
    /// - Returns: The JSON of a 2xx answer.
    /// - Throws: ``WebClient/Failure`` for no answer, or one that says no; it says why and what to do.
    func ask(
        _ method: String,
        _ path: String,
        body: JSONValue? = nil
    ) throws(WebClient.Failure) -> JSONValue {
        let reply = try reply(method, path, body: body)
        guard reply.isSuccess else { throw refusal(reply) }
        return reply.value
    }

    /// Asks for something, and gives the answer whatever it says.
    func reply(
        _ method: String,
        _ path: String,
        body: JSONValue? = nil,
        headers: [(name: String, value: String)] = [],
        onBody: (@Sendable ([UInt8]) -> Void)? = nil
    ) throws(WebClient.Failure) -> WebClient.Reply {
        var request = OutboundRequest(method: method, url: url + path)
        request.headers = headers
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body.jsonBytes
        }
        // A run may be watched, or waited for, as long as it takes.
        request.timeout = .seconds(366 * 86_400)
        request.onBody = onBody
        do throws(WebClient.Failure) {
            return try client.send(request)
        } catch {
            throw WebClient.Failure(
                message: "no controller answers at \(url): \(error.message). Is the server up? "
                    + "Another address is named with --url"
            )
        }
    }

    /// Why the controller said no.
    func refusal(_ reply: WebClient.Reply) -> WebClient.Failure {
        let value = reply.value
        let said = (value["detail"]?.string ?? value["title"]?.string).map(TerminalText.line)
        switch reply.status {
        case 401, 403:
            let what =
                token == nil
                ? "the controller wants a token: set SLUICE_TOKEN, or give --token"
                : "the controller does not take this token"
            return WebClient.Failure(message: reply.status == 401 ? what : said ?? what)
        case 404 where value["code"]?.string == "task_unknown":
            return WebClient.Failure(
                message: "there is no such run; sluice runs list shows those there are"
            )
        default:
            return WebClient.Failure(
                message: said ?? "the controller answered \(reply.status); is \(url) a controller?"
            )
        }
    }

    /// The URL of the configuration's controller; nil where there is no configuration, or it has none.
    private static func configured(_ arguments: Arguments) -> String? {
        guard let configuration = ConfigurationLoading.quietly(arguments),
            let controller = configuration.controller
        else { return nil }
        return "http://\(LocalAddress.host(controller.host)):\(controller.port)"
            + controller.basePath
    }
}
