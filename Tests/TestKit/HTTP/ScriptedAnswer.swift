/// What a ``ScriptedService`` does with a request.
package struct ScriptedAnswer: Sendable {
    /// The status code; 0 closes the connection without an answer.
    package var status: Int
    /// Further header fields.
    package var headers: [(String, String)] = []
    /// The body.
    package var body: [UInt8] = []
    /// Whether the connection is closed after the answer.
    package var closes = false
    /// Run on a thread of its own once the answer is written: where a service calls back.
    package var afterwards: (@Sendable () -> Void)?

    /// An answer with a JSON body, given as text.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - text: The body.
    ///   - afterwards: Run on a thread of its own once the answer is written.
    /// - Returns: The answer, with its Content-Type.
    package static func json(
        _ status: Int,
        _ text: String,
        afterwards: (@Sendable () -> Void)? = nil
    ) -> ScriptedAnswer {
        ScriptedAnswer(
            status: status,
            headers: [("Content-Type", "application/json")],
            body: Array(text.utf8),
            afterwards: afterwards
        )
    }

    /// An answer without a body.
    package static func status(_ status: Int) -> ScriptedAnswer {
        ScriptedAnswer(status: status)
    }

    /// Closes the connection instead of answering.
    package static var hangUp: ScriptedAnswer { ScriptedAnswer(status: 0, closes: true) }

    /// The bytes that go on the wire.
    var message: [UInt8] {
        var text = "HTTP/1.1 \(status) Scripted\r\nContent-Length: \(body.count)\r\n"
        if closes { text += "Connection: close\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8) + body
    }
}
