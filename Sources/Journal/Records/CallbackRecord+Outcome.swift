internal import JSONWire
internal import Primitives
package import Rendezvous
package import Workflows

extension AttemptRef {
    /// The try that waits.
    package init(_ wait: WaitID) {
        self.init(step: Int(wait.step), attempt: Int(wait.attempt))
    }
}

extension CallbackRecord {
    /// What the callback means for the step that waited; its JSON is parsed here.
    package var outcome: CallbackOutcome {
        let result: JSONValue
        do throws(JSONError) {
            result = try withResult { (bytes) throws(JSONError) in try JSONValue.parse(bytes) }
        } catch {
            // Every result was validated or written by us before it was taken; text is the honest fallback.
            result = .string(String(decoding: resultBytes, as: UTF8.self))
        }
        return CallbackOutcome(
            key: withKey { String(utf8: $0) },
            isFailure: hasFailed,
            status: statusText,
            result: result
        )
    }
}
