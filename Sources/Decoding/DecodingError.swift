/// Why a coded body cannot be decoded.
package enum DecodingError: Error, Sendable, Hashable {
    /// It is not what its coding says, or its check sum is wrong.
    case corrupt
    /// It ends before it is whole.
    case cut
    /// Bytes stand behind its end.
    case trailing
    /// It would be larger than it may be.
    case tooLarge(limit: Int)
    /// It would be more times as large as it came than it may be.
    case tooDense(ratio: Int)
    /// There is no memory for the decoder.
    case outOfMemory
}
