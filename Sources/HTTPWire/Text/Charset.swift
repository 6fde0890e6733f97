internal import Glibc

/// A character encoding that a text of a request may be in (WHATWG Encoding, 4.2).
package enum Charset: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16BE = "UTF-16BE"
    case utf16LE = "UTF-16LE"
    case windows1252 = "windows-1252"
    case ibm866 = "IBM866"
    case iso8859Part2 = "ISO-8859-2"
    case iso8859Part3 = "ISO-8859-3"
    case iso8859Part4 = "ISO-8859-4"
    case iso8859Part5 = "ISO-8859-5"
    case iso8859Part6 = "ISO-8859-6"
    case iso8859Part7 = "ISO-8859-7"
    case iso8859Part8 = "ISO-8859-8"
    case iso8859Part10 = "ISO-8859-10"
    case iso8859Part13 = "ISO-8859-13"
    case iso8859Part14 = "ISO-8859-14"
    case iso8859Part15 = "ISO-8859-15"
    case iso8859Part16 = "ISO-8859-16"
    case koi8R = "KOI8-R"
    case koi8U = "KOI8-U"
    case macintosh = "macintosh"
    case macCyrillic = "x-mac-cyrillic"
    case windows874 = "windows-874"
    case windows1250 = "windows-1250"
    case windows1251 = "windows-1251"
    case windows1253 = "windows-1253"
    case windows1254 = "windows-1254"
    case windows1255 = "windows-1255"
    case windows1256 = "windows-1256"
    case windows1257 = "windows-1257"
    case windows1258 = "windows-1258"
    case gb18030 = "gb18030"
    case big5 = "Big5"
    case eucJP = "EUC-JP"
    case iso2022JP = "ISO-2022-JP"
    case shiftJIS = "Shift_JIS"
    case eucKR = "EUC-KR"

    /// The encoding a label names, whatever its case; `iso-8859-1` and `ascii` mean windows-1252 (WHATWG Encoding, 4.2).
    ///
    /// - Returns: Nil for a label that is not known.
    package init?(label: some StringProtocol) {
        let trimmed = label.utf8.prefix(64).filter { $0 > 32 && $0 < 127 }
        guard let found = Self.labels[String(decoding: trimmed, as: UTF8.self).lowercased()] else {
            return nil
        }
        self = found
    }

    /// The encoding the parameter `charset` of a media type names; nil where it names none or one that is not known.
    package init?(ofContentType text: String) {
        guard let label = HeaderParameters(text)["charset"] else { return nil }
        self.init(label: String(decoding: label, as: UTF8.self))
    }

    /// Bytes as text; what is no character becomes U+FFFD.
    ///
    /// A BOM in front says UTF-8 or UTF-16 itself and is left out.
    ///
    /// - Complexity: O(n).
    package func decode(_ bytes: [UInt8]) -> String {
        if let (marked, length) = Self.mark(bytes) {
            return marked.decodeUnmarked(Array(bytes[length...]))
        }
        return decodeUnmarked(bytes)
    }

    /// The encoding a BOM names, and the BOM's length; nil where there is none (WHATWG Encoding, 6, "BOM sniff").
    package static func mark(_ bytes: [UInt8]) -> (charset: Charset, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        return nil
    }

    /// Bytes as text, a BOM as the character it is; what is no character becomes U+FFFD.
    package func decodeUnmarked(_ bytes: [UInt8]) -> String {
        switch self {
        case .utf8: return String(decoding: bytes, as: UTF8.self)
        case .utf16BE, .utf16LE: return utf16(bytes)
        case .windows1252:
            var text = String.UnicodeScalarView()
            for byte in bytes { text.append(Self.windows1252(byte)) }
            return String(text)
        default:
            let decoded = CharsetTables.decode(bytes, from: iconvName, hasControls: isWindows)
            return String(decoding: decoded, as: UTF8.self)
        }
    }

    private func utf16(_ bytes: [UInt8]) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2 + 1)
        var at = 0
        while at + 1 < bytes.count {
            let (first, second) = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
            units.append(self == .utf16BE ? first << 8 | second : second << 8 | first)
            at += 2
        }
        if at < bytes.count { units.append(0xFFFD) }
        return String(decoding: units, as: UTF16.self)
    }

    /// Whether it extends a code page of Windows, whose free places from 0x80 to 0x9F are the control characters there.
    private var isWindows: Bool { rawValue.hasPrefix("windows-") }

    /// What glibc calls it.
    var iconvName: String {
        switch self {
        case .big5: "BIG5-HKSCS"
        case .shiftJIS: "CP932"
        case .eucKR: "CP949"
        case .eucJP: "EUC-JP-MS"
        case .macintosh: "MACINTOSH"
        case .macCyrillic: "MAC-CYRILLIC"
        case _ where isWindows: "CP" + rawValue.dropFirst("windows-".count)
        default: rawValue
        }
    }

    /// The character of a byte in windows-1252 (WHATWG Encoding, index windows-1252).
    private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(upper1252[Int(byte) - 0x80]) ?? "\u{FFFD}"
    }

    private static let upper1252: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
