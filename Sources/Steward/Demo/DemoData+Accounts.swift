import Kernel
import Metadata

// The organizations behind the people.
extension DemoData {
    /// All of them were known before the first case.
    func accountCreated(_ index: Int) -> Int64 {
        let span = 500 * DemoCalendar.day
        return calendar.start - 30 * DemoCalendar.day - span
            + span * Int64(index) / Int64(max(1, accountCount))
    }

    func accounts(_ positions: Range<Int>, _ ids: DemoIDs) -> [RecordDraft] {
        positions.map { account($0, ids) }
    }

    private func account(_ index: Int, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.account, index)
        let kind = org.accountKinds[accountKind(at: index)]
        let place = place(in: neighborhood(ofAccount: index), &random)
        let area = org.neighborhoods[neighborhood(ofAccount: index)]
        var fields = DemoFields(capacity: 18)
        fields.set("Name", accountName(index, kind, place, &random))
        fields.set("Type", kind.type)
        fields.set("Industry", kind.industry)
        fields.set("Ownership", kind.ownership)
        fields.set("Phone", DemoData.phone(&random))
        fields.set("BillingStreet", "\(place.number) \(place.street)")
        fields.set("BillingCity", org.city)
        fields.set("BillingPostalCode", area.postalCode)
        if random.chance(30) {
            fields.set("ShippingStreet", "\(1 + random.below(200)) \(place.corner)")
            fields.set("ShippingCity", org.city)
            fields.set("ShippingPostalCode", area.postalCode)
        }
        if random.chance(60) { fields.set("Website", "https://\(accountDomain(index))") }
        fields.set("NumberOfEmployees", digits: kind.employees.map { Int64(random.within($0)) })
        if random.chance(70) {
            fields.set(
                "AnnualRevenue",
                digits: kind.revenue.map { Int64(random.within($0)) * 1_000 }
            )
        }
        fields.set("AccountSource", ["Web", "Phone Inquiry", "Other"][random.below(3)])
        if random.chance(80) {
            fields.set("Account_Reference__c", "\(org.referencePrefix)-ORG-\(10_000 + index)")
        }
        fields.set("OwnerId", ids.users.id(at: owner(ofAccount: index)))
        fields.stamp(created: accountCreated(index), by: ids.administrator)
        return fields.draft(of: "Account")
    }

    func neighborhood(ofAccount index: Int) -> Int {
        index % max(1, org.neighborhoods.count)
    }

    /// Where mail to the people of an account goes.
    func accountDomain(_ index: Int) -> String { "account\(100 + index).example" }

    /// Accounts are shared out among those who look after teams, or everyone where nobody does.
    func owner(ofAccount index: Int) -> Int? {
        let known = supervisors.compactMap { $0 }
        let owners = known.isEmpty ? Array(org.users.indices) : known
        return owners.isEmpty ? nil : owners[index % owners.count]
    }

    private func accountName(
        _ index: Int,
        _ kind: DemoAccountKind,
        _ place: DemoPlace,
        _ random: inout SeededRandom
    ) -> String {
        // Names are dealt out in turn, so that as many as possible differ.
        let words = org.phrases.words
        let round = index / max(1, org.neighborhoods.count)
        let pattern = kind.names[(round + index) % max(1, kind.names.count)]
        let word = words[(index * 7 + round) % max(1, words.count)]
        let trade = kind.trades.isEmpty ? "" : kind.trades[index % kind.trades.count]
        let name =
            pattern
            .replacing("{area}", with: place.area)
            .replacing("{street}", with: place.street)
            .replacing("{word}", with: word)
            .replacing("{trade}", with: trade)
        return DemoText.capitalized(name)
    }
}
