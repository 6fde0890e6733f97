internal import CLLHTTP

extension RequestParser {
    /// Takes a head that lies whole in a read and is as most heads are, without llhttp (plain_head.h).
    ///
    /// - Returns: False, with nothing changed, for any other: llhttp and ``HeadCheck`` judge it.
    func takePlainHead(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Bool {
        guard takesPlainHeads, let base = read.baseAddress else { return false }
        var plain = sluice_plain_head()
        let bounds = unsafe state.pointee.limits
        let room = unsafe min(state.pointee.fieldsCapacity, bounds.fieldsMax)
        var limits = sluice_head_limits(
            target_end_max: bounds.requestLineBytesMax,
            lines_bytes_max: bounds.headerBytesMax,
            fields_max: room
        )
        // `offset` lies in the read. A field here is four numbers of 32 bits, as there; `room` of them are allocated.
        let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
        let isPlain = unsafe state.pointee.fields.withMemoryRebound(
            to: sluice_field.self,
            capacity: room
        ) { fields in
            unsafe sluice_plain_head_read(start, read.count - offset, &limits, fields, &plain)
        }
        guard isPlain else { return false }
        unsafe state.pointee.startMessage()
        unsafe state.pointee.fieldsCount = Int(plain.fields_count)
        unsafe state.pointee.target = ByteRange(plain.target)
        unsafe flow.pointee.summary = HeadSummary(plain)
        unsafe flow.pointee.headStart = offset
        unsafe flow.pointee.headCount = Int(plain.count)
        offset += Int(plain.count)
        beginBody()
        return true
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
