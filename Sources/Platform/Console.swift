internal import Glibc
internal import Primitives

/// The process's own standard streams.
package enum Console {
    /// Which stream.
    package enum Stream: Int32, Sendable {
        case output = 1
        case error = 2
    }

    /// Writes all bytes to a stream, over as many system calls as it takes; blocks while the reader is slow.
    ///
    /// - Returns: False when the stream is closed or broken; the rest is then given up.
    @discardableResult
    package static func write(_ bytes: [UInt8], to stream: Stream) -> Bool {
        var written = 0
        while written < bytes.count {
            let from = written
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    stream.rawValue,
                    buffer.baseAddress.map { unsafe $0 + from },
                    buffer.count - from
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }

    /// Writes a text for people and a line feed to a stream; nothing in it steers a terminal (``TerminalText``).
    ///
    /// A text of others that must not begin a line of its own goes through ``TerminalText/line(_:)`` before.
    package static func writeLine(_ text: String, to stream: Stream = .output) {
        write(Array(TerminalText.block(text).utf8) + [UInt8(ascii: "\n")], to: stream)
    }

    /// Writes a text for programs, such as JSON, and a line feed to a stream, byte for byte.
    package static func writeData(_ text: String, to stream: Stream = .output) {
        write(Array(text.utf8) + [UInt8(ascii: "\n")], to: stream)
    }

    /// Whether a stream is a terminal a person looks at.
    package static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1
    }
}
