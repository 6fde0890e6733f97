internal import JSONWire
internal import Primitives
internal import Workflows

extension AttemptRef {
    func write(to out: inout RecordWriter) {
        out.signed(step)
        out.signed(attempt)
    }

    /// Reads the byte form that ``write(to:)`` appends.
    ///
    /// - Throws: What was being read where the bytes are damaged.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let step = try reader.integer()
        self.init(step: step, attempt: try reader.integer())
    }
}

extension CallFailure {
    func write(to out: inout RecordWriter) {
        out.text(code.rawValue)
        out.text(message)
        out.json(result)
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let code = try reader.code()
        let message = try reader.text()
        self.init(code: code, message: message, result: try reader.json())
    }
}

extension CallbackOutcome {
    func write(to out: inout RecordWriter) {
        out.text(key)
        out.flag(isFailure)
        out.optional(status) { $0.text($1) }
        out.json(result)
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let key = try reader.text()
        let isFailure = try reader.flag()
        let status = try reader.optional { (reader) throws(RecordReader.Damage) in
            try reader.text()
        }
        self.init(key: key, isFailure: isFailure, status: status, result: try reader.json())
    }
}

extension RunOutcome {
    /// The first byte of an end; numbers are never given twice.
    private enum Tag: UInt8 {
        case completed = 1
        case failed = 2
        case cancelled = 3
    }

    func write(to out: inout RecordWriter) {
        switch self {
        case .completed(let output):
            out.byte(Tag.completed.rawValue)
            out.json(output)
        case .failed(let failure):
            out.byte(Tag.failed.rawValue)
            failure.write(to: &out)
        case .cancelled(let reason):
            out.byte(Tag.cancelled.rawValue)
            out.text(reason)
        }
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        switch Tag(rawValue: try reader.byte()) {
        case .completed: self = .completed(try reader.json())
        case .failed: self = .failed(try RunFailure(&reader))
        case .cancelled: self = .cancelled(reason: try reader.text())
        case nil: throw RecordReader.Damage(reason: "a run ended in no known way")
        }
    }
}

extension RunFailure {
    func write(to out: inout RecordWriter) {
        out.text(code.rawValue)
        out.text(message)
        out.optional(step) { $0.text($1) }
        out.signed(attempt ?? 0)
        out.optional(component) { $0.text($1) }
        out.json(result)
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let code = try reader.code()
        let message = try reader.text()
        let step = try reader.optional { (reader) throws(RecordReader.Damage) in try reader.text() }
        let attempt = try reader.integer()
        let component = try reader.optional { (reader) throws(RecordReader.Damage) in
            try reader.text()
        }
        let result = try reader.json()
        guard let step else {
            self.init(code: code, message: message)
            return
        }
        self.init(
            StepFailure(
                code: code,
                message: message,
                step: step,
                attempt: attempt,
                component: component,
                result: result
            )
        )
    }
}

extension Stamp {
    /// Goes over a stamp.
    package static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        _ = try reader.signed()
        try reader.skip(16)
        for _ in 0..<(try reader.number()) {
            _ = try reader.signed()
            if try reader.flag() { _ = try reader.blobRange() }
            if try reader.flag() { _ = try reader.blobRange() }
            _ = try reader.blobRange()
        }
    }

    func write(to out: inout RecordWriter) {
        out.time(wall)
        out.word(random.0)
        out.word(random.1)
        out.list(gateways.gateways) { out, gateway in
            out.signed(gateway.port)
            out.optional(gateway.publicURL) { $0.text($1) }
            out.optional(gateway.publicAddress) { $0.text($1) }
            out.text(gateway.driver)
        }
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let wall = try reader.time()
        let random = (try reader.word(), try reader.word())
        let gateways = try reader.list { (reader) throws(RecordReader.Damage) in
            let port = try reader.integer()
            let url = try reader.optional { (reader) throws(RecordReader.Damage) in
                try reader.text()
            }
            let address = try reader.optional { (reader) throws(RecordReader.Damage) in
                try reader.text()
            }
            return GatewayValues.Gateway(
                port: port,
                publicURL: url,
                publicAddress: address,
                driver: try reader.text()
            )
        }
        self.init(wall: wall, random: random, gateways: GatewayValues(gateways))
    }
}
