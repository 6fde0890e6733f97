internal import Platform

/// `sluice completion`: a script that completes command lines, made from the table of commands.
enum CompletionCommand {
    static let command = Program.Command(
        name: "completion",
        usage: "bash|zsh",
        summary: "Print the completion script for bash or zsh",
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
        default: return Program.mistaken("`completion` takes the name of a shell: bash or zsh")
        }
        return 0
    }
}
