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
    /// The request's method and path; empty where its head was not in order, or its handler did not name them.
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

        /// What a request began with; the path is cut.
        package init(method: String, path: String) {
            self.method = method
            self.path = String(path.prefix(ProblemReport.pathBytesMax))
        }
    }

    /// The most characters of a path that are told.
    package static let pathBytesMax = 256
}
