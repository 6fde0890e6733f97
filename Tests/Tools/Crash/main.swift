import Glibc

exit(runCrash(CommandLine.arguments.dropFirst()) ? 0 : 1)
