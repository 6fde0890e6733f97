internal import CJSONScan

/// What the elements of one scan look through: the text, its tape, and which scan it is.
///
/// It lives at one address as long as its scanner. `generation` changes when a scan ends, so that an element that
/// outlived its closure is told apart from a living one instead of reading freed bytes.
@safe struct JSONFrame {
    /// The tape; its memory comes from `realloc` and is the scanner's.
    var tape: sluice_json_tape
    /// The text of the scan; nil between scans.
    var bytes: UnsafePointer<UInt8>?
    /// How many bytes the text has.
    var byteCount: Int
    /// The number of the scan.
    var generation: UInt32
}
