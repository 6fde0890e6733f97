internal import Journal
internal import Primitives
internal import Rendezvous

/// The ends of waits of a batch, in the order of their runs.
struct MarkDraft {
    /// What a mark says beside its key.
    struct Ending {
        /// The run, the step and the try that waited.
        let wait: WaitID
        let how: EndedHow
        let time: WallTime
        /// The number of the record that ended it.
        let number: UInt64
        var fingerprint: Fingerprint?
        /// Whether the fingerprint was made by the rule of version 1.
        var isOlderPrint = false
        /// Whether it leaves its keys open to other callbacks.
        var reusesKey = false
    }

    /// Where a mark lies.
    private struct Place {
        let number: UInt64
        let until: WallTime
        let range: Range<Int>
    }

    private let rememberFor: Nanoseconds
    private var out = RecordWriter()
    private var lasting: [Place] = []
    private var reusable: [Place] = []

    /// Has marks remembered for this long.
    init(rememberFor: Nanoseconds) {
        self.rememberFor = rememberFor
    }

    /// Adds the end of a wait under a key.
    mutating func add(_ ending: Ending, key: ArraySlice<UInt8>) {
        let start = out.bytes.count
        let until = ending.time.advanced(by: rememberFor)
        out.number(ending.number)
        out.raw(key)
        out.byte(ending.how.rawValue | (ending.isOlderPrint ? StoredMark.olderPrintBit : 0))
        out.optional(ending.fingerprint) { $0.fingerprint($1) }
        out.time(until)
        out.flag(ending.reusesKey)
        ending.wait.write(to: &out)
        out.time(ending.time)
        let place = Place(number: ending.number, until: until, range: start..<out.bytes.count)
        if ending.reusesKey { reusable.append(place) } else { lasting.append(place) }
    }

    /// Those that close their keys, ascending by number, as rows.
    func chunks() -> MarkChunks {
        var chunks = MarkChunks()
        let ascending = lasting.sorted {
            ($0.number, $0.range.lowerBound) < ($1.number, $1.range.lowerBound)
        }
        for place in ascending { chunks.add(place.number, place.until, out.bytes[place.range]) }
        return chunks
    }

    /// Those that leave their keys open, with their bytes.
    func openMarks() throws(RecordReader.Damage) -> [(mark: StoredMark, bytes: [UInt8])] {
        var marks: [(mark: StoredMark, bytes: [UInt8])] = []
        for place in reusable {
            var reader = RecordReader(out.bytes, place.range)
            marks.append((try StoredMark(&reader), Array(out.bytes[place.range])))
        }
        return marks
    }
}
