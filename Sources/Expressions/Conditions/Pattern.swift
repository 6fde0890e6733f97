internal import CPCRE2

/// A regular expression (PCRE2): anchored at the start of what it is matched with, or looked for anywhere in it.
///
/// Sendable because a compiled pattern is never changed, and everything a match writes to belongs to that match.
@safe final class Pattern: @unchecked Sendable {
    /// How long a pattern may be, in bytes.
    static let bytesMax = 4096
    /// How many steps a match may take before it is given up.
    static let matchLimit: UInt32 = 1_000_000
    /// How much memory a match may take, in KiB.
    static let heapLimitKiB: UInt32 = 16_384

    /// How long a text may be in which a pattern is looked for, in bytes.
    static let searchBytesMax = 256 << 10

    /// What looking for a pattern may still cost, over several texts.
    ///
    /// PCRE2 counts the steps of every start apart, so that its own limit does not bound a search.
    struct Budget {
        /// Steps that are left; going over text costs too.
        var stepsLeft = 2_000_000
        /// Where in the text the last step was.
        fileprivate var place = 0
    }

    /// Why a pattern has no answer.
    struct Failure: Error {
        /// One sentence without full stop.
        var message: String
    }

    private let code: OpaquePointer

    /// Compiles a pattern; characters are those of Unicode.
    ///
    /// - Parameters:
    ///   - text: The pattern.
    ///   - isSearch: Whether it is for ``find(_:_:)`` and not for ``matches(_:)``.
    /// - Throws: ``Failure`` with PCRE2's own words and the place in the pattern.
    init(_ text: String, isSearch: Bool = false) throws(Failure) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else {
            throw Failure(message: "a pattern may have \(Self.bytesMax) bytes")
        }
        // Callouts between all items are what a search is counted by.
        let kind = isSearch ? UInt32(PCRE2_AUTO_CALLOUT) : UInt32(PCRE2_ANCHORED)
        var number: CInt = 0
        var offset = 0
        let options = kind | UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP)
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
        // 0 says that it matches, with more groups than the one that is asked for.
        try unsafe match(Array(text.utf8), groups: 1, budget: nil) { _, _ in true } ?? false
    }

    /// The first group of the first match in a text, or all of it where the pattern has no groups.
    ///
    /// May be called on any thread.
    /// - Parameters:
    ///   - text: At most ``searchBytesMax`` bytes.
    ///   - budget: What the search may cost; it is charged.
    /// - Returns: Nil where nothing matches, or the match does not come through the group.
    /// - Throws: ``Failure`` where the text is too long or the search too costly.
    func find(_ text: String, _ budget: inout Budget) throws(Failure) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.searchBytesMax else {
            throw Failure(
                message: "a text may have \(Self.searchBytesMax >> 10) KiB, this one has more"
            )
        }
        var groups: UInt32 = 0
        // The code is this object's, and the number has the size that is asked for.
        _ = unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
        let wanted = groups > 0 ? 1 : 0
        budget.place = 0
        let found: String?? = try unsafe withUnsafeMutablePointer(to: &budget) {
            (budget) throws(Failure) in
            try unsafe match(bytes, groups: wanted + 1, budget: budget) { count, bounds in
                guard count == 0 || count > wanted else { return nil }
                let (start, end) = unsafe (bounds[2 * wanted], bounds[2 * wanted + 1])
                guard start >= 0, start <= end, end <= bytes.count else { return nil }
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
        }
        return found ?? nil
    }

    /// Matches, and reads the groups' bounds: as many pairs as are asked for; nil where nothing matches.
    private func match<Output>(
        _ bytes: [UInt8],
        groups: Int,
        budget: UnsafeMutablePointer<Budget>?,
        _ read: (_ count: CInt, _ bounds: UnsafePointer<Int>) -> Output
    ) throws(Failure) -> Output? {
        // Both are freed below, and nothing in between throws or keeps them.
        guard let data = unsafe pcre2_match_data_create_8(UInt32(groups), nil) else {
            throw Failure(message: "there is no memory for a match")
        }
        defer { unsafe pcre2_match_data_free_8(data) }
        guard let context = unsafe pcre2_match_context_create_8(nil) else {
            throw Failure(message: "there is no memory for a match")
        }
        defer { unsafe pcre2_match_context_free_8(context) }
        unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        unsafe pcre2_set_heap_limit_8(context, Self.heapLimitKiB)
        if let budget = unsafe budget {
            // The budget outlives the match, and nothing else has it meanwhile.
            unsafe pcre2_set_callout_8(context, countStep, budget)
        }
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
        if found >= 0, let bounds = unsafe pcre2_get_ovector_pointer_8(data) {
            // There are as many pairs as the data was made for.
            return unsafe read(found, bounds)
        }
        if found == PCRE2_ERROR_NOMATCH { return nil }
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

/// Charges a search for one step and the way since the step before; ends it when the budget is used up.
private func countStep(
    _ block: UnsafeMutablePointer<pcre2_callout_block_8>?,
    _ data: UnsafeMutableRawPointer?
) -> CInt {
    guard let block = unsafe block, let data = unsafe data else { return PCRE2_ERROR_CALLOUT }
    // What was handed to PCRE2 for this match, and lives through it.
    let budget = unsafe data.assumingMemoryBound(to: Pattern.Budget.self)
    let place = unsafe Int(clamping: block.pointee.current_position)
    let way = unsafe abs(place - budget.pointee.place) / 16
    unsafe budget.pointee.place = place
    unsafe budget.pointee.stepsLeft -= 1 + way
    return unsafe budget.pointee.stepsLeft > 0 ? 0 : PCRE2_ERROR_MATCHLIMIT
}
