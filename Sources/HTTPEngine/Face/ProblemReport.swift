package import Primitives

/// That a site answered with a problem: what the log and the metrics want to know.
package struct ProblemReport: Sendable {
    /// The site's name.
    package let site: String
    /// The status of the answer.
    package let status: Int
    /// The stable word for what was wrong.
    package let code: ProblemCode
    /// The sentence that the client was told.
    package let detail: String
    /// The request's id, also in the answer.
    package let requestID: UUIDv7
    /// Where in the configuration the cause is written, which the client was not told; nil where it is not there.
    package let place: String?
}
