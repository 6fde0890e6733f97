internal import JSONWire
indirect enum Form: Sendable { case constant(JSONValue) }
