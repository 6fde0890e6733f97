internal import JSONWire
internal import Platform

/// `sluice ledger …` and `sluice explain`: what reached a running server, and what became of it.
enum LedgerCommands {
    static let all: [Program.Command] = [
        ListLedgerCommand.command, ShowLedgerCommand.command, ReplayLedgerCommand.command,
        ExplainCommand.command,
    ]

    /// Asks a controller something.
    static func ask(
        _ arguments: Arguments,
        _ body: (ControllerConnection) throws(WebClient.Failure) -> Int32
    ) -> Int32 {
        do throws(WebClient.Failure) {
            return try body(try ControllerConnection(arguments))
        } catch {
            return Program.failed(error.message)
        }
    }

    /// Says so where what came last may be missing from an answer.
    static func warn(_ answer: JSONValue) {
        guard answer["behind"]?.string != nil else { return }
        let behind = RunText.member(answer, "behind")
        Program.tell("the newest entries may be missing: \(behind)")
    }

    /// Whether a word could be a request's id.
    static func isID(_ word: String) -> Bool {
        word.utf8.count == 36
            && word.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
                    || (0x61...0x66).contains(byte | 0x20)
            }
    }
}
