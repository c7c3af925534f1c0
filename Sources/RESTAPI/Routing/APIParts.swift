package import Accountability
package import Kernel
package import Metadata

/// What handlers call on beside the records.
package struct APIParts: Sendable {
    package let records: Records
    package let usage: any UsageCounter
    package let passwords: (any PasswordDesk)?
    package let bulk: BulkJobs
    /// `nil` where nobody answers for the deployment's use: in tests of other things.
    package let office: AccountabilityOffice?
    let programs = JSONRowPrograms()
    let schemaTimes = SchemaTimes()
    /// The pace of those who come without a login to say something.
    let intake = IntakePace()

    package init(
        records: Records,
        usage: any UsageCounter,
        passwords: (any PasswordDesk)?,
        bulk: BulkJobs,
        office: AccountabilityOffice? = nil
    ) {
        self.records = records
        self.usage = usage
        self.passwords = passwords
        self.bulk = bulk
        self.office = office
    }
}

/// Sets and checks users' passwords; identity provides it.
package protocol PasswordDesk: Sendable {
    /// Whether the user must choose a new password at the next login.
    func isPasswordExpired(of user: RecordID, as caller: Caller) async throws -> Bool

    /// - Throws: `RecordError` where the caller may not, or the password is too weak.
    func setPassword(_ password: String, of user: RecordID, as caller: Caller) async throws

    /// Gives the user a new password made up by the platform.
    ///
    /// - Returns: the password, which is told this once.
    func resetPassword(of user: RecordID, as caller: Caller) async throws -> String
}
