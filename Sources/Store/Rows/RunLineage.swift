internal import Journal
internal import Primitives
internal import Workflows

/// What a run has from its start, as its birth's record writes it: where it stands among others, and its labels.
struct RunLineage {
    /// The run whose step started it; nil for others.
    let parent: UUIDv7?
    /// That step's try.
    let attempt: AttemptRef
    /// How many runs stand above it.
    let depth: Int
    /// Its labels as JSON text; empty for none.
    let labels: [UInt8]
    /// How it came to be started, and whatever later versions add.
    let extras: BirthExtras

    /// Reads a lineage.
    init(_ bytes: [UInt8]) throws(RecordReader.Damage) {
        var reader = RecordReader(bytes)
        parent = try reader.optional { (reader) throws(RecordReader.Damage) in try reader.id() }
        attempt = try AttemptRef(&reader)
        depth = try reader.integer()
        labels = try reader.blob()
        extras = try BirthExtras(&reader)
    }

    /// Goes over a lineage.
    static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        if try reader.flag() { try reader.skip(16) }
        for _ in 0..<3 { _ = try reader.signed() }
        _ = try reader.blobRange()
        try BirthExtras.skip(&reader)
    }
}
