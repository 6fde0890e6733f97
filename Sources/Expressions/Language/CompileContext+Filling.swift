package import Documents

extension CompileContext {
    /// Puts `${env…}` and `${secret…}` into settings that are fixed at load, such as ports and durations.
    package var filling: SettingFilling {
        var context = self
        context.sources = .atLoad
        return { [context] node, keyPath, diagnostics in
            var here = context
            here.keyPath = keyPath
            return node.settled(here, diagnostics)
        }
    }
}
