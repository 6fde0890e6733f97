package import HTTPEngine
package import Primitives

/// What a client says in `Prefer` about waiting for a run (RFC 7240): `respond-async`, `wait=N`.
package struct Preference: Sendable, Equatable {
    /// Whether it would rather not wait.
    let isAsynchronous: Bool
    /// How many seconds it would wait.
    package let waitSeconds: Int64?

    /// The longest wait that is granted, in seconds; longer ones are shortened to it.
    static let waitSecondsMax: Int64 = 3600

    /// Reads the field of a request; nil where it says nothing about waiting.
    package init?(_ request: borrowing Request) {
        guard let text = request.header("prefer") else { return nil }
        self.init(text)
    }

    /// Reads the value of the field; of a preference that comes twice, the first counts.
    init?(_ text: String) {
        var isAsynchronous = false
        var seconds: Int64?
        for part in text.split(separator: ",") {
            let preference = part.prefix { $0 != ";" }
            let sides = preference.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            switch (sides.first?.lowercased(), sides.count) {
            case ("respond-async", 1): isAsynchronous = true
            case ("wait", 2):
                let digits = sides[1].filter { $0 != "\"" }
                guard seconds == nil, let count = Int64(digits), count >= 0 else { continue }
                seconds = min(count, Self.waitSecondsMax)
            default: continue
            }
        }
        guard isAsynchronous || seconds != nil else { return nil }
        self.isAsynchronous = isAsynchronous
        waitSeconds = seconds
    }

    /// How long the answer may wait; 0 where it goes out at once.
    package var patience: Nanoseconds { .seconds(waitSeconds ?? 0) }

    /// The value of `Preference-Applied`.
    var applied: String {
        waitSeconds.map { "wait=\($0)" } ?? "respond-async"
    }

    /// The field that tells that the preference was followed.
    package var field: (name: String, value: String) { ("Preference-Applied", applied) }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
