package import Metadata

/// A record of what saves did, in order; off unless a writer is given one.
package final class SaveTrace {
    /// One step of one save.
    package struct Entry: Sendable, Hashable {
        /// Saves within saves; 1 for what the caller asked for.
        package let depth: Int
        package let object: APIName
        /// A step's name, or what happened within it: `validate`, `validation rule Needs_Reason`.
        package let text: String
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    func note(_ step: SaveStep, of object: ObjectDefinition, depth: Int) {
        note(step.rawValue, of: object, depth: depth)
    }

    func note(_ text: String, of object: ObjectDefinition, depth: Int) {
        entries.append(Entry(depth: depth, object: object.name, text: text))
    }
}
