internal import CLibUV

/// libuv asks for memory to read into: it gets the loop's read buffer, the same for every stream.
///
/// Only on the loop's thread; what was read is used up before the next read.
func lendReadBuffer(
    _ handle: UnsafeMutablePointer<uv_handle_t>?,
    _ suggested: Int,
    _ buffer: UnsafeMutablePointer<uv_buf_t>?
) {
    // The loop's `data` is its read buffer: see EventLoop.
    unsafe buffer?.pointee.base = handle?.pointee.loop.pointee.data?
        .assumingMemoryBound(to: CChar.self)
    unsafe buffer?.pointee.len = EventLoop.readBytesMax
}
