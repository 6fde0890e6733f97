internal import HTTPEngine
internal import Loops
internal import Store

/// Why the server could not start, as a sentence for the operator.
package struct StartFailure: Error, Sendable {
    /// The sentence.
    package let message: String
    /// Whether a full disk is the reason: it can be tried again when there is room.
    package let isDiskFull: Bool

    /// Makes a failure from its sentence.
    init(message: String, isDiskFull: Bool = false) {
        self.message = message
        self.isDiskFull = isDiskFull
    }

    /// Says what another room could not do.
    init(_ error: any Error) {
        isDiskFull = (error as? StartFailure)?.isDiskFull ?? false
        switch error {
        case let error as LoopError: message = error.message
        case let error as RouteError: message = error.message
        case let error as StartFailure: message = error.message
        case let error as StoreError: message = "the store: \(error.description)\(error.advice)"
        default: message = "\(error)"
        }
    }
}
