import Platform

ProcessState.exit(Program.run(Array(CommandLine.arguments.dropFirst())))
