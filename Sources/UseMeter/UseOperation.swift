/// What is done.
///
/// The raw values stand in stored totals and in public documents, and never change.
package enum UseOperation: String, Sendable, CaseIterable {
    case read, create, edit, delete, search
    /// Records are read on their way out in bulk.
    case export
    /// Records are counted or summed up, and none of them is shown.
    case report
    case flowRun
    /// A mail has gone out; its records are its recipients.
    case mail
    case webhook
    /// A prediction is made.
    case prediction
}

/// The way by which a use comes.
///
/// The raw values stand in stored totals and in public documents, and never change.
package enum UseSurface: String, Sendable, CaseIterable {
    case rest, bulk, soap
    /// A step of a flow, whoever has started the flow.
    case flow
    /// Work for later in a user's name.
    case job
    /// What goes out by mail.
    case mail
    /// A public site: a guest, who has not logged in.
    case site
    /// A subscription to events.
    case stream
    /// The export of an org as a whole.
    case export
}

extension UseOperation {
    /// A small number for hashing; the raw value would be hashed letter by letter.
    var code: UInt64 {
        switch self {
        case .read: 0
        case .create: 1
        case .edit: 2
        case .delete: 3
        case .search: 4
        case .export: 5
        case .report: 6
        case .flowRun: 7
        case .mail: 8
        case .webhook: 9
        case .prediction: 10
        }
    }
}

extension UseSurface {
    /// A small number for hashing; the raw value would be hashed letter by letter.
    var code: UInt64 {
        switch self {
        case .rest: 0
        case .bulk: 1
        case .soap: 2
        case .flow: 3
        case .job: 4
        case .mail: 5
        case .site: 6
        case .stream: 7
        case .export: 8
        }
    }
}
