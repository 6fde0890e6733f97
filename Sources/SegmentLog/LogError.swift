/// Why a log cannot be opened, refuses records, or has failed.
package indirect enum LogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process, with this id where it is known, has the log open.
    case locked(by: Int32?)
    /// A file was written by a newer version of the format than is known here.
    case newerVersion(file: String, found: UInt32, known: UInt32)
    /// Something that was committed cannot be read any more.
    case corrupt(file: String, offset: UInt64, sequence: UInt64, reason: String)
    /// A segment between two others is not there.
    case segmentMissing(file: String)
    /// The log begins after the first record that the caller needs.
    case recordsMissing(needed: UInt64, first: UInt64)
    /// The caller's reader refused the record with this sequence.
    case replayStopped(sequence: UInt64)
    /// The operating system refused a file operation.
    case file(FileFailure)
    /// As much as may wait is waiting; the caller may try again when it has been committed.
    case pendingFull(limitBytes: Int)
    /// The log has its full size and nothing in it is released.
    case full(limitBytes: UInt64)
    /// One record is larger than a segment can hold.
    case recordTooLarge(bytes: Int, limitBytes: Int)
    /// A sequence that was already given, or is further ahead than may wait.
    case sequenceRefused(UInt64, expected: UInt64)
    /// The writer failed earlier, for this reason, and was not reopened.
    case failed(LogError)
    /// The log is closed, or is closing.
    case closed

    /// The error as one sentence for a person.
    package var description: String {
        switch self {
        case .locked(let pid):
            "the log is in use by another process" + (pid.map { " (pid \($0))" } ?? "")
        case .newerVersion(let file, let found, let known):
            "\(file) has format version \(found), this program knows versions up to \(known)"
        case .corrupt(let file, let offset, let sequence, let reason):
            "\(file) is corrupt at offset \(offset), sequence \(sequence): \(reason)"
        case .segmentMissing(let file): "\(file) is missing between other segments"
        case .recordsMissing(let needed, let first):
            "the log begins with record \(first), record \(needed) is needed"
        case .replayStopped(let sequence): "record \(sequence) was not understood"
        case .file(let failure): failure.description
        case .pendingFull(let limit): "more than \(limit) bytes would wait for the log"
        case .full(let limit): "the log has its full size of \(limit) bytes"
        case .recordTooLarge(let bytes, let limit):
            "a record of \(bytes) bytes is larger than the limit of \(limit)"
        case .sequenceRefused(let sequence, let expected):
            "sequence \(sequence) cannot be taken, \(expected) is the next one"
        case .failed(let reason): "the log has failed: \(reason.description)"
        case .closed: "the log is closed"
        }
    }
}
