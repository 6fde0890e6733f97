/// How a run came to be started, as its birth keeps it.
package struct RunCause: Hashable, Sendable {
    /// What started it; numbers are never given twice.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A request to a trigger.
        case trigger = 1
        /// A request to the controller.
        case controller = 2
        /// An event that its workflow is subscribed to.
        case event = 3
        /// A replay of a request of the ledger.
        case replay = 4

        /// The word for it.
        package var name: String {
            switch self {
            case .trigger: "trigger"
            case .controller: "controller"
            case .event: "event"
            case .replay: "replay"
            }
        }
    }

    /// An event that started a run.
    package struct Event: Hashable, Sendable {
        /// The event's id: the sender's, or drawn for it.
        package let id: String
        /// What it is called, such as `order.created`.
        package let name: String
        /// Where it came from; empty where it does not say.
        package let source: String

        /// Names an event; texts that are too long are cut.
        package init(id: String, name: String, source: String = "") {
            self.id = id.prefix(utf8Count: RunCause.textBytesMax)
            self.name = name.prefix(utf8Count: RunCause.textBytesMax)
            self.source = source.prefix(utf8Count: RunCause.textBytesMax)
        }
    }

    /// The most bytes of each text of an event.
    package static let textBytesMax = 255
    /// Said beside the kind where an event follows.
    private static let eventBit: UInt8 = 0x80

    /// What started it.
    package let kind: Kind
    /// The event that started it; nil where none did.
    package let event: Event?

    /// Says how a run came to be started.
    package init(_ kind: Kind, event: Event? = nil) {
        self.kind = kind
        self.event = event
    }

    func write(to out: inout RecordWriter) {
        out.byte(kind.rawValue | (event == nil ? 0 : Self.eventBit))
        guard let event else { return }
        out.text(event.id)
        out.text(event.name)
        out.text(event.source)
    }

    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let word = try reader.byte()
        guard let kind = Kind(rawValue: word & ~Self.eventBit) else {
            throw RecordReader.Damage(reason: "a run was started by nothing known")
        }
        self.kind = kind
        guard word & Self.eventBit != 0 else {
            event = nil
            return
        }
        let id = try reader.word(bytesMax: Self.textBytesMax)
        let name = try reader.word(bytesMax: Self.textBytesMax)
        let source = try reader.word(bytesMax: Self.textBytesMax)
        event = Event(id: id, name: name, source: source)
    }
}

/// What may follow a run's labels in its birth; nothing where there is none of it.
package struct BirthExtras: Hashable, Sendable {
    /// How it came to be started; nil where that is not known.
    package var cause: RunCause?
    /// Fields of a later minor version, as they came.
    package var later: [UInt8] = []

    /// The byte before them: higher than the tag of any run event, which stands there where there are no extras.
    private enum Mark {
        static let present: UInt8 = 0x80
        static let cause: UInt8 = 1
        static let later: UInt8 = 2
        static let all = present | cause | later
    }

    /// Makes extras.
    package init(cause: RunCause? = nil) {
        self.cause = cause
    }

    func write(to out: inout RecordWriter) {
        guard cause != nil || !later.isEmpty else { return }
        out.byte(
            Mark.present | (cause == nil ? 0 : Mark.cause) | (later.isEmpty ? 0 : Mark.later)
        )
        cause?.write(to: &out)
        if !later.isEmpty { out.blob(later) }
    }

    /// Reads extras, where there are any.
    ///
    /// - Throws: Where they are damaged, or not of this version.
    package init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        guard let mark = reader.peek, mark & Mark.present != 0 else { return }
        try reader.skip(1)
        guard mark & ~Mark.all == 0 else {
            throw RecordReader.Damage(reason: "a run's birth has something unknown")
        }
        if mark & Mark.cause != 0 { cause = try RunCause(&reader) }
        if mark & Mark.later != 0 { later = try reader.blob() }
    }

    /// Goes over extras, where there are any; without an allocation where there are none.
    package static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        guard let mark = reader.peek, mark & Mark.present != 0 else { return }
        _ = try BirthExtras(&reader)
    }
}
