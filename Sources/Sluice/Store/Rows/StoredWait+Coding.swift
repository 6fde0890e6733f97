internal import Rendezvous

extension StoredWait {
    /// The keys as bytes.
    static func bytes(of keys: [WaitKey]) -> [UInt8] {
        var out = RecordWriter()
        out.list(keys) { $1.write(to: &$0) }
        return out.bytes
    }

    /// Reads keys.
    static func keys(in bytes: [UInt8]) throws(RecordReader.Damage) -> [WaitKey] {
        var reader = RecordReader(bytes)
        return try reader.keys()
    }
}
