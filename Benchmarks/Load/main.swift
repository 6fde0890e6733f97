// sluice-load: sends callbacks, bulk callbacks and triggers, and measures how they are answered. `--help` says how.
import Platform

ProcessState.exit(LoadProgram.run(Array(CommandLine.arguments.dropFirst())))
