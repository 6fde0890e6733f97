internal import Rendezvous

extension StoredWait {
    /// The keys as bytes.
    static func bytes(of keys: [NumberedKey]) -> [UInt8] {
        var out = RecordWriter()
        out.list(keys) { out, numbered in
            numbered.key.write(to: &out)
            out.number(numbered.number)
        }
        return out.bytes
    }

    /// Reads keys.
    static func keys(in bytes: [UInt8]) throws(RecordReader.Damage) -> [NumberedKey] {
        var reader = RecordReader(bytes)
        return try reader.list { (reader) throws(RecordReader.Damage) in
            NumberedKey(try WaitKey(&reader), try reader.number())
        }
    }
}
