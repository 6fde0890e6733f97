internal import Primitives
internal import Rendezvous
internal import Workflows

extension WaitID {
    /// Appends its byte form.
    package func write(to out: inout RecordWriter) {
        out.id(run)
        out.number(UInt64(step))
        out.number(UInt64(attempt))
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let run = try reader.id()
        let step = UInt32(clamping: try reader.number())
        self.init(run: run, step: step, attempt: UInt32(clamping: try reader.number()))
    }
}

extension WaitKey {
    func write(to out: inout RecordWriter) {
        out.number(UInt64(channel.number))
        out.blob(bytes)
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let channel = Channel(number: UInt32(clamping: try reader.number()))
        self.init(channel: channel, bytes: try reader.blob())
    }
}

extension RecordReader {
    /// A list of keys.
    mutating func keys() throws(Damage) -> [WaitKey] {
        try list { (reader) throws(Damage) in try WaitKey(&reader) }
    }
}

extension RunBirth {
    func write(to out: inout RecordWriter) {
        out.id(id)
        out.text(workflow)
        out.fingerprint(plan)
        out.optional(parent) { $0.id($1) }
        parentAttempt.write(to: &out)
        out.signed(depth)
        out.blob(labels)
        extras.write(to: &out)
        event.write(to: &out)
        stamp.write(to: &out)
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        id = try reader.id()
        workflow = try reader.text()
        plan = try reader.fingerprint()
        parent = try reader.optional { (reader) throws(RecordReader.Damage) in try reader.id() }
        parentAttempt = try AttemptRef(&reader)
        depth = try reader.integer()
        labels = try reader.blob()
        extras = try BirthExtras(&reader)
        event = try RunEvent(&reader)
        stamp = try Stamp(&reader)
    }
}

extension Claim {
    /// Appends its byte form.
    package func write(to out: inout RecordWriter) {
        out.fingerprint(key)
        out.fingerprint(payload)
        out.time(until)
        out.blob(answer)
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        key = try reader.fingerprint()
        payload = try reader.fingerprint()
        until = try reader.time()
        answer = try reader.blob()
    }
}

extension CallbackArrival {
    /// Appends its byte form.
    package func write(to out: inout RecordWriter) {
        ArrivalFacts(
            endpoint: endpoint,
            fingerprint: fingerprint,
            reusesKey: reusesKey,
            time: time
        ).write(to: &out)
        out.optional(request) { $1.write(to: &$0) }
        callback.write(to: &out, body: request?.body)
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        endpoint = try reader.text()
        fingerprint = try reader.fingerprint()
        reusesKey = try reader.flag()
        time = try reader.time()
        request = try reader.optional { (reader) throws(RecordReader.Damage) in
            try ReceivedRequest(&reader)
        }
        callback = try CallbackRecord(&reader, body: request?.body)
    }
}

extension ArrivalFacts {
    func write(to out: inout RecordWriter) {
        out.text(endpoint)
        out.fingerprint(fingerprint)
        out.flag(reusesKey)
        out.time(time)
    }
}

extension ArrivalDraft {
    /// Writes what ``CallbackArrival`` reads.
    func write(to out: inout RecordWriter) {
        facts.write(to: &out)
        out.flag(request != nil)
        if let request {
            callback.withKey { key in
                request.trace.write(
                    callback.requestID,
                    endpoint: facts.endpoint,
                    body: request.body,
                    status,
                    key: key,
                    to: &out
                )
            }
        }
        callback.write(to: &out, body: request?.body)
    }
}

extension RequestTrace {
    /// Writes what ``ReceivedRequest`` reads, of a request that was not refused.
    func write(
        _ id: UUIDv7,
        endpoint: String,
        body: [UInt8],
        _ status: ReceivedRequest.Status,
        key: Span<UInt8>,
        to out: inout RecordWriter
    ) {
        out.id(id)
        out.time(time)
        out.text(endpoint)
        out.raw(head.fields)
        out.blob(body)
        out.byte(status.rawValue)
        // No code and no note.
        out.number(0)
        out.number(0)
        out.blob(key)
        ReceivedRequest.writeEnd(replayOf, ItemPrints(), verdict, later: [], to: &out)
    }
}

extension RecordWriter {
    /// Writes a request's head as the ledger keeps it.
    mutating func head(method: String, target: String, peer: String, headers: [UInt8]) {
        text(method)
        text(target)
        text(peer)
        blob(headers)
    }
}

extension CallbackRecord {
    /// What the result is, beside bytes of its own.
    fileprivate enum Result: UInt8 {
        case own
        /// The request's whole body, which is not written twice.
        case body
    }

