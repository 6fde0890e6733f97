internal import CLibUV
internal import Primitives

extension UnsafeMutablePointer {
    /// The same memory seen as a libuv type that begins with the same fields (uv_tcp_t is a uv_stream_t is a
    /// uv_handle_t).
    @unsafe
    func seen<Other>(as type: Other.Type) -> UnsafeMutablePointer<Other> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
    }
}

/// A value that one thread leaves for another.
final class Box<Value: Sendable>: Sendable {
    private let value: Lock<Value>

    /// Puts the first value in.
    init(_ value: Value) {
        self.value = Lock(value)
    }

    /// What was put in last.
    func get() -> Value {
        value.withLock { $0 }
    }

    /// Replaces the value.
    func set(_ new: Value) {
        value.withLock { $0 = new }
    }
}

/// Texts as C wants them: a list of pointers that ends with null.
enum CStrings {
    /// Calls `body` with copies of `texts`, which are alive until it returns.
    @unsafe
    static func withPointers<Result>(
        _ texts: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: texts.count + 1
        )
        defer {
            for index in texts.indices { unsafe free(pointers[index]) }
            unsafe pointers.deallocate()
        }
        for (index, text) in texts.enumerated() {
            unsafe (pointers + index).initialize(to: strdup(text))
        }
        unsafe (pointers + texts.count).initialize(to: nil)
        return unsafe body(pointers)
    }
}
