internal import CLibUV

extension UnsafeMutablePointer {
    /// The same memory seen as a libuv type that begins with the same fields (uv_tcp_t is a uv_stream_t is a
    /// uv_handle_t).
    @unsafe
    func seen<Other>(as type: Other.Type) -> UnsafeMutablePointer<Other> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
    }
}
