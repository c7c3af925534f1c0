package import Metadata

/// What an org's own records say about its users, read through the one door.
package struct RecordUserFacts: UserFacts {
    private let records: Records

    package init(_ records: Records) {
        self.records = records
    }

    package func profile(of user: RecordID, in org: OrgID) async throws -> UserProfile? {
        let caller = Caller.system(org, as: user, because: "who a session stands for")
        return try await records.read(as: caller, isBrief: true) { reader in
            guard let object = reader.schema.object("User"), user.prefix == object.keyPrefix,
                let record = try reader.tx.load(object, [user]).first
            else { return nil }
            return UserProfile(record, object)
        }
    }

    package func organization(_ org: OrgID) async throws -> OrganizationProfile? {
        let caller = Caller.system(org, as: org.record, because: "what an org is called")
        return try await records.read(as: caller, isBrief: true) { reader in
            let settings = reader.snapshot.organization
            var profile = OrganizationProfile(name: settings.name)
            profile.isSandbox = settings.isSandbox
            profile.defaultLocale = settings.locale
            return profile
        }
    }
}

extension UserProfile {
    fileprivate init(_ record: StoredRecord, _ object: ObjectDefinition) {
        func value(_ name: APIName) -> FieldValue { object.field(name).map { record[$0] } ?? .null }
        let modified: Instant =
            if case .dateTime(let moment) = value("LastModifiedDate") { moment } else {
                Instant(milliseconds: 0)
            }
        self.init(
            username: value("Username").text ?? "",
            name: value("Name").text ?? "",
            lastName: value("LastName").text ?? "",
            email: value("Email").text ?? "",
            modifiedAt: modified
        )
        isActive = value("IsActive").boolean ?? false
        firstName = value("FirstName").text
        nickname = value("CommunityNickname").text
        mobilePhone = value("MobilePhone").text
        street = value("Street").text
        city = value("City").text
        state = value("State").text
        postalCode = value("PostalCode").text
        country = value("Country").text
        profileID = value("ProfileId").id
        roleID = value("UserRoleId").id
        userType = value("UserType").text ?? "Standard"
        timeZone = value("TimeZoneSidKey").text ?? "UTC"
        locale = value("LocaleSidKey").text ?? "en_US"
        language = value("LanguageLocaleKey").text ?? "en_US"
    }
}
