package import Primitives

/// All that an event brings with it from the world outside the machine: time, randomness, gateway URLs.
///
/// It is journaled with the event, so that a replay makes the same decisions.
package struct Stamp: Sendable {
    /// When the event happened.
    package let wall: WallTime
    /// 128 fresh random bits; every id made while the event is handled is derived from them.
    package let random: (UInt64, UInt64)
    /// What `${gateway:…}` yields at this moment.
    package let gateways: GatewayValues

    /// Brings together the time, the random bits and the gateways of one event.
    package init(wall: WallTime, random: (UInt64, UInt64), gateways: GatewayValues) {
        self.wall = wall
        self.random = random
        self.gateways = gateways
    }
}
