internal import Journal
internal import Primitives
internal import Workflows

/// A run in a chunk: its birth, how it stands, its open waits and its events, as bytes where nobody asks for values.
struct RunRow {
    /// The run's id.
    var id = UUIDv7(high: 0, low: 0)
    /// The row of its workflow; nil for a run that is unknown.
    var kind: Int64?
    /// How it ended; nil where it has not.
    var status: RunStatus?
    /// When it ended.
    var ended = WallTime(milliseconds: 0)
    /// Whether it has to go on by itself after a restart.
    var isActive = false
    /// The number of its last event.
    var lastEvent: UInt64 = 0
    /// How many events it has had.
    var eventCount = 0
    /// Whether its first events lie in rows of their own, because they are large.
    var hasEarlier = false
    /// Its parent, that one's try, its depth and its labels, as ``RunBirth`` writes them.
    var birth = RecordWriter()
    /// Its open waits as ``RunWait`` writes them, oldest first, each with its length.
    var waits = RecordWriter()
    /// Its later events as ``RunEventRow`` writes them, each with its length.
    var events = RecordWriter()

    /// What a row's first byte tells.
    private enum Flag {
        static let active: UInt8 = 1
        static let ended: UInt8 = 2
        static let earlier: UInt8 = 4
        static let all = active | ended | earlier
    }

    /// Whether a run has not ended, and whether it is active, by the first byte of its fields.
    static func standing(_ flags: UInt8) -> (isOpen: Bool, isActive: Bool) {
        (flags & Flag.ended == 0, flags & Flag.active != 0)
    }

    /// Becomes a run of which nothing is known; the room for bytes is kept.
    mutating func clear(_ id: UUIDv7) {
        self.id = id
        kind = nil
        status = nil
        isActive = false
        lastEvent = 0
        eventCount = 0
        hasEarlier = false
        birth.clear()
        waits.clear()
        events.clear()
    }

    /// Becomes the run at a place of a chunk.
    mutating func read(_ place: ChunkPlaces.Place, in chunk: [UInt8]) throws(RecordReader.Damage) {
        clear(place.id)
        var reader = RecordReader(chunk, place.fields)
        let flags = try reader.byte()
        guard flags & ~Flag.all == 0 else {
            throw RecordReader.Damage(reason: "a run has something unknown")
        }
        isActive = flags & Flag.active != 0
        hasEarlier = flags & Flag.earlier != 0
        kind = try reader.signed()
        if flags & Flag.ended != 0 {
            status = try RunStatus(storeCode: reader.byte())
            ended = try reader.time()
        }
        lastEvent = try reader.number()
        eventCount = Int(clamping: try reader.number())
        birth.raw(chunk[try reader.blobRange()])
        waits.raw(chunk[try reader.blobRange()])
        events.raw(reader.rest)
    }

    /// Writes the row into a chunk.
    ///
    /// - Parameters:
    ///   - out: The chunk.
    ///   - fields: Room for what is written.
    func write(to out: inout RecordWriter, by fields: inout RecordWriter) {
        fields.clear()
        let flags =
            (isActive ? Flag.active : 0) | (status == nil ? 0 : Flag.ended)
            | (hasEarlier ? Flag.earlier : 0)
        fields.byte(flags)
        fields.signed(kind ?? 0)
        if let status {
            fields.byte(status.storeCode)
            fields.time(ended)
        }
        fields.number(lastEvent)
        fields.number(UInt64(clamping: eventCount))
        fields.blob(birth.bytes)
        fields.blob(waits.bytes)
        fields.raw(events.bytes[...])
        out.id(id)
        out.blob(fields.bytes)
    }

    /// What it has from its birth.
    func lineage() throws(RecordReader.Damage) -> RunLineage { try RunLineage(birth.bytes) }

    /// Reads events that lie one after the other.
    static func events(_ bytes: [UInt8]) throws(RecordReader.Damage) -> [RunEventRow] {
        var reader = RecordReader(bytes)
        var events: [RunEventRow] = []
        while !reader.isAtEnd {
            guard let event = RunEventRow(bytes: try reader.blob()) else {
                throw RecordReader.Damage(reason: "an event cannot be read")
            }
            events.append(event)
        }
        return events
    }
}

extension RunStatus {
    /// The ends of runs in the order of their numbers in the store; new ones come behind.
    private static let ends: [RunStatus] = [.completed, .failed, .cancelled]

    /// The end's number.
    fileprivate var storeCode: UInt8 { UInt8(clamping: Self.ends.firstIndex(of: self) ?? 0) }

    /// The end with a number.
    fileprivate init(storeCode: UInt8) throws(RecordReader.Damage) {
        guard storeCode < Self.ends.count else {
            throw RecordReader.Damage(reason: "a run ended in no known state")
        }
        self = Self.ends[Int(storeCode)]
    }
}
