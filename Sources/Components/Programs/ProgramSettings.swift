package import Documents
package import Primitives

/// `programs:`, how local programs are run: those of shell steps and those of http-server components.
package struct ProgramSettings: Sendable {
    /// How long the program of a shell step may run, where its component names no timeout.
    package var shellTimeout = Nanoseconds.seconds(3600)
    /// The most bytes of each of its outputs.
    package var outputBytesMax = 1 << 20
    /// How long a program has to end by itself, once it was asked to, before it is killed.
    package var stopGrace = Nanoseconds.seconds(5)
    /// The executable that guards programs: this program itself.
    package var guardPath = "/proc/self/exe"

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    package init(_ reader: SettingsReader?) {
        guard var reader else { return }
        shellTimeout = reader.duration("shell_timeout", default: shellTimeout)
        outputBytesMax = reader.size("max_output_size", default: outputBytesMax)
        stopGrace = reader.duration("stop_timeout", default: stopGrace)
        reader.finish()
    }
}
