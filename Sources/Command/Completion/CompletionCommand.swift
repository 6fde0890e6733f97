internal import Platform

/// `sluice completion`: a script that completes command lines, made from the table of commands.
enum CompletionCommand {
    static let command = Program.Command(
        name: "completion",
        usage: "bash|zsh",
        summary: "Print a script that completes command lines in bash or zsh",
        options: [],
        operand: .words(["bash", "zsh"]),
        notes: """
            bash: source <(sluice completion bash)
            zsh:  sluice completion zsh > "${fpath[1]}/_sluice"
            """
    ) { arguments in
        switch arguments.operands {
        case ["bash"]: Console.write(Array(BashCompletion.script.utf8), to: .output)
        case ["zsh"]: Console.write(Array(ZshCompletion.script.utf8), to: .output)
        default: return Program.mistaken("this takes the shell's name: bash or zsh")
        }
        return 0
    }
}
