internal import CCurl

/// One libcurl easy handle with what must live as long as its transfer.
@safe final class EasyHandle {
    /// The C handle; open as long as this object.
    let handle: UnsafeMutableRawPointer
    /// True while a multi handle works on it.
    var isEntered = false
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    /// Opens a handle; nil where there is no memory.
    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headers)
        unsafe errorText.deallocate()
    }

    /// Forgets all options; live connections and looked-up names stay with the multi handle.
    func reset() {
        unsafe curl_easy_reset(handle)
        unsafe curl_slist_free_all(headers)
        unsafe headers = nil
        unsafe errorText.pointee = 0
    }

    /// What libcurl says of the last failure; nil where it said nothing.
    var error: String? {
        unsafe errorText.pointee == 0 ? nil : unsafe String(cString: errorText)
    }

    // MARK: Options

    /// Sets an option that takes a whole number.
    func set(_ option: CURLoption, _ value: Int) throws(OutboundError) {
        try check(unsafe sluice_easy_set_long(handle, option, value))
    }

    /// Sets an option that takes a text; libcurl copies it.
    func set(_ option: CURLoption, _ text: String) throws(OutboundError) {
        try check(unsafe sluice_easy_set_text(handle, option, text))
    }

    /// Sets the body; libcurl copies it.
    func set(body: [UInt8]) throws(OutboundError) {
        try set(CURLOPT_POST, 1)
        try check(
            unsafe sluice_easy_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        )
        if body.isEmpty { return try set(CURLOPT_COPYPOSTFIELDS, "") }
        var body = body
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, &body))
    }

    /// Sets the lines of the header section.
    func set(headerLines: [String]) throws(OutboundError) {
        for line in headerLines {
            guard let longer = unsafe curl_slist_append(headers, line) else {
                throw .protocolError("out of memory")
            }
            unsafe headers = longer
        }
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_HTTPHEADER, headers))
    }

    /// Has the answer's bytes given to `transfer`, which must outlive its work, and errors described.
    func report(to transfer: Transfer) throws(OutboundError) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        try check(
            unsafe sluice_easy_set_data_callback(handle, CURLOPT_WRITEFUNCTION, curlGivesBody)
        )
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(
            unsafe sluice_easy_set_data_callback(handle, CURLOPT_HEADERFUNCTION, curlGivesHeader)
        )
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        let number = unsafe UnsafeMutableRawPointer(
            bitPattern: UInt(truncatingIfNeeded: transfer.number &+ 1)
        )
        try check(unsafe sluice_easy_set_pointer(handle, CURLOPT_PRIVATE, number))
    }

    // MARK: What is known of a transfer

    /// The number of the transfer that a C handle reports to.
    static func number(of handle: UnsafeMutableRawPointer) -> UInt64 {
        var number: UnsafeMutableRawPointer?
        _ = unsafe sluice_easy_get_pointer(handle, CURLINFO_PRIVATE, &number)
        return UInt64(UInt(bitPattern: number)) &- 1
    }

    /// The answer's status code; 0 before there is one.
    var status: Int {
        var status = 0
        _ = unsafe sluice_easy_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// True once the request could be sent over a connection.
    var hasConnected: Bool {
        var microseconds: curl_off_t = 0
        _ = unsafe sluice_easy_get_size(handle, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
        return microseconds > 0
    }

    /// Where the answer wants the request to go instead, as a whole URL.
    var redirectURL: String? { text(CURLINFO_REDIRECT_URL) }

    /// The header fields of the last answer.
    var responseHeaders: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = []
        var last: UnsafeMutablePointer<curl_header>?
        while let one = unsafe curl_easy_nextheader(handle, UInt32(CURLH_HEADER), -1, last) {
            // Valid until the next call; not null where there is a header.
            all.append(
                unsafe (String(cString: one.pointee.name), String(cString: one.pointee.value))
            )
            unsafe last = one
        }
        return all
    }

    private func text(_ info: CURLINFO) -> String? {
        var pointer: UnsafeMutableRawPointer?
        guard unsafe sluice_easy_get_pointer(handle, info, &pointer) == CURLE_OK,
            let pointer = unsafe pointer
        else { return nil }
        // A C text that the handle keeps until its next transfer.
        return unsafe String(cString: pointer.assumingMemoryBound(to: CChar.self))
    }

    private func check(_ code: CURLcode) throws(OutboundError) {
        if code != CURLE_OK {
            throw .invalidRequest(unsafe String(cString: curl_easy_strerror(code)))
        }
    }
}

private func curlGivesBody(
    _ data: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size &* count)
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    // Anything but the count ends the transfer.
    return unsafe transfer.takesBody(bytes.bytes) ? bytes.count : 0
}

private func curlGivesHeader(
    _ data: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.takesHeaderBytes(size &* count) ? size &* count : 0
}
