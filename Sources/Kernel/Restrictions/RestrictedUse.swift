package import Metadata

/// A use that may be withheld, at the moment at which it is about to happen.
package enum RestrictedUse: Hashable, Sendable {
    case records(UseRestriction.Operation, APIName)
    /// A field is written, filtered, sorted or grouped by.
    case field(object: APIName, field: APIName)
    case flow(APIName)
    /// Something goes out.
    case channel(UseRestriction.Channel, Sending)
    /// A session of a connected client does anything.
    case client(String)
    /// Somebody who has not signed in does anything.
    case guest
    /// An app that the org does not have is installed.
    case newApp
    /// The org's definitions change.
    case metadata

    /// What made something go out; nothing where a person sends it.
    package struct Sending: Hashable, Sendable {
        package var flow: APIName?
        package var template: APIName?

        package init(flow: APIName? = nil, template: APIName? = nil) {
            self.flow = flow
            self.template = template
        }
    }
}

/// For what declared use something is done, as far as that can be known: by a flow with rights of its
/// own, else by the client whose session it is.
struct UseDoer: Hashable, Sendable {
    var flow: APIName?
    var client: String?
}
