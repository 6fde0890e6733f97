import Primitives
import TestKit

/// Free ports in the place of those the document names; a test has its own.
final class LocalPorts: Sendable {
    /// The ports of the document and the bench, as words.
    private static let named = ["443", "8080", "8088", "8090", "8091", "9101", "9102"]
    private let taken: SleepingLock<[String: Int]>

    /// Gives the ports of services that run already; the others are taken when they are first named.
    init(_ services: [String: Int] = [:]) {
        taken = SleepingLock(services)
    }

    /// The port in the place of one that is named.
    subscript(named: Int) -> Int {
        taken.withLock { taken in
            if let port = taken["\(named)"] { return port }
            let port = FreePorts.next()
            taken["\(named)"] = port
            return port
        }
    }

    /// A text with every port it names replaced; numbers inside longer words stay.
    func local(_ text: String) -> String {
        var result = ""
        var word = ""
        func finish() {
            let port = Self.named.contains(word) ? Int(word).map { self[$0] } : nil
            result += port.map(String.init) ?? word
            word = ""
        }
        for character in text {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
            } else {
                finish()
                result.append(character)
            }
        }
        finish()
        return result
    }
}
