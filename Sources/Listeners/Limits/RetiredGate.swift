package import HTTPEngine
internal import Primitives

/// Refuses every request of an endpoint that is switched off.
package struct RetiredGate: RequestGate {
    /// Makes one.
    package init() {}

    package func check(_ request: borrowing Request) throws(Problem) {
        throw Problem(
            status: 410,
            code: .endpointRetired,
            detail: "This endpoint is retired and takes no requests any more."
        )
    }
}
