internal import Primitives
internal import Rendezvous

extension StoredMark {
    /// Writes the mark into a chunk.
    func write(to out: inout RecordWriter) {
        out.number(number)
        key.write(to: &out)
        out.byte(how.rawValue)
        out.optional(fingerprint) { $0.fingerprint($1) }
        out.time(until)
        out.flag(reusesKey)
        wait.write(to: &out)
        out.time(time)
    }

    /// Reads a mark from a chunk.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        number = try reader.number()
        key = try WaitKey(&reader)
        guard let how = EndedHow(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a wait ended in no known way")
        }
        self.how = how
        fingerprint = try reader.optional { (reader) throws(RecordReader.Damage) in
            try reader.fingerprint()
        }
        until = try reader.time()
        reusesKey = try reader.flag()
        wait = try WaitID(&reader)
        time = try reader.time()
    }

    /// Writes marks one after the other.
    static func bytes(_ marks: some Sequence<StoredMark>) -> [UInt8] {
        var out = RecordWriter()
        for mark in marks { mark.write(to: &out) }
        return out.bytes
    }

    /// Reads all marks of a chunk.
    static func all(in bytes: [UInt8]) throws(RecordReader.Damage) -> [StoredMark] {
        var reader = RecordReader(bytes)
        var marks: [StoredMark] = []
        while !reader.isAtEnd { marks.append(try StoredMark(&reader)) }
        return marks
    }
}
