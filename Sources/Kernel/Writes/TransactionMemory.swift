/// What a transaction has read of the org's calendars and record types while it is open.
///
/// All writers of a transaction share it. The snapshot gets it once the transaction is on disk: one
/// that is undone may have seen what never came to be.
final class TransactionMemory: Sendable {
    private struct State {
        var calendars: BusinessCalendars?
        var recordTypes: RecordTypeRegister?
        var hasChanged = false
    }

    private let state = Locked(State())

    /// Whether the transaction itself has changed any of it: then nothing is remembered, since a part
    /// of the transaction may yet be undone.
    var hasChanged: Bool { state.withLock { $0.hasChanged } }

    var calendars: BusinessCalendars? { state.withLock { $0.calendars } }

    var recordTypes: RecordTypeRegister? { state.withLock { $0.recordTypes } }

    func keep(_ calendars: BusinessCalendars) { state.withLock { $0.calendars = calendars } }

    func keep(_ types: RecordTypeRegister) { state.withLock { $0.recordTypes = types } }

    func noteChange() { state.withLock { $0 = State(hasChanged: true) } }
}
