internal import JSONWire
internal import Primitives
internal import Rendezvous
package import Workflows

extension RunEvent {
    /// The first byte of a run event; numbers are never given twice.
    package enum Tag: UInt8 {
        case start = 1
        case succeeded = 2
        case failed = 3
        case callback = 4
        case waitExpired = 5
        case waitRefused = 6
        case timer = 7
        case childEnded = 8
        case cancel = 9
        case answered = 10
        case retry = 11
        case succeededWithHead = 12
        case failedWithHead = 13
    }

    /// Appends its byte form.
    package func write(to out: inout RecordWriter) {
        switch self {
        case .start(let input, let requestID):
            out.byte(Tag.start.rawValue)
            out.json(input)
            out.optional(requestID) { $0.text($1) }
        case .responded(let attempt, .success(let response, let status, let headers)):
            // An answer of which nothing more is kept has the older form, which most have.
            let tag = headers.isEmpty ? Tag.succeeded : .succeededWithHead
            out.byte(tag.rawValue)
            attempt.write(to: &out)
            out.json(response)
            out.signed(status)
            if !headers.isEmpty { out.json(.object(headers)) }
        case .responded(let attempt, .failure(let failure)):
            out.byte((failure.head == nil ? Tag.failed : .failedWithHead).rawValue)
            attempt.write(to: &out)
            failure.write(to: &out)
            if let head = failure.head {
                out.signed(head.status)
                out.json(.object(head.headers))
            }
        case .callback(let attempt, let callback):
            out.byte(Tag.callback.rawValue)
            attempt.write(to: &out)
            callback.write(to: &out)
        case .waitExpired(let attempt):
            out.byte(Tag.waitExpired.rawValue)
            attempt.write(to: &out)
        case .waitRefused(let attempt, let code):
            out.byte(Tag.waitRefused.rawValue)
            attempt.write(to: &out)
            out.text(code.rawValue)
        case .timer(let timer):
            out.byte(Tag.timer.rawValue)
            timer.attempt.write(to: &out)
            out.byte(timer.purpose.rawValue)
        case .childEnded(let attempt, let outcome):
            out.byte(Tag.childEnded.rawValue)
            attempt.write(to: &out)
            outcome.write(to: &out)
        case .cancel(let reason):
            out.byte(Tag.cancel.rawValue)
            out.text(reason)
        case .answered(let interrupt, let answer):
            out.byte(Tag.answered.rawValue)
            out.text(interrupt)
            out.optional(answer) { $0.json($1) }
        case .retry:
            out.byte(Tag.retry.rawValue)
        }
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let number = try reader.byte()
        guard let tag = Tag(rawValue: number) else {
            throw RecordReader.Damage(reason: "there are no run events of the kind \(number)")
        }
        switch tag {
        case .start:
            let input = try reader.json()
            let requestID = try reader.optional { (reader) throws(RecordReader.Damage) in
                try reader.text()
            }
            self = .start(input: input, requestID: requestID)
        case .succeeded:
            let attempt = try AttemptRef(&reader)
            let response = try reader.json()
            self = .responded(attempt, .success(response, status: try reader.integer()))
        case .succeededWithHead:
            let attempt = try AttemptRef(&reader)
            let response = try reader.json()
            let status = try reader.integer()
            self = .responded(
                attempt,
                .success(response, status: status, headers: try reader.object())
            )
        case .failed:
            let attempt = try AttemptRef(&reader)
            self = .responded(attempt, .failure(try CallFailure(&reader)))
        case .failedWithHead:
            let attempt = try AttemptRef(&reader)
            let failure = try CallFailure(&reader)
            let status = try reader.integer()
            let head = AnswerHead(status: status, headers: try reader.object())
            self = .responded(attempt, .failure(failure.with(head)))
        case .callback:
            let attempt = try AttemptRef(&reader)
            self = .callback(attempt, try CallbackOutcome(&reader))
        case .waitExpired: self = .waitExpired(try AttemptRef(&reader))
        case .waitRefused:
            let attempt = try AttemptRef(&reader)
            self = .waitRefused(attempt, try reader.code())
        case .timer:
            let attempt = try AttemptRef(&reader)
            guard let purpose = TimerRef.Purpose(rawValue: try reader.byte()) else {
                throw RecordReader.Damage(reason: "a timer is for nothing known")
            }
            self = .timer(TimerRef(attempt: attempt, purpose: purpose))
        case .childEnded:
            let attempt = try AttemptRef(&reader)
            self = .childEnded(attempt, try RunOutcome(&reader))
        case .cancel: self = .cancel(reason: try reader.text())
        case .answered:
            let interrupt = try reader.text()
            let answer = try reader.optional { (reader) throws(RecordReader.Damage) in
                try reader.json()
            }
            self = .answered(interrupt: interrupt, answer)
        case .retry: self = .retry
        }
    }
}

extension RunEvent {
    /// Writes the event of a callback as ``write(to:)`` does, out of the callback's bytes in a record.
    ///
    /// - Parameters:
    ///   - reader: At the first byte of a ``CallbackRecord``; afterwards behind it.
    ///   - body: Where in the record the body of its request lies; nil where it has none.
    ///   - attempt: Whose wait it ended.
    ///   - out: Where the event is written.
    /// - Throws: ``RecordReader/Damage`` for bytes that are no callback.
    package static func copyCallback(
        _ reader: inout RecordReader,
        body: Range<Int>?,
        of attempt: AttemptRef,
        to out: inout RecordWriter
    ) throws(RecordReader.Damage) {
        out.byte(Tag.callback.rawValue)
        attempt.write(to: &out)
        try reader.skip(16)
        _ = try reader.number()
        out.blob(reader.bytes[try reader.blobRange()])
        let start = reader.offset
        if try reader.flag() { _ = try reader.blobRange() }
        let status = start..<reader.offset
        out.flag(try reader.flag())
        out.raw(reader.bytes[status])
        out.blob(reader.bytes[try reader.resultRange(body: body)])
    }

    /// Goes over an event.
    package static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        guard let tag = reader.peek, tag == Tag.start.rawValue else {
            _ = try RunEvent(&reader)
            return
        }
        try reader.skip(1)
        _ = try reader.blobRange()
        if try reader.flag() { _ = try reader.blobRange() }
    }
}

extension CallFailure {
    /// The same failure, with what HTTP said.
    fileprivate func with(_ head: AnswerHead) -> CallFailure {
        CallFailure(code: code, message: message, result: result, head: head)
    }
}

extension RecordReader {
    /// A JSON map.
    mutating func object() throws(Damage) -> JSONObject {
        guard case .object(let object) = try json() else {
            throw Damage(reason: "header fields are not a map")
        }
        return object
    }

    /// The stable word for a cause.
    mutating func code() throws(Damage) -> ProblemCode {
        let word = try text()
        guard let code = ProblemCode(rawValue: word) else {
            throw Damage(reason: "'\(word.prefix(64))' is not a known code")
        }
        return code
    }
}
