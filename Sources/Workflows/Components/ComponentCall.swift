internal import JSONWire
package import Primitives

/// Something that a step wants done by the world outside.
///
/// Who carries it out answers with ``RunEvent/responded(_:_:)``, unless nobody waits for it. The outcome is read by the
/// call's own type from what its executor has seen: a program's exit code, a response.
///
/// An object that never changes, because it is handed on several times from the machine to its executor: a copy is a
/// count, and the box that holds it is the only thing allocated for a call.
package protocol ComponentCall: AnyObject, Sendable {
    /// The id of the component it comes from; bounds and rate limits are kept per component.
    var component: String { get }

    /// Whether the step waits for its end.
    var isAnswered: Bool { get }

    /// What the history says was sent, such as `POST https://api.example.com/jobs`; nil for what is no message.
    var sentText: String? { get }

    /// Whether who gets the call can know a text by it, such as the key of a wait.
    func carries(_ text: [UInt8]) -> Bool

    /// The same call, ended by force when so much time has passed.
    func bounded(by rest: Nanoseconds) -> Self

    /// How a workflow test, which carries nothing out, answers it.
    var rehearsal: CallRehearsal { get }
}

extension ComponentCall {
    /// Steps wait for the end of a call as a rule.
    package var isAnswered: Bool { true }

    /// As a rule a call is no message.
    package var sentText: String? { nil }

    /// As a rule nobody outside sees the call.
    package func carries(_ text: [UInt8]) -> Bool { false }

    /// As a rule a call has no bound of its own.
    package func bounded(by rest: Nanoseconds) -> Self { self }

    /// As a rule a call ends at once and brings nothing.
    package var rehearsal: CallRehearsal { .known(.success(.null, status: 0)) }
}
