internal import Glibc

/// glibc's tables of character encodings.
///
/// Each is a file that `iconv_open` loads. They are all opened once and stay so: a conversion then reads no file, and may run on
/// any thread, because it has a descriptor of its own.
package enum CharsetTables {
    /// Loads the tables; to be called before requests come.
    ///
    /// - Returns: The encodings whose tables are not installed: their texts become U+FFFD beyond ASCII.
    /// - Complexity: Reads some 25 files the first time.
    @discardableResult
    package static func load() -> [Charset] { missing }

    private static let missing: [Charset] = Charset.allCases.filter { charset in
        switch charset {
        case .utf8, .utf16BE, .utf16LE, .windows1252: false
        default: open(charset.iconvName) == nil
        }
    }

    /// A descriptor as a number, which is never closed.
    private static func open(_ name: String) -> Int? {
        let number = unsafe Int(bitPattern: iconv_open("UTF-8", name))
        return number == -1 ? nil : number
    }

    /// Bytes of an encoding as UTF-8; a byte that begins no character becomes U+FFFD, or, from 0x80 to 0x9F, the control
    /// character with its number where `hasControls`.
    static func decode(_ bytes: [UInt8], from name: String, hasControls: Bool) -> [UInt8] {
        load()
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 2)
        guard let number = open(name) else {
            for byte in bytes { out += byte < 0x80 ? [byte] : replacement }
            return out
        }
        defer { unsafe iconv_close(UnsafeMutableRawPointer(bitPattern: number)) }
        var input = bytes
        var room = [UInt8](repeating: 0, count: 4096)
        unsafe input.withUnsafeMutableBytes { source in
            // The pointers and counts are those of the two buffers, and iconv moves none past its end.
            var next = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = source.count
            while left > 0 {
                let (written, failure) = unsafe step(number, &next, &left, &room)
                out += room[..<written]
                guard failure == EILSEQ || failure == EINVAL else { continue }
                let byte = unsafe UInt8(bitPattern: next?.pointee ?? 0)
                out += hasControls && (0x80...0x9F).contains(byte) ? [0xC2, byte] : replacement
                // What is cut off at the end is one character.
                let passed = failure == EINVAL ? left : 1
                unsafe next = next.map { unsafe $0 + passed }
                left -= passed
            }
            var none: UnsafeMutablePointer<CChar>?
            var nothing = 0
            out += room[..<(unsafe step(number, &none, &nothing, &room).written)]
        }
        return out
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Converts what fits the room.
    private static func step(
        _ number: Int,
        _ next: inout UnsafeMutablePointer<CChar>?,
        _ left: inout Int,
        _ room: inout [UInt8]
    ) -> (written: Int, failure: Int32) {
        unsafe room.withUnsafeMutableBytes { target in
            var at = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
            var space = target.count
            let result = unsafe iconv(
                UnsafeMutableRawPointer(bitPattern: number),
                &next,
                &left,
                &at,
                &space
            )
            let failure = result == -1 ? errno : 0
            return (target.count - space, failure)
        }
    }
}
