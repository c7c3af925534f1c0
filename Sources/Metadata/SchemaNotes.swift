private import Synchronization

/// Room beside a schema for what is made of it once, such as its compiled formulas.
package final class SchemaNotes: Sendable {
    private let notes = Mutex<[ObjectIdentifier: any Sendable]>([:])

    /// What was made of the schema, by its type; made when it is first asked for.
    ///
    /// What it keeps must not hold the schema itself: neither would ever go away.
    package func note<Note: Sendable>(_ type: Note.Type, _ make: () -> Note) -> Note {
        let key = ObjectIdentifier(type)
        if let known = notes.withLock({ $0[key] as? Note }) { return known }
        let made = make()
        return notes.withLock { notes in
            if let known = notes[key] as? Note { return known }
            notes[key] = made
            return made
        }
    }
}
