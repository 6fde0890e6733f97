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
    /// The request's method and path, where the engine refused it by itself and its head was in order.
    package let line: Line
    /// The other side's address, without the port.
    package let peer: String

    /// What a request began with.
    package struct Line: Sendable {
        /// The method; empty where it is not known.
        package var method = ""
        /// The path as it was sent, without the query and cut at ``pathBytesMax``; empty where it is not known.
        package var path = ""

        /// Nothing is known.
        package init() {}
    }

    /// The most characters of a path that are told.
    package static let pathBytesMax = 256
}
