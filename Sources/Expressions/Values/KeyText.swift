package import Primitives

/// The bytes of a key, from the value an expression yields.
///
/// Text is itself, a number without fraction and exponent its digits (so `77` meets `"77"`), a boolean `true` or `false`.
/// Anything else is no key: `77.0` and `1e2` neither, because whoever writes them does not write them the same way twice.
package enum KeyText {
    /// Why a value is no key.
    package enum Problem: Error, Sendable, Hashable {
        /// There is no value, or it is null.
        case missing
        /// The value is of a kind that no key has: a number with fraction or exponent, a list, a map.
        case wrongKind(String)
        /// The text is empty.
        case empty
        /// The text is longer than a key may be.
        case tooLong(bytesMax: Int)

        /// The word for it in an answer.
        package var code: ProblemCode {
            self == .missing ? .keyMissing : .keyInvalid
        }

        /// One sentence for the sender, without full stop; it names the shape, not the content.
        package var message: String {
            switch self {
            case .missing: "the key is missing or null"
            case .wrongKind(let kind):
                "the key must be text, an integer or a boolean, and it is a \(kind)"
            case .empty: "the key is empty text"
            case .tooLong(let bytesMax): "the key is longer than \(bytesMax) bytes"
            }
        }
    }

    /// How long a key may be where nothing else is configured, in bytes.
    package static let bytesMax = 1024
}
