/// What kind of system an org's data goes to, by the name of its host.
///
/// A short public table of host names, and no judgement: what it does not know is `unclassified`.
/// An org can dispute the class of a host, and the table is changed for all.
package enum HostClass: String, Sendable, CaseIterable {
    case payment
    case identity
    case messaging
    case documents
    case publicAdministration = "public-administration"
    /// Police, border guards and custody.
    case lawEnforcement = "law-enforcement"
    case military
    case unclassified

    /// Endings of host names, whole labels each; where several fit, the longest counts.
    private static let endings: [(ending: String, class: HostClass)] = [
        ("adyen.com", .payment), ("mollie.com", .payment), ("paypal.com", .payment),
        ("squareup.com", .payment), ("stripe.com", .payment),
        ("auth0.com", .identity), ("login.microsoftonline.com", .identity),
        ("okta.com", .identity), ("onelogin.com", .identity),
        ("mailgun.net", .messaging), ("sendgrid.com", .messaging), ("slack.com", .messaging),
        ("twilio.com", .messaging), ("telegram.org", .messaging),
        ("box.com", .documents), ("dropbox.com", .documents), ("sharepoint.com", .documents),
        ("europa.eu", .publicAdministration), ("gov", .publicAdministration),
        ("gov.au", .publicAdministration), ("gov.br", .publicAdministration),
        ("gov.in", .publicAdministration), ("gov.uk", .publicAdministration),
        ("gouv.fr", .publicAdministration), ("bund.de", .publicAdministration),
        ("europol.europa.eu", .lawEnforcement), ("frontex.europa.eu", .lawEnforcement),
        ("interpol.int", .lawEnforcement), ("police.uk", .lawEnforcement),
        ("police.gov.au", .lawEnforcement), ("polizei.de", .lawEnforcement),
        ("politie.nl", .lawEnforcement), ("cbp.gov", .lawEnforcement),
        ("dhs.gov", .lawEnforcement), ("fbi.gov", .lawEnforcement), ("ice.gov", .lawEnforcement),
        ("mil", .military), ("mod.uk", .military),
    ]

    /// - Parameter url: `https://hooks.slack.com/services/…`.
    package init(ofURL url: String) {
        let behind = url.split(separator: "/", omittingEmptySubsequences: true)
        let authority = behind.first { !$0.hasSuffix(":") } ?? ""
        let withoutUser = authority.split(separator: "@").last ?? ""
        self.init(ofHost: String(withoutUser.split(separator: ":").first ?? ""))
    }

    package init(ofHost host: String) {
        var host = host.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        let fitting = HostClass.endings.filter { ending, _ in
            host == ending || host.hasSuffix(".\(ending)")
        }
        self = fitting.max { $0.ending.utf8.count < $1.ending.utf8.count }?.class ?? .unclassified
    }
}
