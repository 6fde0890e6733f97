internal import Primitives
internal import Verification

/// A time on a command line: seconds since 1970, or as RFC 3339 writes it.
enum MomentOfSender {
    /// Reads a time; nil where the text is none.
    static func read(_ text: String) -> WallTime? {
        if let seconds = Int64(text), (0...99_999_999_999).contains(seconds) {
            return WallTime(milliseconds: seconds * 1000)
        }
        return Verifier.moment(text)
    }
}
