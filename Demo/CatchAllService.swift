internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Loops
package import Primitives

/// A server that answers every request of every path, and tells it: to see what a service really sends.
package final class CatchAllService: Sendable {
    /// One request as it came.
    package struct Received: Sendable {
        /// When it came.
        package let time: WallTime
        /// The other side's address.
        package let peer: String
        /// The method.
        package let method: String
        /// The path and the query, as they were sent.
        package let target: String
        /// The header fields in their order, names in lower case.
        package let headers: [(name: String, value: String)]
        /// The body.
        package let body: [UInt8]
    }

    /// Where it is: `http://127.0.0.1:8090`.
    package let url: String
    private let group: LoopGroup
    private let server: HTTPServer

    private static let methods: [Method] = [
        .get, .post, .put, .patch, .delete, .head, .options,
    ]

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - host: The address to listen on.
    ///   - port: The port; 0 takes a free one.
    ///   - status: What every request is answered with, 200 to 599.
    ///   - tell: Hears of every request, on the server's thread, before it is answered.
    /// - Throws: `LoopError` where the address cannot be had.
    package init(
        host: String,
        port: Int,
        status: Int,
        tell: @escaping @Sendable (Received) -> Void
    ) throws {
        group = try LoopGroup(threads: 1, name: "listen")
        var limits = ServerLimits()
        limits.bodyBytesMax = 64 << 20
        server = try HTTPServer(
            group: group,
            sites: [
                Site(
                    name: "listen",
                    addresses: [ListenAddress(host: host, port: UInt16(clamping: port))],
                    routes: [Route(id: 0, methods: Self.methods, path: "/{rest:path}")],
                    limits: limits
                ) { _ in Handler(status: status, tell: tell) }
            ],
            log: .silent
        )
        try server.start()
        let bound = server.boundPorts.first?.first ?? 0
        url = "http://\(ListenAddress(host: host, port: bound).text)"
    }

    deinit {
        server.close()
        group.stop()
    }

    /// Tells requests and answers them.
    private final class Handler: RequestHandler {
        private let status: Int
        private let tell: @Sendable (Received) -> Void

        init(status: Int, tell: @escaping @Sendable (Received) -> Void) {
            self.status = status
            self.tell = tell
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            tell(
                Received(
                    time: .now(),
                    peer: request.peerAddress,
                    method: request.method.name,
                    target: request.rawTarget,
                    headers: request.headers,
                    body: body.copied
                )
            )
            exchange.respond(.json(status, Array(#"{"status":"received"}"#.utf8)))
        }
    }
}

extension CatchAllService.Received {
    /// How much of a body is shown.
    private static let shownMax = 64 << 10

    /// The request as lines for people: the head, then the body, JSON laid out.
    package var text: String {
        let head = "\(time.rfc3339)  \(method) \(target)  from \(peer)"
        let fields = headers.map { "  \($0.name): \($0.value)" }
        return ([head] + fields + (shownBody.map { ["", $0] } ?? []) + [""])
            .joined(separator: "\n")
    }

    /// The request as a JSON object on one line; a body that is not UTF-8 is in `body_base64`.
    package var jsonText: String {
        var object: JSONObject = [
            "time": .string(time.rfc3339), "peer": .string(peer), "method": .string(method),
            "target": .string(target),
            "headers": .array(
                headers.map { .array([.string($0.name), .string($0.value)]) }
            ),
        ]
        if let text = String(validating: body, as: UTF8.self) {
            object["body"] = .string(text)
        } else {
            object["body_base64"] = .string(Base64.text(of: body))
        }
        return JSONValue.object(object).jsonText
    }

    private var shownBody: String? {
        guard !body.isEmpty else { return nil }
        guard let text = String(validating: body, as: UTF8.self) else {
            return "  (\(body.count) bytes that are not text)"
        }
        let shown = Self.laidOut(body) ?? text
        guard shown.utf8.count > Self.shownMax else { return indented(shown) }
        return indented(String(shown.prefix(Self.shownMax))) + "\n  (\(body.count) bytes in all)"
    }

    private static func laidOut(_ body: [UInt8]) -> String? {
        do throws(JSONError) {
            return try JSONValue.parse(body).prettyJSONText
        } catch {
            // It is shown as the text that it is.
            return nil
        }
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
            .joined(separator: "\n")
    }
}
