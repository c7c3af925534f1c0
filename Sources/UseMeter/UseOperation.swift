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
