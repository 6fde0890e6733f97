internal import Glibc

/// One file operation that the operating system refused.
package struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was being done when it failed.
    package enum Operation: String, Sendable, CaseIterable {
        case open, create, preallocate, write, read, sync, rename, list, remove, truncate
        case syncDirectory = "sync directory"
        case lock, size, discardCache = "discard cache"
    }

    /// What was being done.
    package let operation: Operation
    /// The file or directory it was done to.
    package let path: String
    /// The `errno` of the call.
    package let code: Int32

    /// Names an operation, its file and its `errno`.
    package init(_ operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The failure as one sentence: `cannot write log/segment-…: No space left on device (28)`.
    package var description: String {
        let known = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            // The text ends with a zero inside the buffer and is copied before the buffer goes.
            guard let base = text.baseAddress, unsafe strerror_r(code, base, text.count) == 0 else {
                return "unknown error"
            }
            return unsafe String(cString: base)
        }
        return "cannot \(operation.rawValue) \(path): \(known) (\(code))"
    }
}
