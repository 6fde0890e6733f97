internal import CLLHTTP

/// The table of llhttp's callbacks: each finds the parser's state and lets it write the piece down.
enum ParserCallbacks {
    /// The table, the same for every parser and alive for ever.
    ///
    /// Shared between threads because it is written once, here, and then only read.
    nonisolated(unsafe) static let table: UnsafePointer<llhttp_settings_t> = {
        let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
        unsafe llhttp_settings_init(settings)
        unsafe settings.pointee.on_url = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeTarget(start, count)
            }
        }
        unsafe settings.pointee.on_header_field = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeName(start, count)
            }
        }
        unsafe settings.pointee.on_header_value = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeValue(start, count)
            }
        }
        unsafe settings.pointee.on_headers_complete = { _ in Int32(HPE_PAUSED.rawValue) }
        return unsafe UnsafePointer(settings)
    }()

    /// Recovers the state behind a parser; it and the span are alive while llhttp runs.
    @inline(__always)
    private static func withState(
        _ parser: UnsafeMutablePointer<llhttp_t>?,
        _ start: UnsafePointer<CChar>?,
        _ body: (UnsafeMutablePointer<ParserState>, UnsafePointer<CChar>) -> Int32
    ) -> Int32 {
        guard let data = unsafe parser?.pointee.data, let start = unsafe start else { return -1 }
        return unsafe body(data.assumingMemoryBound(to: ParserState.self), start)
    }
}
