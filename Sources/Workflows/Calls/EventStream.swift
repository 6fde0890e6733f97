package import JSONWire

/// Reads a stream of server-sent events that has come to its end (`text/event-stream`).
package enum EventStream {
    /// How the events of a stream become a value (`stream_format`).
    package enum Format: String, Sendable, CaseIterable {
        /// Each event's data, read as JSON where it is some, in a list; a last `[DONE]` is left out.
        case json
        /// All data, joined to one text.
        case text
    }

    /// One event of a stream.
    private struct Event {
        var id: String?
        var type: String?
        var data: [String] = []
    }

    /// The value of a whole stream; without a format a list of `{id, event, data}`.
    package static func value(_ body: [UInt8], as format: Format?) -> JSONValue {
        let events = events(in: body)
        switch format {
        case .text: return .string(events.map(data).joined())
        case .json:
            let texts = events.map(data)
            return .array((texts.last == "[DONE]" ? texts.dropLast() : texts[...]).map(json))
        case nil:
            return .array(
                events.map { event in
                    let whole: JSONObject = [
                        "id": event.id.map { .string($0) } ?? .null,
                        "event": .string(event.type ?? "message"), "data": .string(data(event)),
                    ]
                    return .object(whole)
                }
            )
        }
    }

    /// The events that end with an empty line, and a last one that the end of the stream cuts off.
    private static func events(in body: [UInt8]) -> [Event] {
        var events: [Event] = []
        var event = Event()
        for line in lines(in: body) {
            if line.isEmpty {
                if !event.data.isEmpty { events.append(event) }
                event = Event()
            } else {
                read(line, into: &event)
            }
        }
        if !event.data.isEmpty { events.append(event) }
        return events
    }

    private static func read(_ line: Substring, into event: inout Event) {
        let name = line.prefix { $0 != ":" }
        var value = line.dropFirst(name.count + 1)
        if value.first == " " { value.removeFirst() }
        switch name {
        case "data": event.data.append(String(value))
        case "event": event.type = String(value)
        case "id": event.id = String(value)
        default: break
        }
    }

    private static func lines(in body: [UInt8]) -> [Substring] {
        let text = String(decoding: body, as: UTF8.self)
        // As characters CR, LF and CR LF are one each.
        return text.split(omittingEmptySubsequences: false) { ["\r", "\n", "\r\n"].contains($0) }
    }

    private static func data(_ event: Event) -> String {
        event.data.joined(separator: "\n")
    }

    private static func json(_ text: String) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(text)
        } catch {
            // Data that is no JSON stays what it is.
            return .string(text)
        }
    }
}
