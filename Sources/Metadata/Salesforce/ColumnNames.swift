/// The names that list views and related lists have for fields: `CASES.CASE_NUMBER`, `OWNER.ALIAS`.
struct ColumnNames {
    let world: ImportWorld

    /// A field as a column: its path in a query, and what is at its end.
    struct Column {
        let path: String
        let field: ImportWorld.Field
    }

    /// Names that stand for the same path on every object.
    private static let common: [String: String] = [
        "OBJECT_ID": "Id", "CREATED_DATE": "CreatedDate", "CREATEDBY_USER": "CreatedBy.Name",
        "CREATEDBY_USER.ALIAS": "CreatedBy.Name", "CREATEDBY_USER.NAME": "CreatedBy.Name",
        "CREATED": "CreatedDate", "UPDATEDBY_USER": "LastModifiedBy.Name",
        "UPDATEDBY_USER.ALIAS": "LastModifiedBy.Name", "LAST_UPDATE": "LastModifiedDate",
        "LASTMODIFIED_DATE": "LastModifiedDate", "LAST_MODIFIED_DATE": "LastModifiedDate",
        "OWNER": "Owner.Name", "OWNER.ALIAS": "Owner.Name", "OWNER.NAME": "Owner.Name",
        "OWNER_NAME": "Owner.Name", "CORE.USERS.ALIAS": "Owner.Name",
        "CORE.USERS.FULL_NAME": "Owner.Name", "USERS.ALIAS": "Owner.Name",
        "SALES.ACCOUNT.NAME": "Account.Name", "RECORDTYPE": "RecordType.Name",
        "LAST_ACTIVITY": "LastActivityDate",
    ]

    /// Names of one object's fields that are not the field's own name in capitals.
    private static let own: [String: [String: String]] = [
        "account": [
            "PHONE1": "Phone", "PHONE2": "Fax", "URL": "Website", "EMPLOYEES": "NumberOfEmployees",
            "SALES": "AnnualRevenue", "SOURCE": "AccountSource", "PARENT_NAME": "Parent.Name",
            "ADDRESS1_STREET": "BillingStreet", "ADDRESS1_CITY": "BillingCity",
            "ADDRESS1_STATE": "BillingState", "ADDRESS1_STATE_CODE": "BillingState",
            "ADDRESS1_ZIP": "BillingPostalCode", "ADDRESS1_COUNTRY": "BillingCountry",
            "ADDRESS2_STREET": "ShippingStreet", "ADDRESS2_CITY": "ShippingCity",
            "ADDRESS2_STATE": "ShippingState", "ADDRESS2_ZIP": "ShippingPostalCode",
            "ADDRESS2_COUNTRY": "ShippingCountry",
        ],
        "contact": [
            "FULL_NAME": "Name", "PHONE1": "Phone", "PHONE2": "Fax", "PHONE3": "MobilePhone",
            "PHONE4": "HomePhone", "PHONE5": "OtherPhone", "PHONE6": "AssistantPhone",
            "ADDRESS1_STREET": "OtherStreet", "ADDRESS1_CITY": "OtherCity",
            "ADDRESS1_STATE": "OtherState", "ADDRESS1_ZIP": "OtherPostalCode",
            "ADDRESS2_STREET": "MailingStreet", "ADDRESS2_CITY": "MailingCity",
            "ADDRESS2_STATE": "MailingState", "ADDRESS2_ZIP": "MailingPostalCode",
            "ADDRESS2_COUNTRY": "MailingCountry", "SOURCE": "LeadSource",
            "BIRTH_DATE": "Birthdate", "REPORTS_TO": "ReportsTo.Name",
            "ACCOUNT.NAME": "Account.Name",
        ],
        "case": [
            "CLOSED": "IsClosed", "ESCALATED": "IsEscalated", "ESCALATION_STATE": "IsEscalated",
            "CREATED_DATE_DATE_ONLY": "CreatedDate", "CLOSED_DATE_DATE_ONLY": "ClosedDate",
            "NAME": "Contact.Name", "CONTACT.NAME": "Contact.Name",
            "ACCOUNT.NAME": "Account.Name", "CASE_NUMBER": "CaseNumber",
        ],
        "task": [
            "WHO_NAME": "Who.Name", "WHAT_NAME": "What.Name", "DUE_DATE": "ActivityDate",
            "TASK.STATUS": "Status", "TASK.PRIORITY": "Priority",
        ],
        "event": [
            "WHO_NAME": "Who.Name", "WHAT_NAME": "What.Name", "START_DATETIME": "StartDateTime",
            "DUE_DATE": "ActivityDate",
        ],
    ]

    func column(_ name: String, of object: String) -> Column? {
        for path in candidates(name, object) {
            guard let field = world.field(atPath: path, of: object) else { continue }
            if field.kind == .reference, field.name.lowercased() != "id",
                let named = named(field, path), let end = world.field(atPath: named, of: object)
            {
                return Column(path: named, field: end)
            }
            return Column(path: spelled(path, field), field: field)
        }
        return nil
    }

    /// What a name can mean, the likeliest first.
    private func candidates(_ name: String, _ object: String) -> [String] {
        let upper = name.uppercased()
        let last = upper.split(separator: ".").last.map(String.init) ?? upper
        let own = Self.own[object.lowercased()] ?? [:]
        var paths = [own[upper], Self.common[upper]].compactMap(\.self)
        if upper == "NAME" || upper.hasSuffix(".NAME") && !name.contains("__") {
            let prefix = upper.split(separator: ".").first.map(String.init) ?? ""
            if upper == "NAME" || prefix == object.uppercased() {
                paths.append(world.object(object)?.nameField ?? "Name")
            }
        }
        paths.append(name)
        paths += [own[last], Self.common[last]].compactMap(\.self)
        // `CASES.CASE_NUMBER` is CaseNumber.
        let wanted = last.replacing("_", with: "").lowercased()
        let found = world.object(object)?.fields.values
            .filter { $0.name.lowercased().replacing("_", with: "") == wanted }
            .map(\.name).sorted()
        return paths + (found ?? [])
    }

    /// The path that ends in the name of what a lookup points to.
    private func named(_ field: ImportWorld.Field, _ path: String) -> String? {
        guard let named = world.namePath(of: field) else { return nil }
        let parents = path.split(separator: ".").dropLast()
        return (parents.map(String.init) + [named]).joined(separator: ".")
    }

    /// A path with its last name as it was declared.
    private func spelled(_ path: String, _ field: ImportWorld.Field) -> String {
        let parents = path.split(separator: ".").dropLast().map(String.init)
        return parents.isEmpty ? field.name : path
    }
}
