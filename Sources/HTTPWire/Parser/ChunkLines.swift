internal import Primitives

/// Reads what stands round the pieces of a chunked body, byte by byte: sizes, extensions and trailers (RFC 9112, 7.1).
///
/// Extensions are checked and ignored (7.1.1), trailers too (6.5.1 of RFC 9110). A line ends with CR LF and nothing else.
struct ChunkLines: Sendable {
    /// Where it is.
    enum State: Sendable, Equatable {
        /// At a chunk's size.
        case size
        /// Behind a size and blanks, where only an extension may follow.
        case beforeExtension
        /// Behind a semicolon, at blanks before a name.
        case beforeName
        case name
        /// Behind a name and blanks.
        case afterName
        /// Behind an equals sign, at blanks before a value.
        case beforeValue
        case value
        case quoted
        /// Behind a backslash in quotes.
        case escaped
        /// Behind a value, quotes included, and blanks.
        case afterValue
        /// At the LF that ends the line of a size.
        case sizeEnd
        /// In the piece itself.
        case data
        /// At the CR behind a piece.
        case dataEnd
        /// At the LF behind a piece.
        case dataEndLine
        /// At the beginning of a trailer line, or of the empty line that ends the body.
        case trailer
        case trailerName
        case trailerValue
        /// At the LF that ends a trailer.
        case trailerEnd
        /// At the LF that ends the body.
        case bodyEnd
        case done
    }

    /// What a byte came to.
    enum Step: Sendable, Equatable {
        case more
        /// The line of a size has ended; its piece follows.
        case chunk
        /// The body has ended.
        case end
        case refused(WireRefusal)
    }

    private(set) var state = State.size
    /// The size of the present chunk; of its piece, what is left.
    private(set) var left: UInt64 = 0
    /// Bytes of extensions, and of zeros that say nothing.
    private(set) var extensionBytes = 0
    /// Bytes of trailers.
    private(set) var trailerBytes = 0
    /// Trailer fields.
    private(set) var trailersCount = 0
    private var digits = 0
    /// A size has up to so many digits that say something.
    private static let digitsMax = 16

    /// Takes bytes of a piece.
    mutating func take(_ count: Int) {
        left -= min(left, UInt64(clamping: count))
        if left == 0 { state = .dataEnd }
    }

    /// Takes one byte outside of a piece.
    mutating func take(byte: UInt8) -> Step {
        switch state {
        case .size: return takeSize(byte)
        case .sizeEnd: return endSize(byte)
        case .data, .done: return .more
        case .dataEnd:
            guard byte == 13 else { return Self.badEnd }
            state = .dataEndLine
            return .more
        case .dataEndLine:
            guard byte == 10 else { return Self.badEnd }
            state = .size
            left = 0
            digits = 0
            return .more
        case .trailer, .trailerName, .trailerValue, .trailerEnd, .bodyEnd:
            return takeTrailer(byte)
        default:
            extensionBytes += 1
            return takeExtension(byte)
        }
    }

    private mutating func takeSize(_ byte: UInt8) -> Step {
        if let digit = ASCII.hexDigit(byte) {
            digits += 1
            if digits > Self.digitsMax { extensionBytes += 1 }
            guard left >> 60 == 0 else { return Self.badSize }
            left = left << 4 | UInt64(digit)
            return .more
        }
        guard digits > 0 else { return Self.badSize }
        switch byte {
        case 13: state = .sizeEnd
        case UInt8(ascii: ";"): state = .beforeName
        case 32, 9: state = .beforeExtension
        default: return Self.badSize
        }
        return .more
    }

    private mutating func endSize(_ byte: UInt8) -> Step {
        guard byte == 10 else {
            return .refused(.malformed("A chunk's size does not end with CR LF."))
        }
        state = left == 0 ? .trailer : .data
        return .chunk
    }

    private mutating func takeExtension(_ byte: UInt8) -> Step {
        let isBlank = ASCII.isBlank(byte)
        switch (state, byte) {
        case (.escaped, _) where byte == 9 || (byte >= 32 && byte != 127): state = .quoted
        case (.quoted, UInt8(ascii: "\\")): state = .escaped
        case (.quoted, UInt8(ascii: "\"")): state = .afterValue
        case (.quoted, _) where byte == 9 || (byte >= 32 && byte != 127): break
        case (.beforeExtension, _) where isBlank: break
        case (.beforeExtension, UInt8(ascii: ";")): state = .beforeName
        case (.beforeName, _) where isBlank, (.beforeValue, _) where isBlank: break
        case (.beforeName, _) where ASCII.isToken(byte): state = .name
        case (.name, _) where ASCII.isToken(byte), (.value, _) where ASCII.isToken(byte): break
        case (.name, _) where isBlank: state = .afterName
        case (.value, _) where isBlank: state = .afterValue
        case (.afterName, _) where isBlank, (.afterValue, _) where isBlank: break
        case (.beforeValue, UInt8(ascii: "\"")): state = .quoted
        case (.beforeValue, _) where ASCII.isToken(byte): state = .value
        case (.name, UInt8(ascii: "=")), (.afterName, UInt8(ascii: "=")): state = .beforeValue
        case (.name, UInt8(ascii: ";")), (.afterName, UInt8(ascii: ";")),
            (.value, UInt8(ascii: ";")), (.afterValue, UInt8(ascii: ";")):
            state = .beforeName
        case (.name, 13), (.value, 13): state = .sizeEnd
        case (.afterValue, 13) where endsQuoted: state = .sizeEnd
        default: return .refused(.malformed("A chunk's extension is not valid."))
        }
        endsQuoted = state == .afterValue && !isBlank
        return .more
    }

    /// Whether the byte before was the end of a quoted value: only there may the line end right behind a value's end.
    private var endsQuoted = false

    private mutating func takeTrailer(_ byte: UInt8) -> Step {
        trailerBytes += 1
        switch (state, byte) {
        case (.trailer, 13): state = .bodyEnd
        case (.trailer, _) where ASCII.isToken(byte):
            trailersCount += 1
            state = .trailerName
        case (.trailerName, UInt8(ascii: ":")): state = .trailerValue
        case (.trailerName, _) where ASCII.isToken(byte): break
        case (.trailerValue, 13): state = .trailerEnd
        case (.trailerValue, _) where byte == 9 || (byte >= 32 && byte != 127): break
        case (.trailerEnd, 10): state = .trailer
        case (.bodyEnd, 10):
            state = .done
            return .end
        default: return .refused(.malformed("The trailers of a chunked body are not valid."))
        }
        return .more
    }

    private static var badSize: Step { .refused(.malformed("A chunk's size is not valid.")) }
    private static var badEnd: Step { .refused(.malformed("A chunk does not end with CR LF.")) }
}
