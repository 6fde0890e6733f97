internal import Platform
internal import Store

/// `sluice store repair`: says what a damaged store would have to give up, and does it where that was agreed to.
enum RepairStoreCommand {
    static let command = Program.Command(
        name: "store repair",
        usage: "[--yes]",
        summary: "Show what repairing a damaged store would discard; with --yes repair it",
        options: StoreCommands.options + [
            .init(
                names: ["--yes"],
                value: nil,
                help: "repair the store, and discard what cannot be kept"
            )
        ],
        notes: """
            No server may use the store meanwhile. A sound store is left as it is; what is replaced is kept beside it,
            under a name that ends with `.damaged`. The exit code is 1 if a repair is needed and --yes is missing.
            """,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken(
                "`store repair` takes no operand; see sluice store repair --help"
            )
        }
        let path: String
        switch StoreCommands.directory(arguments) {
        case .success(let found): path = found
        case .failure(let refusal): return refusal.exitCode
        }
        do throws(StoreError) {
            let repair = try StoreRepair(directory: path)
            for note in repair.notes { Console.writeLine(note) }
            guard !repair.steps.isEmpty else {
                Console.writeLine(
                    repair.notes.isEmpty
                        ? "The store is sound: there is nothing to repair."
                        : "There is nothing to repair."
                )
                return 0
            }
            for step in repair.steps { Console.writeLine(step.text) }
            guard arguments.has("--yes") else {
                Console.writeLine("Nothing was changed: `sluice store repair --yes` does this.")
                return 1
            }
            try repair.apply()
            Console.writeLine("The store is repaired; `sluice store check` reads all of it.")
            return 0
        } catch {
            return Program.failed(error.description)
        }
    }
}
