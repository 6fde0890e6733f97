extension RequestParser {
    /// Bytes of the present body that lie in memory of the parser's own.
    package var gatheredBytes: Int {
        unsafe flow.pointee.isGathered ? flow.pointee.body.count : 0
    }

    /// The memory that the gathered body lies in, in bytes.
    package var bodyCapacity: Int {
        unsafe flow.pointee.body.capacity
    }

    /// The room that the present body would have, where it has less; `readBytes` is the most that comes at once.
    ///
    /// Only a body whose length was announced asks for any. It has earned new memory when what it has may not hold
    /// another read.
    package func roomWanted(readBytes: Int) -> BodyRoom? {
        guard unsafe flow.pointee.isGathered,
            case .lengthBody(let remaining) = unsafe flow.pointee.phase
        else { return nil }
        let (count, capacity) = unsafe (flow.pointee.body.count, flow.pointee.body.capacity)
        let announced = count + remaining
        guard announced > BodyRoom.trustedBytes, announced > capacity else { return nil }
        let isFull = capacity - count < readBytes
        let earned = isFull ? min(announced, BodyRoom.step(from: count + readBytes)) : 0
        return BodyRoom(announced: announced, earned: earned)
    }

    /// Moves the gathered body into other memory.
    ///
    /// - Parameter room: Empty, with a capacity that suits what was wanted.
    /// - Returns: The memory it lay in.
    package func moveBody(into room: consuming [UInt8]) -> [UInt8] {
        var room = room
        unsafe room.append(contentsOf: flow.pointee.body)
        unsafe swap(&room, &flow.pointee.body)
        return room
    }

    /// Has more of a gathered body, whose length was announced, put straight behind what is there.
    ///
    /// - Parameters:
    ///   - bytesMax: The most bytes that are taken.
    ///   - receive: Adds up to so many bytes, and moves nothing.
    /// - Returns: How many came; 0 also for any other body.
    package func gather(
        upTo bytesMax: Int,
        _ receive: (_ body: inout [UInt8], _ bytesMax: Int) -> Void
    ) -> Int {
        guard unsafe flow.pointee.isGathered,
            case .lengthBody(let remaining) = unsafe flow.pointee.phase,
            unsafe remaining <= bodyBytesMax - flow.pointee.bodyCount
        else { return 0 }
        let wanted = min(bytesMax, remaining)
        unsafe flow.pointee.reserveBody(wanted, of: remaining)
        var body: [UInt8] = []
        unsafe swap(&body, &flow.pointee.body)
        let before = body.count
        receive(&body, min(wanted, body.capacity - before))
        let came = body.count - before
        unsafe swap(&body, &flow.pointee.body)
        unsafe flow.pointee.bodyCount += came
        unsafe flow.pointee.phase =
            came == remaining ? .complete : .lengthBody(remaining: remaining - came)
        return came
    }

    /// Takes the gathered body out of the parser, which has none from here on; nil where it was not gathered.
    package func takeBody() -> [UInt8]? {
        guard unsafe flow.pointee.isGathered else { return nil }
        var body: [UInt8] = []
        unsafe swap(&body, &flow.pointee.body)
        return body
    }
}
