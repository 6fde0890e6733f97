package import Documents
package import Primitives

/// `programs:`, how local programs are run: those of shell steps and those of http-server components.
package struct ProgramSettings: Sendable {
    /// The keys of the block.
    package enum Keys {
        static let shellTimeout = SettingKey<Nanoseconds>.duration(
            "shell_timeout",
            default: .seconds(3600),
            "how long the program of a shell step may run, where its component names no timeout"
        )
        static let outputBytesMax = SettingKey<Int>.size(
            "max_output_size",
            default: 1 << 20,
            "each of its outputs; beyond it the program is killed and the step fails"
        )
        static let stopGrace = SettingKey<Nanoseconds>.duration(
            "stop_timeout",
            default: .seconds(5),
            "how long a program has to end by itself before it is killed"
        )
        /// Its map.
        package static let map = SettingMap("programs", [shellTimeout, outputBytesMax, stopGrace])
    }

    /// How long the program of a shell step may run, where its component names no timeout.
    package var shellTimeout = Keys.shellTimeout.fallback
    /// The most bytes of each of its outputs.
    package var outputBytesMax = Keys.outputBytesMax.fallback
    /// How long a program has to end by itself, once it was asked to, before it is killed.
    package var stopGrace = Keys.stopGrace.fallback
    /// The executable that guards programs: this program itself.
    package var guardPath = "/proc/self/exe"

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    package init(_ reader: SettingsReader?) {
        guard var reader else { return }
        reader.accept(Keys.map)
        shellTimeout = reader.read(Keys.shellTimeout)
        outputBytesMax = reader.read(Keys.outputBytesMax)
        stopGrace = reader.read(Keys.stopGrace)
        reader.finish()
    }
}
