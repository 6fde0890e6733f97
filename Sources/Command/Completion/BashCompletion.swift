/// The completion script for bash.
enum BashCompletion {
    /// The script; it defines `_sluice` and registers it.
    static var script: String {
        """
        # Completes command lines of sluice in bash; made by `sluice completion bash`.
        _sluice() {
            local word="${COMP_WORDS[COMP_CWORD]}" before="" words="" files=""
            ((COMP_CWORD > 0)) && before="${COMP_WORDS[COMP_CWORD - 1]}"
            local command="${COMP_WORDS[1]}"
            COMPREPLY=()
            if ((COMP_CWORD == 1)); then
                COMPREPLY=($(compgen -W "\(CompletionWords.firstWords.joined(separator: " "))" -- "$word"))
                return
            fi
            case "$command" in
                \(groupPattern))
                    if ((COMP_CWORD == 2)); then
                        case "$command" in
        \(groupCases)
                        esac
                        COMPREPLY=($(compgen -W "$words" -- "$word"))
                        return
                    fi
                    command="$command ${COMP_WORDS[2]}"
                    ;;
            esac
            case "$command" in
        \(commandCases)
            esac
            if [[ $word != -* && -n $files ]]; then
                COMPREPLY=($(compgen -f -- "$word"))
            else
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            fi
        }
        complete -o filenames -F _sluice sluice

        """
    }

    private static var groupPattern: String {
        CompletionWords.groups.map(\.name).joined(separator: " | ")
    }

    private static var groupCases: String {
        CompletionWords.groups.map { group in
            "                    \(group.name)) words=\"\(group.words.joined(separator: " "))\" ;;"
        }.joined(separator: "\n")
    }

    private static var commandCases: String {
        Program.commands.map { command in
            """
                    \"\(command.name)\")
                        case "$before" in
                            \(valueCases(command))
                        esac
                        words="\(CompletionWords.words(after: command).joined(separator: " "))"
                        \(takesFile(command) ? "files=1" : ":")
                        ;;
            """
        }.joined(separator: "\n")
    }

    /// What follows an option: files, known words, or nothing.
    private static func valueCases(_ command: Program.Command) -> String {
        let cases = command.options.filter { $0.value != nil }.map { option in
            let names = option.names.joined(separator: " | ")
            return switch CompletionWords.values(of: option) {
            case .file: "\(names)) COMPREPLY=($(compgen -f -- \"$word\")); return ;;"
            case .words(let words):
                "\(names)) COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")); return ;;"
            case .nothing: "\(names)) return ;;"
            }
        }
        return cases.isEmpty ? "*) ;;" : cases.joined(separator: "\n                    ")
    }

    private static func takesFile(_ command: Program.Command) -> Bool {
        if case .file = command.operand { true } else { false }
    }
}
