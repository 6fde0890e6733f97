/// A segment file that records can be written to.
struct OpenSegment: Sendable {
    let number: UInt64
    let salt: UInt32
    let file: any LogFile
    /// The length of the file in bytes.
    let capacity: Int
}
