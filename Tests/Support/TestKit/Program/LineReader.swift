internal import Glibc

/// Reads a pipe line by line and closes it at its end.
///
/// It keeps clear of C streams: one that blocks in a read would hold up everybody who flushes all of them.
struct LineReader {
    private let pipe: Int32
    private var buffer: [UInt8] = []
    private var hasEnded = false

    /// Takes over the reading end of a pipe.
    init(_ pipe: Int32) {
        self.pipe = pipe
    }

    /// The next line without its line feed; nil at the end.
    mutating func next() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            if hasEnded {
                defer { buffer = [] }
                return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
            }
            fill()
        }
    }

    private mutating func fill() {
        let part = unsafe [UInt8](unsafeUninitializedCapacity: 16384) { space, count in
            var result = 0
            repeat {
                result = unsafe read(pipe, space.baseAddress, space.count)
            } while result < 0 && errno == EINTR
            count = max(0, result)
        }
        buffer += part
        if part.isEmpty {
            hasEnded = true
            close(pipe)
        }
    }
}
