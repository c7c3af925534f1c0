/// What is used: an object, a flow or a webhook by its name, and the product that it belongs to.
///
/// Made once for each definition; a use then costs no look at its letters.
package final class UseSubject: Sendable {
    /// The name of the package that declared it.
    package let product: String
    package let name: String
    fileprivate let code: UInt64

    package init(product: String, name: String) {
        self.product = product
        self.name = name
        // FNV-1a, 64 bits; a byte that stands in no name keeps the two apart.
        var code: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in product.utf8 { code = (code ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        code = (code ^ 0xff) &* 0x0000_0100_0000_01b3
        for byte in name.utf8 { code = (code ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        self.code = code
    }

    /// What stands for all that a table has no room for.
    package static let other = UseSubject(product: "other", name: "other")
}

extension UseSubject: Hashable {
    package static func == (one: UseSubject, other: UseSubject) -> Bool {
        one === other
            || one.code == other.code && one.name == other.name && one.product == other.product
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// Whose use of what, on which day, and by which way.
///
/// Names and numbers only: there is no room in it for anything that a record says.
package struct UseKey: Sendable, Hashable {
    /// The number of the org's id.
    package let org: Int64
    /// Days since 1970-01-01, in UTC.
    package let day: Int32
    package let subject: UseSubject
    package let operation: UseOperation
    package let surface: UseSurface
    /// The connected client, by its consumer key; `nil` for sessions of none.
    package let client: String?

    package init(
        org: Int64,
        day: Int32,
        subject: UseSubject,
        operation: UseOperation,
        surface: UseSurface,
        client: String? = nil
    ) {
        self.org = org
        self.day = day
        self.subject = subject
        self.operation = operation
        self.surface = surface
        self.client = client
    }

    /// By numbers: what is spelt is hashed once for a subject, and only for clients here.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(subject.code ^ UInt64(bitPattern: org) &* 0x9e37_79b9_7f4a_7c15)
        hasher.combine(
            UInt64(UInt32(bitPattern: day)) << 16 | operation.code << 8 | surface.code
        )
        if let client { hasher.combine(client) }
    }

    /// What the use counts under where there is no room for more keys.
    var amongOthers: UseKey {
        UseKey(org: org, day: day, subject: .other, operation: operation, surface: surface)
    }
}

/// How often, and how many records that were.
package struct UseCount: Sendable, Hashable {
    /// How often it was done: a query, a batch of one object, a run of a flow.
    package private(set) var uses: Int
    /// How many records, interviews or recipients that were.
    package private(set) var records: Int

    package init(uses: Int = 0, records: Int = 0) {
        self.uses = uses
        self.records = records
    }

    /// Adds; a number that is full stays full.
    package mutating func add(uses: Int, records: Int) {
        self.uses = UseCount.sum(self.uses, uses)
        self.records = UseCount.sum(self.records, records)
    }

    package mutating func add(_ other: UseCount) {
        add(uses: other.uses, records: other.records)
    }

    static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, isFull) = one.addingReportingOverflow(other)
        return isFull ? Int.max : sum
    }
}
