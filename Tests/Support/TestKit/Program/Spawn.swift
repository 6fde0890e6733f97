internal import Glibc

/// A child process just started, with the reading ends of its two outputs.
///
/// Its input is empty.
struct Spawn {
    /// The child's process id.
    let pid: pid_t
    /// The reading end of its standard output.
    let output: Int32
    /// The reading end of its standard error.
    let errors: Int32

    /// Starts the child; descriptors other than the three standard ones are not passed on.
    init(
        path: String,
        arguments: [String],
        environment: [String: String],
        directory: String?
    ) throws(KitError) {
        let out = try Descriptors.pipe()
        let err = try Descriptors.pipe()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, out.write, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, err.write, 2)
        var attributes = Self.plainSignals()
        var started: pid_t = 0
        let words = Self.words(path, arguments, directory)
        let result = unsafe Self.withCStrings(words) { arguments in
            unsafe Self.withCStrings(Self.merged(environment)) { environment in
                Descriptors.whileNoneIsBeingMade {
                    unsafe posix_spawn(
                        &started,
                        words[0],
                        &actions,
                        &attributes,
                        arguments,
                        environment
                    )
                }
            }
        }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        close(out.write)
        close(err.write)
        guard result == 0 else {
            close(out.read)
            close(err.read)
            throw .system(call: "posix_spawn \(path)", errno: result)
        }
        (pid, output, errors) = (started, out.read, err.read)
    }

    /// Attributes by which a child begins with no signal blocked or ignored, whatever this process does.
    private static func plainSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        return attributes
    }

    /// The command line; a shell changes the directory, because Swift does not see the call that would, and becomes the program.
    private static func words(
        _ path: String,
        _ arguments: [String],
        _ directory: String?
    ) -> [String] {
        guard let directory else { return [path] + arguments }
        return ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory, path] + arguments
    }

    /// This process's environment with the given variables put in.
    private static func merged(_ changes: [String: String]) -> [String] {
        var kept: [String] = []
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let variable = unsafe String(cString: text)
            if changes[String(variable.prefix { $0 != "=" })] == nil { kept.append(variable) }
            unsafe entry += 1
        }
        return kept + changes.map { "\($0.key)=\($0.value)" }
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(&pointers)
    }
}
