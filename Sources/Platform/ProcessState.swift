internal import CProcess
internal import Glibc

/// What the process was given when it was started, and how it ends.
package enum ProcessState {
    /// The environment variables; of repeated names the first counts, as getenv(3) has it.
    package static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let pointer = unsafe entry.pointee {
            let text = unsafe String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                let name = String(text[..<equals])
                if variables[name] == nil {
                    variables[name] = String(text[text.index(after: equals)...])
                }
            }
            unsafe entry += 1
        }
        return variables
    }

    /// Ends the process at once with an exit code; nothing buffered is written.
    package static func exit(_ code: Int32) -> Never {
        _exit(code)
    }

    /// Has the process end with exit code 1 and a sentence when a page of a mapped file cannot be had.
    ///
    /// SQLite maps the index of its log. Where the disk under it fails or is full, the kernel sends SIGBUS, which would end the
    /// process without a word.
    package static func endAtMappedFault() {
        _ = sluice_end_at_mapped_fault()
    }
}
