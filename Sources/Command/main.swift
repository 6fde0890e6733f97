import Platform

let words = Array(CommandLine.arguments.dropFirst())
ProcessState.exit(GuardCommand.isMeant(by: words) ? GuardCommand.run(words) : Program.run(words))
