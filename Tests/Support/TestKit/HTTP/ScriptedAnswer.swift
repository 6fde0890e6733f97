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
    /// Sends the body in pieces, by calling what it is given for each; the connection's end ends the body.
    package var pieces: (@Sendable (_ send: (String) -> Void) -> Void)?
    /// Run on a thread of its own once the answer is written: where a service calls back.
    package var afterwards: (@Sendable () -> Void)?

    /// An answer of a status, with whatever else is set.
    package init(status: Int, afterwards: (@Sendable () -> Void)? = nil) {
        self.status = status
        self.afterwards = afterwards
    }

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
        var answer = ScriptedAnswer(status: status, afterwards: afterwards)
        answer.headers = [("Content-Type", "application/json")]
        answer.body = Array(text.utf8)
        return answer
    }

    /// An answer without a body.
    package static func status(_ status: Int) -> ScriptedAnswer {
        ScriptedAnswer(status: status)
    }

    /// Closes the connection instead of answering.
    package static var hangUp: ScriptedAnswer {
        var answer = ScriptedAnswer(status: 0)
        answer.closes = true
        return answer
    }

    /// The bytes that go on the wire.
    var message: [UInt8] {
        var text = "HTTP/1.1 \(status) Scripted\r\n"
        if pieces == nil { text += "Content-Length: \(body.count)\r\n" }
        if closes { text += "Connection: close\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8) + body
    }
}
