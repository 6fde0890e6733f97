/// Cuts a stream of server-sent events into events as its bytes come (the HTML standard, 9.2.6).
struct EventLines: Sendable {
    /// One event.
    struct Event: Sendable {
        var id: String?
        var type: String?
        var data: [String] = []

        /// Its data, one text.
        var text: String { data.joined(separator: "\n") }
    }

    private var line: [UInt8] = []
    private var endsWithReturn = false
    private var event = Event()

    /// Takes bytes in, and gives the events they complete.
    mutating func take(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endsWithReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where endsWithReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine(&events)
            default: line.append(byte)
            }
        }
        return events
    }

    /// The event that the end of the stream cuts off, where it has data.
    mutating func finish() -> [Event] {
        var events: [Event] = []
        endLine(&events)
        endLine(&events)
        return events
    }

    private mutating func endLine(_ events: inout [Event]) {
        if line.isEmpty {
            if !event.data.isEmpty { events.append(event) }
            event = Event()
            return
        }
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        let name = text.prefix { $0 != ":" }
        var value = text.dropFirst(name.count + 1)
        if value.first == " " { value.removeFirst() }
        switch name {
        case "data": event.data.append(String(value))
        case "event": event.type = String(value)
        case "id": event.id = String(value)
        default: break
        }
    }
}