    func write(to out: inout RecordWriter, body: [UInt8]?) {
        out.id(requestID)
        out.number(UInt64(channel.number))
        withKey { out.blob($0) }
        out.flag(hasStatus)
        if hasStatus { withStatus { out.blob($0) } }
        out.flag(hasFailed)
        let isBody = body.map { body in withResult { body.isEqual(to: $0) } } ?? false
        out.byte((isBody ? Result.body : .own).rawValue)
        if !isBody { withResult { out.blob($0) } }
    }

    init(_ reader: inout RecordReader, body: [UInt8]?) throws(RecordReader.Damage) {
        let requestID = try reader.id()
        let key = try WaitKey(&reader)
        let status = try reader.optional { (reader) throws(RecordReader.Damage) in
            try reader.text()
        }
        let hasFailed = try reader.flag()
        let result: [UInt8]
        switch (Result(rawValue: try reader.byte()), body) {
        case (.own, _): result = try reader.blob()
        case (.body, let body?): result = body
        default: throw RecordReader.Damage(reason: "a callback's result is nowhere")
        }
        self.init(
            key: key,
            status: status,
            result: result,
            hasFailed: hasFailed,
            requestID: requestID
        )
    }
}

extension CallbackRecord {
    /// Goes over a callback whose result is with its own bytes.
    package static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        try reader.skip(16)
        _ = try reader.keyRange()
        if try reader.flag() { _ = try reader.blobRange() }
        try reader.skip(1)
        _ = try reader.resultRange(body: nil)
    }
}

extension RecordReader {
    /// Where the next key lies, its channel included.
    package mutating func keyRange() throws(Damage) -> Range<Int> {
        let start = offset
        _ = try number()
        _ = try blobRange()
        return start..<offset
    }

    /// Where a callback's result lies: with its own bytes, or in the request's body.
    mutating func resultRange(body: Range<Int>?) throws(Damage) -> Range<Int> {
        switch (CallbackRecord.Result(rawValue: try byte()), body) {
        case (.own, _): return try blobRange()
        case (.body, let body?): return body
        default: throw Damage(reason: "a callback's result is nowhere")
        }
    }
}

extension ReceivedRequest {
    /// Appends its byte form.
    package func write(to out: inout RecordWriter) {
        out.id(id)
        out.time(time)
        out.text(endpoint)
        out.head(method: method, target: target, peer: peer, headers: headers)
        out.blob(body)
        out.byte(status.rawValue)
        out.text(code)
        out.text(note)
        out.blob(key)
        Self.writeEnd(replayOf, items, verdict, later: later, to: &out)
    }

    /// What stands at the end of a request, in one byte; earlier versions know the first ones only.
    package struct Marks: OptionSet {
        /// Its bits.
        package let rawValue: UInt8

        /// The id of a request that it repeats.
        package static let replay = Marks(rawValue: 1)
        /// The prints of its items' keys.
        package static let items = Marks(rawValue: 2)
        /// What the verification of its sender came to.
        package static let verdict = Marks(rawValue: 4)
        /// Fields of a later minor version, which those who do not know them go over.
        package static let later = Marks(rawValue: 0x80)
        private static let all: Marks = [.replay, .items, .verdict, .later]

        /// Takes its bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Reads them.
        ///
        /// - Throws: Where there is a mark that this version does not know.
        package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
            rawValue = try reader.byte()
            guard isSubset(of: .all) else {
                throw RecordReader.Damage(reason: "a request ends with something unknown")
            }
        }
    }

    fileprivate static func writeEnd(
        _ replayOf: UUIDv7?,
        _ items: ItemPrints,
        _ verdict: SenderVerdict?,
        later: [UInt8],
        to out: inout RecordWriter
    ) {
        var marks: Marks = items.isEmpty ? [] : .items
        if verdict != nil { marks.insert(.verdict) }
        if !later.isEmpty { marks.insert(.later) }
        if replayOf != nil { marks.insert(.replay) }
        out.byte(marks.rawValue)
        if let replayOf { out.id(replayOf) }
        if !items.isEmpty { out.blob(items.bytes) }
        if let verdict { out.raw(verdict.fields) }
        if !later.isEmpty { out.blob(later) }
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        id = try reader.id()
        time = try reader.time()
        endpoint = try reader.text()
        method = try reader.text()
        target = try reader.text()
        peer = try reader.text()
        headers = try reader.blob()
        body = try reader.blob()
        guard let known = Status(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a request has no known status")
        }
        status = known
        code = try reader.text()
        note = try reader.text()
        key = try reader.blob()
        let marks = try Marks(&reader)
        replayOf = marks.contains(.replay) ? try reader.id() : nil
        items = try marks.contains(.items) ? ItemPrints(bytes: reader.blob()) : ItemPrints()
        verdict = marks.contains(.verdict) ? try SenderVerdict(&reader) : nil
        later = marks.contains(.later) ? try reader.blob() : []
    }
}
