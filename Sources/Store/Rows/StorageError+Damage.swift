internal import Journal
internal import Storage

extension StorageError {
    /// Reads rows of runs; what cannot be read is damage of the file.
    static func damage<Value>(
        _ read: () throws(RecordReader.Damage) -> Value
    ) throws(StorageError) -> Value {
        do throws(RecordReader.Damage) {
            return try read()
        } catch {
            throw StorageError(.corrupt, "a row of `run_chunks` is damaged: \(error.reason)")
        }
    }

    /// Reads the content of a row; one that cannot be read is damage of the file.
    static func corrupt<Value>(
        _ table: String,
        _ content: [UInt8],
        _ read: ([UInt8]) throws(RecordReader.Damage) -> Value
    ) throws(StorageError) -> Value {
        do throws(RecordReader.Damage) {
            return try read(content)
        } catch {
            throw StorageError(.corrupt, "a row of `\(table)` is damaged: \(error.reason)")
        }
    }
}
