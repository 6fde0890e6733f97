/// Server-sent events, read as they come (the HTML standard, 9.2.6): lines end with LF, CR LF or CR.
struct EventStreamReader {
    /// One event.
    struct Event {
        /// What it is called; `message` where it says nothing.
        var name = "message"
        /// Its data.
        var data = ""
        /// Its id; nil where it has none.
        var id: String?
    }

    private var line: [UInt8] = []
    private var endsWithReturn = false
    private var data: [String] = []
    private var name: String?
    private var id: String?

    /// How long a line may be.
    private static let lineBytesMax = 8 << 20

    /// Takes bytes in and gives the events they complete.
    mutating func read(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endsWithReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where endsWithReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = finishLine() { events.append(event) }
            default:
                if line.count < Self.lineBytesMax { line.append(byte) }
            }
        }
        return events
    }

    private mutating func finishLine() -> Event? {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if text.isEmpty { return dispatch() }
        let field = text.prefix { $0 != ":" }
        var value = text.dropFirst(field.count + 1)
        if value.hasPrefix(" ") { value.removeFirst() }
        switch field {
        case "data": data.append(String(value))
        case "event": name = String(value)
        case "id": id = String(value)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            data = []
            name = nil
        }
        guard !data.isEmpty else { return nil }
        return Event(name: name ?? "message", data: data.joined(separator: "\n"), id: id)
    }
}
