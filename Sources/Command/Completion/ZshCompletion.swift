/// The completion script for zsh.
enum ZshCompletion {
    /// The script; it defines `_sluice` for the function path.
    static var script: String {
        """
        #compdef sluice
        # Completes command lines of sluice in zsh; made by `sluice completion zsh`.
        _sluice() {
            local command="${words[2]}"
            if ((CURRENT == 2)); then
                local -a first=(
        \(firstWords)
                )
                _describe command first
                return
            fi
            case "$command" in
        \(groupCases)
            esac
            case "$command" in
        \(commandCases)
            esac
        }
        if [[ "$funcstack[1]" == _sluice ]]; then
            _sluice "$@"
        else
            compdef _sluice sluice
        fi

        """
    }

    private static var firstWords: String {
        CompletionWords.firstWords.map { word in
            let command = Program.commands.first { $0.name == word }
            let summary =
                command?.summary
                ?? (word == "help" ? "Tell what a command does" : "See sluice \(word) --help")
            return "            \(quoted("\(word):\(plain(summary))"))"
        }.joined(separator: "\n")
    }

    private static var groupCases: String {
        CompletionWords.groups.map { group in
            let words = group.words.map { word in
                let command = Program.commands.first { $0.name == "\(group.name) \(word)" }
                return quoted("\(word):\(plain(command?.summary ?? ""))")
            }
            return """
                        \(group.name))
                            if ((CURRENT == 3)); then
                                local -a second=(\(words.joined(separator: " ")))
                                _describe command second
                                return
                            fi
                            command="$command ${words[3]}"
                            ;;
                """
        }.joined(separator: "\n")
    }

    private static var commandCases: String {
        Program.commands.map { command in
            let options = command.options.flatMap { option in
                option.names.map { quoted(spec($0, of: option)) }
            }
            let operand: [String] =
                switch command.operand {
                case .nothing: []
                case .file: ["'*:file:_files'"]
                case .words(let words): [quoted("*:word:(\(words.joined(separator: " ")))")]
                }
            let all = options + ["'--help[show help]'"] + operand
            return """
                        \(quoted(command.name)))
                            _arguments \(all.joined(separator: " \\\n                        "))
                            ;;
                """
        }.joined(separator: "\n")
    }

    private static func spec(_ name: String, of option: Arguments.Option) -> String {
        let help = plain(option.help)
        guard let value = option.value else { return "*\(name)[\(help)]" }
        return switch CompletionWords.values(of: option) {
        case .file: "*\(name)[\(help)]:file:_files"
        case .words(let words): "*\(name)[\(help)]:word:(\(words.joined(separator: " ")))"
        case .nothing: "*\(name)[\(help)]:\(plain(value)):"
        }
    }

    /// A text without what has a meaning in zsh's descriptions.
    private static func plain(_ text: String) -> String {
        String(text.map { "[]:\\".contains($0) ? " " : $0 })
    }

    /// A text in single quotes.
    private static func quoted(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}
