internal import CCurl

/// One libcurl URL handle.
@safe struct CurlURL: ~Copyable {
    private let handle: OpaquePointer

    /// Opens an empty handle.
    init() throws(OutboundError) {
        guard let handle = unsafe curl_url() else { throw .protocolError("out of memory") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_url_cleanup(handle)
    }

    /// Reads a URL, or one relative to what was read before.
    func set(_ text: String) throws(OutboundError) {
        if text.utf8.contains(0) { throw .invalidURL("it contains a NUL") }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
        let code = unsafe curl_url_set(handle, CURLUPART_URL, text, flags)
        if code != CURLUE_OK {
            throw .invalidURL(unsafe String(cString: curl_url_strerror(code)))
        }
    }

    /// One part as it stands in the URL; nil where it is missing.
    func part(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text
        else { return nil }
        // Ours to free.
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
