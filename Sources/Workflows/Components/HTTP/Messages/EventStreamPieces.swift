package import JSONWire
internal import Primitives

/// Reads a response of server-sent events while it comes, for those who watch.
package struct EventStreamPieces: Sendable {
    private let format: EventStream.Format?
    private var lines = EventStreamParser()

    /// Begins a stream whose events become values as `format` says.
    package init(format: EventStream.Format?) {
        self.format = format
    }

    /// Takes bytes in, and gives the values of the events they complete.
    package mutating func take(_ bytes: [UInt8]) -> [JSONValue] {
        lines.take(bytes).compactMap { EventStream.piece($0, format) }
    }
}
