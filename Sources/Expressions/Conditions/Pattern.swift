internal import CPCRE2

/// A regular expression (PCRE2), anchored at the start of what it is matched with.
///
/// Sendable because a compiled pattern is never changed, and everything a match writes to belongs to that match.
@safe final class Pattern: @unchecked Sendable {
    /// How long a pattern may be, in bytes.
    static let bytesMax = 4096
    /// How many steps a match may take before it is given up.
    static let matchLimit: UInt32 = 1_000_000
    /// How much memory a match may take, in KiB.
    static let heapLimitKiB: UInt32 = 16_384

    /// Why a pattern has no answer.
    struct Failure: Error {
        /// One sentence without full stop.
        var message: String
    }

    private let code: OpaquePointer

    /// Compiles a pattern; characters are those of Unicode.
    ///
    /// - Throws: ``Failure`` with PCRE2's own words and the place in the pattern.
    init(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else {
            throw Failure(message: "a pattern may have \(Self.bytesMax) bytes")
        }
        var number: CInt = 0
        var offset = 0
        let options = UInt32(PCRE2_ANCHORED) | UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP)
        // The pattern is only read during the call; what it yields is this object's until deinit.
        let code = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe pcre2_compile_8(
                bytes.baseAddress,
                bytes.count,
                options,
                &number,
                &offset,
                nil
            )
        }
        guard let code = unsafe code else {
            throw Failure(
                message: "the pattern is wrong at character \(offset + 1):"
                    + " \(Self.message(number))"
            )
        }
        unsafe self.code = code
    }

    deinit {
        // Nothing else holds the code: matches end before their caller gives this object back.
        unsafe pcre2_code_free_8(code)
    }

    /// Whether the pattern matches at the start of a text.
    ///
    /// May be called on any thread.
    /// - Throws: ``Failure`` where the match takes more than ``matchLimit`` steps or ``heapLimitKiB``.
    func matches(_ text: String) throws(Failure) -> Bool {
        let bytes = Array(text.utf8)
        // Both are freed below, and nothing in between throws or keeps them.
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else {
            throw Failure(message: "there is no memory for a match")
        }
        defer { unsafe pcre2_match_data_free_8(data) }
        guard let context = unsafe pcre2_match_context_create_8(nil) else {
            throw Failure(message: "there is no memory for a match")
        }
        defer { unsafe pcre2_match_context_free_8(context) }
        unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        unsafe pcre2_set_heap_limit_8(context, Self.heapLimitKiB)
        // Swift's strings are UTF-8, so PCRE2 need not look again.
        let found = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe pcre2_match_8(
                code,
                bytes.baseAddress,
                bytes.count,
                0,
                UInt32(PCRE2_NO_UTF_CHECK),
                data,
                context
            )
        }
        // 0 says that it matches, with more groups than the one that is asked for.
        if found >= 0 { return true }
        if found == PCRE2_ERROR_NOMATCH { return false }
        if found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_HEAPLIMIT {
            throw Failure(message: "the pattern takes too many steps on this text")
        }
        throw Failure(message: "the match failed: \(Self.message(found))")
    }

    /// PCRE2's text of an error.
    private static func message(_ number: CInt) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        // The count given is the buffer's; PCRE2 ends the text with a zero inside it.
        let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
        }
        guard count >= 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix(Int(count)), as: UTF8.self)
    }
}
