internal import Primitives
internal import Workflows

/// Where a run stands among others: what only runs have that a step started.
struct RunLineage {
    /// The run whose step started it.
    let parent: UUIDv7?
    /// That step's try.
    let attempt: AttemptRef
    /// How many runs stand above it.
    let depth: Int

    /// A run that no step started.
    static let none = RunLineage(parent: nil, attempt: AttemptRef(step: 0, attempt: 0), depth: 0)

    /// The bytes of a run's lineage; nil for one that no step started.
    static func bytes(of birth: RunBirth) -> [UInt8]? {
        guard birth.parent != nil || birth.depth != 0 else { return nil }
        var out = RecordWriter()
        out.optional(birth.parent) { $0.id($1) }
        birth.parentAttempt.write(to: &out)
        out.signed(birth.depth)
        return out.bytes
    }

    private init(parent: UUIDv7?, attempt: AttemptRef, depth: Int) {
        self.parent = parent
        self.attempt = attempt
        self.depth = depth
    }

    /// Reads a lineage.
    init(bytes: [UInt8]) throws(RecordReader.Damage) {
        var reader = RecordReader(bytes)
        parent = try reader.optional { (reader) throws(RecordReader.Damage) in try reader.id() }
        attempt = try AttemptRef(&reader)
        depth = try reader.integer()
    }
}
