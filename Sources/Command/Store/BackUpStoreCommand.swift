internal import Platform
internal import Store

/// `sluice store backup`: copies a store to one file.
enum BackUpStoreCommand {
    static let command = Program.Command(
        name: "store backup",
        usage: "FILE",
        summary: "Copy a consistent snapshot of the store to a new file",
        options: StoreCommands.options,
        operand: .file,
        notes: """
            A server may run meanwhile; what it takes while the copy is made is not in it. To go back to the copy,
            put it as `store.db` into an empty directory and start a server with that as its store.path.
            """,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count == 1, let file = arguments.operands.first else {
            return Program.mistaken("`store backup` takes the name of the new file")
        }
        return StoreCommands.withStore(arguments) { store throws(StoreError) in
            try store.backUp(to: file)
            let through = try StoreInspection(file: file).stats().completeThrough
            Console.writeLine("The store is copied to \(file), up to record \(through).")
            if let log = try store.log(), log.nextNumber > through + 1 {
                Console.writeLine(
                    "\(log.nextNumber - through - 1) later records are in the log only; a server that "
                        + "runs takes them into the store within a moment",
                    to: .error
                )
            }
            return 0
        }
    }
}
