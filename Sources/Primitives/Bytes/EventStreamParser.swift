/// A parser of server-sent events, fed with bytes as they come (the HTML standard, 9.2.6): lines end with LF, CR LF or CR.
///
/// What a line has beyond the bound is dropped. Memory for one event.
package struct EventStreamParser: Sendable {
    /// One event.
    package struct Event: Sendable {
        /// Its id; nil where it has none of its own.
        package var id: String?
        /// Its type; nil where it says nothing, which means `message`.
        package var type: String?
        /// The lines of its data.
        package var data: [String] = []

        /// Its data, one text.
        package var text: String { data.joined(separator: "\n") }
    }

    private let lineBytesMax: Int

    private var line: [UInt8] = []
    private var endsWithReturn = false
    private var event = Event()

    /// Begins a stream; `lineBytesMax` is how long a line may be.
    package init(lineBytesMax: Int = .max) {
        self.lineBytesMax = lineBytesMax
    }

    /// Takes bytes in, and gives the events they complete.
    package mutating func take(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endsWithReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where endsWithReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine(&events)
            default: if line.count < lineBytesMax { line.append(byte) }
            }
        }
        return events
    }

    /// The event that the end of the stream cuts off, where it has data.
    package mutating func finish() -> [Event] {
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
