extension SettingsReader {
    /// Begins to take the keys of a map, which are known from now on; a block may take those of several.
    package mutating func accept(_ map: SettingMap) {
        for name in map.names { note(name) }
        noted += map.noted
        refused += map.refused
    }

    /// The value of a key, or its default where it is missing or wrong.
    package mutating func read<Value>(_ key: SettingKey<Value>) -> Value {
        given(key) ?? key.fallback
    }

    /// The value of a key, or another default than its own where it is missing or wrong.
    package mutating func read<Value>(_ key: SettingKey<Value>, or fallback: Value) -> Value {
        given(key) ?? fallback
    }

    /// The value of a key; nil where it is missing or wrong.
    package mutating func given<Value>(_ key: SettingKey<Value>) -> Value? {
        expect(key.name)
        return key.parse(&self, key.name)
    }

    /// The value of a key as it stands; nil where it is missing or null.
    package mutating func node<Value>(_ key: SettingKey<Value>) -> Node? {
        expect(key.name)
        return node(key.name)
    }

    /// A reader of the map under a key.
    package mutating func map(_ key: SettingKey<Node?>) -> SettingsReader? {
        expect(key.name)
        return map(key.name)
    }

    /// A reader for each map of the list under a key.
    package mutating func maps(_ key: SettingKey<Node?>) -> [SettingsReader]? {
        expect(key.name)
        return maps(key.name)
    }

    /// Whether a key is there with a value.
    package func has<Value>(_ key: SettingKey<Value>) -> Bool { has(key.name) }

    /// A key that is read and in no map that was accepted would be known to its reader alone.
    private func expect(_ name: String) {
        assert(knows(name), "the key `\(name)` is read and in no map that was accepted")
    }
}
