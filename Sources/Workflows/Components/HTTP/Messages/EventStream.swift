package import JSONWire
internal import Primitives

/// What a response of server-sent events (`text/event-stream`) means as a value.
package enum EventStream {
    /// How the events of a stream become a value (`stream_format`).
    package enum Format: String, Sendable, CaseIterable {
        /// Each event's data, read as JSON where it is some, in a list; a last `[DONE]` is left out.
        case json
        /// All data, joined to one text.
        case text
    }

    /// The media type of such a stream.
    package static let mediaType = "text/event-stream"

    /// What stands for the end in streams of JSON.
    private static let lastWord = "[DONE]"

    /// The value of a whole stream; without a format a list of `{id, event, data}`.
    package static func value(_ body: [UInt8], as format: Format?) -> JSONValue {
        var lines = EventStreamParser()
        let events = lines.take(body) + lines.finish()
        guard format != .text else { return .string(events.map(\.text).joined()) }
        return .array(events.compactMap { piece($0, format) })
    }

    /// What one event says by itself; nil for the last word of a stream of JSON.
    static func piece(_ event: EventStreamParser.Event, _ format: Format?) -> JSONValue? {
        switch format {
        case .text: return .string(event.text)
        case .json: return event.text == lastWord ? nil : json(event.text)
        case nil:
            let whole: JSONObject = [
                "id": event.id.map { .string($0) } ?? .null,
                "event": .string(event.type ?? "message"), "data": .string(event.text),
            ]
            return .object(whole)
        }
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
