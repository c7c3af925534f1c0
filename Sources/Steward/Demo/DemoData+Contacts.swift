import Kernel
import Metadata

/// What other records need to know of a contact.
struct DemoContact {
    let firstName: String
    let lastName: String
    let email: String
    let phone: String
    let account: Int
    let created: Int64
}

// The people who ask.
extension DemoData {
    /// Somewhat more than half of the people were known before the first case.
    private var contactsKnownBefore: Int { contactCount * 55 / 100 }

    /// A later contact is never known before an earlier one.
    private func contactKnown(_ index: Int) -> Int64 {
        let known = contactsKnownBefore
        if index < known {
            let span = 520 * DemoCalendar.day
            return calendar.start - span + span * Int64(index) / Int64(max(1, known))
        }
        let span = now - calendar.start
        return calendar.start + span * Int64(index - known) / Int64(max(1, contactCount - known))
    }

    /// How many people were known at a moment within the calendar.
    private func contactsKnown(at moment: Int64) -> Int {
        let known = contactsKnownBefore
        let span = max(1, now - calendar.start)
        let later = Int64(contactCount - known) * (moment - calendar.start) / span
        return min(contactCount, max(1, known + Int(later)))
    }

    /// Someone who was known at the moment; some people write more often than others.
    func contactAsking(at moment: Int64, _ random: inout SeededRandom) -> Int {
        let count = contactsKnown(at: moment)
        return count - 1 - random.skewed(below: count)
    }

    func contact(_ index: Int) -> DemoContact {
        var random = random(.contact, index)
        return contact(index, &random)
    }

    private func contact(_ index: Int, _ random: inout SeededRandom) -> DemoContact {
        let first = random.pick(DemoNames.first)
        let last = random.pick(DemoNames.last)
        // Every account has someone first; then the larger ones gather the rest.
        let account = index < accountCount ? index : random.skewed(below: accountCount)
        let isResident = org.accountKinds[accountKind(at: account)].titles.isEmpty
        let domain = isResident ? org.mailDomain : accountDomain(account)
        let earliest = accountCreated(account) + DemoCalendar.hour
        return DemoContact(
            firstName: first,
            lastName: last,
            email: "\(first).\(last)\(index)@\(domain)".lowercased(),
            phone: DemoData.phone(&random),
            account: account,
            created: calendar.workingTime(from: max(earliest, contactKnown(index)))
        )
    }

    func contacts(_ positions: Range<Int>, _ ids: DemoIDs) -> [RecordDraft] {
        positions.map { draft(ofContact: $0, ids) }
    }

    private func draft(ofContact index: Int, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.contact, index)
        let contact = contact(index, &random)
        let home =
            index % 4 == 0
            ? random.below(org.neighborhoods.count) : neighborhood(ofAccount: contact.account)
        let place = place(in: home, &random)
        let titles = org.accountKinds[accountKind(at: contact.account)].titles
        var fields = DemoFields(capacity: 22)
        if random.chance(70) {
            fields.set(
                "Salutation",
                ["Mr.", "Ms.", "Ms.", "Mr.", "Mrs.", "Dr.", "Mx."][random.below(7)]
            )
        }
        fields.set("FirstName", contact.firstName)
        fields.set("LastName", contact.lastName)
        fields.set("AccountId", ids.accounts.id(at: contact.account))
        fields.set("Title", random.pick(titles))
        if random.chance(85) { fields.set("Email", contact.email) }
        fields.set(titles.isEmpty ? "HomePhone" : "Phone", contact.phone)
        if random.chance(55) { fields.set("MobilePhone", DemoData.phone(&random)) }
        if random.chance(80) {
            fields.set("MailingStreet", "\(place.number) \(place.street)")
            fields.set("MailingCity", org.city)
            fields.set("MailingPostalCode", org.neighborhoods[home].postalCode)
        }
        if random.chance(12) {
            let age = 19 + random.below(65)
            let day = calendar.localDay(now) - age * 365 - random.below(365)
            fields.set("Birthdate", DemoCalendar.text(ofDay: day))
        }
        fields.set("DoNotCall", random.chance(6))
        fields.set("HasOptedOutOfEmail", random.chance(9))
        fields.set("LeadSource", ["Web", "Phone Inquiry", "Other"][random.below(3)])
        if random.chance(60) {
            fields.set("Contact_Reference__c", "\(org.referencePrefix)-RES-\(100_000 + index)")
        }
        fields.set("OwnerId", ids.users.id(at: owner(ofAccount: contact.account)))
        fields.stamp(created: min(contact.created, now), by: ids.administrator)
        return fields.draft(of: "Contact")
    }
}
