internal import CLLHTTP

extension RequestParser {
    /// Takes a head that lies whole in a read and is as most heads are, without llhttp (plain_head.h).
    ///
    /// - Returns: False, with nothing changed, for any other: llhttp and ``HeadCheck`` judge it.
    func takePlainHead(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Bool {
        guard takesPlainHeads, let base = read.baseAddress else { return false }
        // `offset` lies in the read.
        let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
        if unsafe takeKnownHead(start, read.count - offset, from: &offset) { return true }
        var plain = sluice_plain_head()
        let bounds = unsafe state.pointee.limits
        let room = unsafe min(state.pointee.fieldsCapacity, bounds.fieldsMax)
        var limits = sluice_head_limits(
            target_end_max: bounds.requestLineBytesMax,
            lines_bytes_max: bounds.headerBytesMax,
            fields_max: room
        )
        // A field here is four numbers of 32 bits, as there; `room` of them are allocated.
        let isPlain = unsafe state.pointee.fields.withMemoryRebound(
            to: sluice_field.self,
            capacity: room
        ) { fields in
            unsafe sluice_plain_head_read(start, read.count - offset, &limits, fields, &plain)
        }
        guard isPlain else { return false }
        unsafe flow.pointee.summary = HeadSummary(plain)
        unsafe flow.pointee.isHeadRepeated = false
        take(
            count: Int(plain.count),
            fieldsCount: Int(plain.fields_count),
            target: ByteRange(plain.target),
            from: &offset
        )
        if knowsHeads {
            unsafe state.pointee.known.remember(
                start,
                count: Int(plain.count),
                fieldsCount: Int(plain.fields_count),
                target: ByteRange(plain.target)
            )
        }
        return true
    }

    /// Takes a head that is the one before: what that one said still stands in the parser.
    @inline(__always)
    private func takeKnownHead(
        _ start: UnsafePointer<UInt8>,
        _ available: Int,
        from offset: inout Int
    ) -> Bool {
        let known = unsafe state.pointee.known
        let count = unsafe known.repeated(by: start, available)
        guard count > 0 else { return false }
        unsafe flow.pointee.isHeadRepeated = true
        take(
            count: count,
            fieldsCount: known.fieldsCount,
            target: known.target,
            from: &offset
        )
        return true
    }

    /// Begins the message of a head that was read.
    @inline(__always)
    private func take(count: Int, fieldsCount: Int, target: ByteRange, from offset: inout Int) {
        unsafe state.pointee.startMessage()
        unsafe state.pointee.fieldsCount = fieldsCount
        unsafe state.pointee.target = target
        unsafe flow.pointee.headStart = offset
        unsafe flow.pointee.headCount = count
        offset += count
        beginBody()
    }
}

extension HeadSummary {
    /// What a plain head says: HTTP/1.1, the connection stays.
    fileprivate init(_ plain: sluice_plain_head) {
        method = Method(llhttp: plain.method)
        if plain.content_length > 0 { framing = .length(Int(plain.content_length)) }
        path = ByteRange(plain.path)
        query = ByteRange(plain.query)
        contentType = ByteRange(plain.content_type)
        target = ByteRange(plain.target)
    }
}

extension ByteRange {
    /// A place as the plain head has it.
    fileprivate init(_ place: sluice_place) {
        self.init(start: place.start, stop: place.stop)
    }
}
