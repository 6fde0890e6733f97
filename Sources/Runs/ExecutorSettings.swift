package import Documents

/// `executor:`, how runs are carried on.
package struct ExecutorSettings: Sendable {
    /// The keys of the block.
    package enum Keys {
        static let threads = SettingKey<Int>.integer(
            "threads",
            in: 0...1024,
            default: 0,
            "worker threads; 0 takes as many as the machine gives processors"
        )
        static let activeRunsMax = SettingKey<Int>.integer(
            "max_active_runs",
            in: 1...100_000_000,
            default: 1_000_000,
            "runs under way at once; beyond it a start gets 503"
        )
        static let endedRunsMax = SettingKey<Int>.integer(
            "max_ended_runs",
            in: 0...100_000_000,
            default: 100_000,
            "ended runs that stay readable; the oldest go first"
        )
        static let stateBytesMax = SettingKey<Int>.size(
            "max_state_size",
            default: 64 << 20,
            "the values that one run may hold"
        ).standard("four times the largest body or answer let in").example("64MiB")
        static let workflowDepthMax = SettingKey<Int>.integer(
            "max_workflow_depth",
            in: 1...1000,
            default: 32,
            "how deep runs may start runs"
        )
        static let historyMax = SettingKey<Int>.integer(
            "history_per_run",
            in: 0...1000,
            default: 64,
            "the newest entries of a run's history that are kept in memory"
        )
        /// Its map.
        package static let map = SettingMap(
            "executor",
            [
                threads, activeRunsMax, endedRunsMax, stateBytesMax, workflowDepthMax, historyMax,
            ]
        )
        /// The bound of working runs, which stands in the controller's block.
        package static let concurrentRunsMax = SettingKey<Int>.integer(
            "max_concurrent_count",
            in: 0...100_000_000,
            default: 0,
            "runs that do something at the same time; the others wait their turn; 0 is unbounded"
        )
    }

    /// Worker threads; 0 takes as many as the machine gives processors.
    package var threads = Keys.threads.fallback
    /// Runs under way at once; beyond it a trigger gets 503.
    package var activeRunsMax = Keys.activeRunsMax.fallback
    /// Ended runs that stay readable; the oldest go first.
    package var endedRunsMax = Keys.endedRunsMax.fallback
    /// Runs that do something at the same time (`controller.max_concurrent_count`); 0 is unbounded.
    package var concurrentRunsMax = Keys.concurrentRunsMax.fallback
    /// The bytes of values that one run may hold; as much as listeners and answers let in, times ``StateBound/factor``, where
    /// it is not given.
    package var stateBytesMax = Keys.stateBytesMax.fallback
    /// Where that is given; nil where it is not.
    package var statePosition: SourcePosition?
    /// How deep runs may start runs.
    package var workflowDepthMax = Keys.workflowDepthMax.fallback
    /// The newest entries of a run's history that are kept in memory.
    package var historyMax = Keys.historyMax.fallback

    /// The defaults.
    package init() {}

    /// Reads the block of a configuration.
    ///
    /// - Parameters:
    ///   - executor: The block; nil gives the defaults.
    ///   - controller: The controller's block, where the bound of working runs stands; nil where there is none, or it is no
    ///     map, which is told where the rest of it is read.
    package init(_ executor: SettingsReader?, controller: SettingsReader?) {
        self.init(executor)
        guard var controller else { return }
        controller.note(Keys.concurrentRunsMax.name)
        concurrentRunsMax = controller.read(Keys.concurrentRunsMax)
    }

    /// Reads the block; nil gives the defaults.
    init(_ reader: SettingsReader?) {
        guard var reader else { return }
        reader.accept(Keys.map)
        threads = reader.read(Keys.threads)
        activeRunsMax = reader.read(Keys.activeRunsMax)
        endedRunsMax = reader.read(Keys.endedRunsMax)
        statePosition = reader.node(Keys.stateBytesMax)?.position
        stateBytesMax = reader.read(Keys.stateBytesMax)
        workflowDepthMax = reader.read(Keys.workflowDepthMax)
        historyMax = reader.read(Keys.historyMax)
        reader.finish()
    }
}
