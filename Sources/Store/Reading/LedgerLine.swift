package import Journal
package import Primitives

/// A request in a list of the ledger.
package struct LedgerLine: Sendable {
    /// The request's id.
    package let id: UUIDv7
    /// When it came.
    package let time: WallTime
    /// What its endpoint is called.
    package let endpoint: String
    /// What became of it, by now.
    package let status: ReceivedRequest.Status
    /// The stable word for a refusal; empty otherwise.
    package let code: String
    /// A sentence for a person.
    package internal(set) var note: String
    /// The key it was read to have; empty where there is none or many.
    package let key: [UInt8]
    /// Whether it is found by the keys of its items.
    package let hasItems: Bool
    /// The run it went to; nil where it went to none, or started runs.
    package let run: UUIDv7?
    /// How many bytes its body has.
    package let bodyBytes: Int
    /// What the verification of its sender came to; nil where nobody was to verify it.
    package let verdict: SenderVerdict?
}
