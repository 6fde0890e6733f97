extension RequestParser {
    /// Shows the present message's head and, as far as it is there, body.
    ///
    /// - Parameters:
    ///   - read: The read that the latest step went through; not looked at once the message is kept.
    ///   - look: Gets the head and body, which live no longer than this call; it must not feed the parser.
    package func withMessage(in read: RawSpan, _ look: (consuming Head, RawSpan) -> Void) {
        guard unsafe flow.pointee.isSpilled else {
            return show(read.extracting(headRange(in: read)), read, look)
        }
        let kept = unsafe flow.pointee.spill
        show(unsafe kept.span.bytes, read, look)
    }

    /// Shows the present message as ``withMessage(in:_:)-((Head,RawSpan)->Void)`` does.
    ///
    /// - Returns: What `look` gives.
    /// - Throws: What `look` throws.
    package func withMessage<Result, Failure: Error>(
        in read: RawSpan,
        _ look: (consuming Head, RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var outcome: Swift.Result<Result, Failure>?
        withMessage(in: read) { (head: consuming Head, body: RawSpan) -> Void in
            do throws(Failure) {
                outcome = .success(try look(head, body))
            } catch {
                outcome = .failure(error)
            }
        }
        guard let outcome else { preconditionFailure("a message was not shown") }
        return try outcome.get()
    }

    private func show(
        _ head: RawSpan,
        _ read: RawSpan,
        _ look: (consuming Head, RawSpan) -> Void
    ) {
        guard unsafe flow.pointee.isGathered else {
            return show(head, body: read.extracting(bodyRange(in: read)), look)
        }
        let kept = unsafe flow.pointee.body
        show(head, body: unsafe kept.span.bytes, look)
    }

    private func show(
        _ head: RawSpan,
        body: RawSpan,
        _ look: (consuming Head, RawSpan) -> Void
    ) {
        unsafe head.withUnsafeBytes { bytes in
            // The fields are the parser's own, and stay while nothing is fed.
            let fields = unsafe UnsafeBufferPointer(
                start: state.pointee.fields,
                count: state.pointee.fieldsCount
            )
            look(
                unsafe Head(summary: flow.pointee.summary, bytes: bytes, fields: fields),
                body
            )
        }
    }

    /// Where the head lies in a read; nothing where it does not fit.
    func headRange(in read: RawSpan) -> Range<Int> {
        unsafe Self.range(flow.pointee.headStart, flow.pointee.headCount, in: read)
    }

    /// Where the body lies in a read; nothing where it does not fit.
    func bodyRange(in read: RawSpan) -> Range<Int> {
        unsafe Self.range(flow.pointee.bodyStart, flow.pointee.bodyCount, in: read)
    }

    private static func range(_ start: Int, _ count: Int, in read: RawSpan) -> Range<Int> {
        guard start >= 0, count >= 0, start <= read.byteCount, count <= read.byteCount - start
        else { return 0..<0 }
        return start..<start + count
    }
}
