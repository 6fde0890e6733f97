/// The client's end of a connection: a socket's, or one that a test makes of something else.
///
/// One thread uses it at a time.
package protocol ClientTransport: AnyObject {
    /// Sends all bytes, or throws when the deadline passes or the other side has closed.
    func send(_ bytes: [UInt8], deadline: Deadline) throws(KitError)

    /// What has come, at least one byte; empty at the end of the stream. `doing` is for the error.
    func receive(doing: String, deadline: Deadline) throws(KitError) -> [UInt8]

    /// Tells the other side that nothing more will be sent.
    func finishSending()

    /// Makes the coming close a reset instead of an orderly end.
    func resetOnClose()

    /// Closes.
    func close()
}
