/// How many orgs, as it is published: a number of tens, or nothing.
///
/// Counts are rounded down to tens, so that two reports, or two cells of one, never differ by a
/// number under ten. One org that comes or goes moves a published number once and not to and fro:
/// it rises at the next ten and falls half a ten below. What is under ten is not published,
/// whatever it was before.
package enum PublicCount {
    /// The least number of orgs of which anything is told.
    package static let orgsMin = 10

    /// - Parameters:
    ///   - count: how many orgs.
    ///   - previous: the published number of the report before, `nil` where it was not published.
    ///   - isFirst: there was no report before.
    package static func published(_ count: Int, after previous: Int?, isFirst: Bool) -> Int? {
        guard count >= orgsMin else { return nil }
        let down = count / orgsMin * orgsMin
        guard let previous else {
            // What was hidden appears only when it is clearly no longer small.
            return isFirst || count >= orgsMin + orgsMin / 2 ? down : nil
        }
        if count >= previous + orgsMin || count < previous - orgsMin / 2 { return down }
        return previous
    }
}
