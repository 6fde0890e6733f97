/// Lets requests in by their heads, before any of the body is read or asked for.
///
/// A gate stands before a site or a route. It is asked for every request of a route that has one, also where the head repeats the
/// one before byte by byte: what it decides may depend on more than the head, such as the time or how many came before.
///
/// On the loop of the request; one gate for all loops, so that it keeps what it counts under a lock.
package protocol RequestGate: Sendable {
    /// Lets a request pass, or refuses it.
    ///
    /// The refusal is the request's answer. A small body is still read and thrown away, so that the connection lives on; a client
    /// that waits for `100 Continue`, or sends a large one, is refused at once and the connection ends.
    ///
    /// - Parameter request: The request, without its body; it lives during this call only.
    /// - Throws: Why it is refused.
    func check(_ request: borrowing Request) throws(Problem)
}
