internal import Configuration
internal import Documents
internal import Platform
internal import Store

/// `sluice store …`: looks after a store's directory, also while a server uses it.
enum StoreCommands {
    static let all: [Program.Command] = [
        StatsStoreCommand.command, CheckStoreCommand.command, BackUpStoreCommand.command,
        RepairStoreCommand.command,
    ]

    /// The options that say which store.
    static let options: [Arguments.Option] =
        [
            .init(
                names: ["--path"],
                value: "DIRECTORY",
                help: "the store; default: the configuration's store.path, else ./.sluice"
            )
        ] + ConfigurationLoading.options

    /// Does something with the store that a command line means.
    static func withStore(
        _ arguments: Arguments,
        _ body: (StoreInspection) throws(StoreError) -> Int32
    ) -> Int32 {
        withDirectory(arguments) { path throws(StoreError) in
            do throws(StoreError) {
                return try body(try StoreInspection(directory: path))
            } catch {
                throw StoreError(error.kind, error.description + error.advice)
            }
        }
    }

    /// Does something with the directory of the store that a command line means.
    static func withDirectory(
        _ arguments: Arguments,
        _ body: (String) throws(StoreError) -> Int32
    ) -> Int32 {
        let path: String
        switch directory(arguments) {
        case .success(let found): path = found
        case .failure(let refusal): return refusal.exitCode
        }
        do throws(StoreError) {
            return try body(path)
        } catch {
            return Program.failed(error.description)
        }
    }

    /// A command line without a store; what is wrong was said.
    struct Refusal: Error {
        let exitCode: Int32
    }

    /// The store's directory that a command line means.
    static func directory(_ arguments: Arguments) -> Result<String, Refusal> {
        if let path = arguments.last("--path") { return .success(path) }
        let isNamed = !arguments.all("-f").isEmpty
        guard isNamed || ConfigurationFiles.standardNames.contains(where: FileText.exists) else {
            return .success(StoreSettings().path)
        }
        let loading = ConfigurationLoading(arguments, isFragment: true)
        guard let configuration = loading.configuration else {
            loading.print(loading.diagnostics.all.filter { $0.severity != .note }, to: .error)
            return .failure(Refusal(exitCode: 1))
        }
        guard configuration.store.kind != .memory else {
            let code = Program.failed(
                "the configuration says `store: memory`: nothing is kept, and there is no store"
            )
            return .failure(Refusal(exitCode: code))
        }
        return .success(configuration.store.path)
    }
}
